"""What the API takes of transfer orders."""

from inventory_site.core.reading import Moment, StrictSerializer, many, words
from orders.api.documents import bin_code, code, none_or_more, quantity, reference, sku
from orders.services.transferring import MOST_REFERENCE


class WantedLineBody(StrictSerializer):
    sku = sku()
    quantity = quantity()


class TransferOrderBody(StrictSerializer):
    reference = reference(MOST_REFERENCE)
    source = code()  # type: ignore[assignment]
    destination = code()
    lines = many(WantedLineBody)
    expected_at = Moment(required=False, allow_null=True, default=None)
    notes = words(500)


class DispatchLineBody(WantedLineBody):
    from_bin = bin_code("The bin; without one the engine chooses.")


class DispatchBody(StrictSerializer):
    lines = many(DispatchLineBody, required=False, help_text="Without lines: all asked for.")
    expected_at = Moment(required=False, allow_null=True, default=None)


class CarriedLineBody(StrictSerializer):
    """What arrived and what was lost on the road; at least one unit of either."""

    sku = sku()
    quantity = none_or_more("All that arrived, damaged units too.")
    bin = bin_code("The bin; without one the item's primary bin, else RECEIVING.")
    damaged = none_or_more("Of those; they go to quarantine.")
    lost = none_or_more("Will not come.")


class TransferReceiptBody(StrictSerializer):
    lines = many(CarriedLineBody, required=False, help_text="Without lines: all on the road.")
