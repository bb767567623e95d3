"""What the API takes of purchase orders."""

from typing import Any

from rest_framework import serializers

from inventory_site.core.reading import Flag, Moment, StrictSerializer, Text, many, words
from orders.api.documents import bin_code, code, none_or_more, quantity, reference, sku
from orders.services.drafting import MOST_REFERENCE


class Amount(serializers.DecimalField):
    """A decimal number as text; a number of JSON, which many read as a binary fraction, is none."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class PurchaseLineBody(StrictSerializer):
    sku = sku()
    quantity = quantity()
    unit_cost = Amount(
        max_digits=12,
        decimal_places=4,
        min_value=0,
        required=False,
        allow_null=True,
        default=None,
        coerce_to_string=True,
        help_text="As text; without one: the product's own.",
    )


class PurchaseOrderBody(StrictSerializer):
    reference = reference(MOST_REFERENCE)
    supplier = Text(max_length=40)
    warehouse = code()
    lines = many(PurchaseLineBody)
    expected_at = Moment(required=False, allow_null=True, default=None)
    notes = words(500)


class PurchaseLinesBody(StrictSerializer):
    lines = many(PurchaseLineBody)


class SuggestionsBody(StrictSerializer):
    warehouse = code(
        required=False, allow_null=True, default=None, help_text="Only for this warehouse."
    )


class SendBody(StrictSerializer):
    expected_at = Moment(
        required=False,
        allow_null=True,
        default=None,
        help_text="Without one: the draft's, else after the longest lead time.",
    )


class ArrivedLineBody(StrictSerializer):
    sku = sku()
    quantity = quantity(help_text="All that came, damaged units too.")
    bin = bin_code("The bin; without one the item's primary bin, else RECEIVING.")
    damaged = none_or_more("Of those; they go to quarantine.")


class PurchaseReceiptBody(StrictSerializer):
    lines = many(ArrivedLineBody, required=False, help_text="Without lines: all that is left.")
    accept_over = Flag(
        default=True, help_text="Book more than was ordered, and notice it; false: refuse it."
    )
