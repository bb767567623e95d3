"""What the API takes, as serializers: they validate, and they are the contract in OpenAPI."""

from typing import Any

from rest_framework import serializers

from inventory_site.core.reading import (
    Code,
    Flag,
    Moment,
    StrictSerializer,
    Text,
    WholeNumber,
    each_by_itself,
    many,
)
from warehouse.lines import MAX_QUANTITY, MAX_REFERENCE, Disposition
from warehouse.services.movements import MAX_REASON
from warehouse.services.requested import MAX_EXPIRY
from warehouse.services.sourcing import STRATEGIES

MOST_ORDERS = 100


def sku() -> Text:
    return Text(max_length=64, help_text="Compared trimmed and in upper case.")


def quantity(**options: Any) -> WholeNumber:
    return WholeNumber(**({"min_value": 1, "max_value": MAX_QUANTITY} | options))


def code(**options: Any) -> Code:
    return Code(max_length=20, **options)


def bin_code(words: str = "The bin; without one the engine chooses.") -> Text:
    return Text(max_length=20, required=False, allow_null=True, default=None, help_text=words)


def notes() -> Text:
    words = "What a person should know; stands with each movement."
    return Text(max_length=2000, required=False, allow_blank=True, default="", help_text=words)


def reference() -> Text:
    return Text(max_length=MAX_REFERENCE, help_text="Your own name of this: an order, a delivery.")


class ReserveLineBody(StrictSerializer):
    sku = sku()
    quantity = quantity()


class ReservationBody(StrictSerializer):
    reference = reference()
    lines = many(ReserveLineBody)
    warehouse = code(
        required=False, allow_null=True, default=None, help_text="Only from this warehouse."
    )
    strategy = serializers.ChoiceField(choices=list(STRATEGIES), default="most_available")
    expires_in = WholeNumber(
        min_value=1,
        max_value=MAX_EXPIRY,
        required=False,
        allow_null=True,
        default=None,
        help_text="Seconds until the stock is given back by itself; null: never.",
    )
    allow_partial = Flag(
        default=False, help_text="Reserve what there is, and name the rest in `short`."
    )
    backorder = Flag(
        default=False,
        help_text="Promise also what is not there yet; it is filled as stock arrives, oldest first.",
    )


class ReservationBatchBody(StrictSerializer):
    reservations = each_by_itself(ReservationBody, MOST_ORDERS)


class ExtendBody(StrictSerializer):
    expires_in = WholeNumber(min_value=1, max_value=MAX_EXPIRY, help_text="Seconds from now.")


class ReleaseLineBody(StrictSerializer):
    sku = sku()
    quantity = quantity()
    warehouse = code(required=False, allow_null=True, default=None)


class ReleaseBody(StrictSerializer):
    lines = many(
        ReleaseLineBody,
        required=False,
        help_text="Without lines: everything.",
    )


class ShipLineBody(ReleaseLineBody):
    bin = bin_code()


class ShipBody(StrictSerializer):
    lines = many(
        ShipLineBody,
        required=False,
        help_text="Without lines: everything that is there.",
    )


class PlacedLineBody(StrictSerializer):
    sku = sku()
    warehouse = code()
    bin = bin_code("The bin; without one the item's primary bin, else RECEIVING.")
    quantity = quantity()


class ReceiptBody(StrictSerializer):
    reference = reference()
    notes = notes()
    lines = many(PlacedLineBody)


class ReturnLineBody(PlacedLineBody):
    disposition = serializers.ChoiceField(choices=[str(choice) for choice in Disposition])


class ReturnBody(StrictSerializer):
    reference = reference()
    notes = notes()
    lines = many(ReturnLineBody)


class TransferLineBody(StrictSerializer):
    sku = sku()
    quantity = quantity()
    from_bin = bin_code()
    to_bin = bin_code()


class TransferCancelBody(StrictSerializer):
    outcome = serializers.ChoiceField(
        choices=["returned", "lost"],
        help_text="`returned`: back in stock where it was sent from; `lost`: written off there.",
    )
    reason = Text(max_length=200)


class TransferBody(StrictSerializer):
    reference = reference()
    notes = notes()
    from_warehouse = code()
    to_warehouse = code()
    lines = many(TransferLineBody)
    mode = serializers.ChoiceField(choices=["immediate", "dispatch"], default="immediate")
    expected_at = Moment(required=False, allow_null=True, default=None)


class AdjustLineBody(StrictSerializer):
    """Either `delta`, or `set_to` with `expected_on_hand`; `delta` may have it too."""

    sku = sku()
    warehouse = code()
    bin = bin_code()
    delta = WholeNumber(
        required=False,
        allow_null=True,
        default=None,
        min_value=-MAX_QUANTITY,
        max_value=MAX_QUANTITY,
        help_text="Units more (or, negative, fewer). Not 0.",
    )
    set_to = quantity(min_value=0, required=False, allow_null=True, default=None)
    expected_on_hand = quantity(
        min_value=0,
        required=False,
        allow_null=True,
        default=None,
        help_text="The quantity that you saw: another one is refused. `set_to` needs it.",
    )


class AdjustmentBody(StrictSerializer):
    reference = reference()
    reason = Text(max_length=MAX_REASON)
    notes = notes()
    lines = many(AdjustLineBody)


class DamageBody(StrictSerializer):
    reference = reference()
    notes = notes()
    reason = Text(max_length=MAX_REASON)
    lines = many(PlacedLineBody)


class CountLineBody(StrictSerializer):
    sku = sku()
    warehouse = code()
    bin = bin_code("The bin counted; without one the item in the whole warehouse.")
    counted = quantity(min_value=0)


class CountBody(StrictSerializer):
    reference = reference()
    notes = notes()
    lines = many(CountLineBody)
