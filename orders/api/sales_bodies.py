"""What the API takes of sales orders, as serializers: they validate, and they are the contract."""

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
    words,
)
from orders.services.ordering import MOST
from orders.services.parcels import MOST_CARRIER, MOST_TRACKING
from warehouse.lines import MAX_QUANTITY, MAX_REFERENCE
from warehouse.services.sourcing import STRATEGIES

MOST_ORDERS = 100


def code(words: str) -> Code:
    return Code(max_length=20, required=False, allow_null=True, default=None, help_text=words)


class OrderLineBody(StrictSerializer):
    sku = Text(max_length=64, help_text="Compared trimmed and in upper case.")
    quantity = WholeNumber(min_value=1, max_value=MAX_QUANTITY)


class OrderBody(StrictSerializer):
    reference = Text(max_length=MAX_REFERENCE, help_text="Your own name of the order.")
    lines = many(OrderLineBody)
    reservation = Text(
        max_length=MAX_REFERENCE,
        required=False,
        allow_null=True,
        default=None,
        help_text="One made at checkout that holds exactly these lines; null: reserve now.",
    )
    warehouse = code("Only from this warehouse.")
    strategy = serializers.ChoiceField(choices=list(STRATEGIES), default="most_available")
    priority = WholeNumber(min_value=1, max_value=9, default=5, help_text="1 is picked first.")
    ship_by = Moment(required=False, allow_null=True, default=None)
    carrier = words(MOST["carrier"])
    ship_to_name = words(MOST["ship_to_name"])
    ship_to_address = words(MOST["ship_to_address"], help_text="As the packing slip shows it.")
    notes = words(MOST["notes"], help_text="Printed on the packing slip.")
    draft = Flag(default=False, help_text="Promise nothing until the order is confirmed.")


class OrderBatchBody(StrictSerializer):
    orders = each_by_itself(OrderBody, MOST_ORDERS)


class OrderCancelBody(StrictSerializer):
    lines = many(OrderLineBody, required=False, help_text="Without lines: all that is left.")


class OrderShipBody(StrictSerializer):
    warehouse = code("Only from this warehouse.")
    lines = many(OrderLineBody, required=False, help_text="Without lines: all that is there.")
    carrier = words(MOST_CARRIER, help_text="Without one: the order's.")
    tracking_number = words(MOST_TRACKING)


class OrderStepBody(StrictSerializer):
    """Nothing but the step itself."""
