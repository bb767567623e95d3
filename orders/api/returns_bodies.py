"""What the API takes of returns."""

from rest_framework import serializers

from inventory_site.core.reading import StrictSerializer, Text, many, words
from orders.api.documents import bin_code, code, quantity, reference, sku
from orders.services.return_lines import MOST_REASON
from warehouse.lines import MAX_REFERENCE, Disposition


class ReturnedLineBody(StrictSerializer):
    sku = sku()
    quantity = quantity()


class ReturnOrderBody(StrictSerializer):
    reference = reference(MAX_REFERENCE)
    warehouse = code()
    order = Text(
        max_length=MAX_REFERENCE,
        required=False,
        allow_null=True,
        default=None,
        help_text="The sales order that it is of; null: unknown origin.",
    )
    reason = words(MOST_REASON)
    lines = many(ReturnedLineBody)


class ReturnReceiptBody(StrictSerializer):
    lines = many(ReturnedLineBody, required=False, help_text="Without lines: all announced.")


class GradedLineBody(StrictSerializer):
    sku = sku()
    quantity = quantity()
    disposition = serializers.ChoiceField(choices=[str(choice) for choice in Disposition])
    bin = bin_code("The bin; without one the item's primary bin, else RETURNS; or QUARANTINE.")


class GradeBody(StrictSerializer):
    lines = many(GradedLineBody)
