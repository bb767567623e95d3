"""What the API takes of counts."""

from inventory_site.core.reading import Moment, StrictSerializer, Text, many
from orders.services.counting import MOST_PLACES


class CountPlaceBody(StrictSerializer):
    """A bin, a SKU, or both."""

    warehouse = Text(max_length=20)
    bin = Text(max_length=20, required=False, allow_null=True, default=None)
    sku = Text(
        max_length=64,
        required=False,
        allow_null=True,
        default=None,
        help_text="Without a bin: in every bin that holds it.",
    )


class CountTasksBody(StrictSerializer):
    places = many(CountPlaceBody, MOST_PLACES)
    due_at = Moment(
        required=False,
        allow_null=True,
        default=None,
        help_text="From when on it is shown on the floor; without it at once.",
    )
