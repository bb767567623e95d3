"""What the API takes of counts."""

from inventory_site.core.reading import Moment, StrictSerializer, Text, many
from orders.api.documents import bin_code, code
from orders.services.counting import MOST_PLACES


class CountPlaceBody(StrictSerializer):
    """A bin, a SKU, or both."""

    warehouse = code()
    bin = bin_code("The bin; without one every bin that holds the product.")
    sku = Text(
        max_length=64,
        required=False,
        allow_null=True,
        default=None,
        help_text="Without it: all that is in the bin.",
    )


class CountTasksBody(StrictSerializer):
    places = many(CountPlaceBody, MOST_PLACES)
    due_at = Moment(
        required=False,
        allow_null=True,
        default=None,
        help_text="From when on it is shown on the floor; without it at once.",
    )
