"""What the API answers: plain dictionaries, and the serializers that describe them in OpenAPI.

Answers are built by hand, since that is several times faster; a test holds them against the schema.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from rest_framework import serializers

from inventory_site.core.documenting import Problem
from warehouse.lines import Affected, Held, Level, Moved, StockLevel
from warehouse.queries import moment

Placed = TypeVar("Placed", Level, Affected)


def reservation(held: Held) -> dict[str, Any]:
    """With what was asked for and refused when it was reserved (`allow_partial`)."""
    return {**reservation_state(held), "short": [asdict(line) for line in held.short]}


def reservation_state(held: Held) -> dict[str, Any]:
    """As a step of it leaves it. What was short at the beginning is not read again for that, and not told."""
    return {
        "reference": held.reference,
        "status": held.status,
        "expires_at": None if held.expires_at is None else moment(held.expires_at),
        "lines": [
            {
                "sku": line.sku,
                "warehouse": line.warehouse,
                "quantity": line.quantity,
                "shipped": line.shipped,
                "released": line.released,
                "backordered": line.backordered,
            }
            for line in held.lines
        ],
    }


COUNTERS = ("on_hand", "reserved", "unsellable", "available", "to_sell", "inbound", "safety_stock")


def level(one: Level) -> dict[str, Any]:
    """One item as part of its product."""
    return {
        "warehouse": one.warehouse,
        "on_hand": one.on_hand,
        "reserved": one.reserved,
        "unsellable": one.unsellable,
        "available": one.available,
        "to_sell": one.to_sell,
        "inbound": one.inbound,
        "safety_stock": one.safety_stock,
        "bin": one.bin,
    }


def stock(one: StockLevel) -> dict[str, Any]:
    items = [level(item) for item in one.warehouses]
    totals = {counter: sum(item[counter] for item in items) for counter in COUNTERS}
    return {"sku": one.sku, "name": one.name, "active": one.active, **totals, "warehouses": items}


def moved(change: Moved, *, within: Collection[str] | None) -> dict[str, Any]:
    """What a movement left behind, as far as the caller may see it: settling goes beyond its warehouses."""
    return {
        "reference": change.reference,
        "levels": [{"sku": one.sku, **level(one)} for one in _seen(change.levels, within)],
        "affected": [asdict(order) for order in _seen(change.affected, within)],
        "filled": [asdict(order) for order in _seen(change.filled, within)],
    }


def _seen(told: Sequence[Placed], within: Collection[str] | None) -> list[Placed]:
    return [one for one in told if within is None or one.warehouse in within]


# --- The same for OpenAPI ----------------------------------------------------------------------------


class ReservationLineShape(serializers.Serializer[Any]):
    sku = serializers.CharField()
    warehouse = serializers.CharField()
    quantity = serializers.IntegerField()
    shipped = serializers.IntegerField()
    released = serializers.IntegerField()
    backordered = serializers.IntegerField(help_text="Promised, but waiting for stock.")


class ShortShape(serializers.Serializer[Any]):
    sku = serializers.CharField()
    requested = serializers.IntegerField()
    available = serializers.IntegerField()


class ReservationStateShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=["active", "fulfilled", "released", "expired"])
    expires_at = serializers.DateTimeField(allow_null=True)
    lines = ReservationLineShape(many=True)


class ReservationShape(ReservationStateShape):
    short = ShortShape(many=True)


class BatchResultShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    status = serializers.IntegerField(help_text="201, 200 for a repeated one, or the problem's.")
    reservation = ReservationShape(required=False)
    problem = Problem(required=False)


class BatchShape(serializers.Serializer[Any]):
    results = BatchResultShape(many=True)


class CountersShape(serializers.Serializer[Any]):
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    unsellable = serializers.IntegerField(help_text="On hand, but in quarantine.")
    available = serializers.IntegerField(help_text="on_hand - unsellable - reserved")
    to_sell = serializers.IntegerField(help_text="available - safety_stock")
    inbound = serializers.IntegerField(help_text="Ordered or in transit.")
    safety_stock = serializers.IntegerField()


class LevelShape(CountersShape):
    warehouse = serializers.CharField()
    bin = serializers.CharField(allow_null=True, help_text="The primary pick bin.")


class StockShape(CountersShape):
    sku = serializers.CharField()
    name = serializers.CharField()
    active = serializers.BooleanField(
        help_text="Whether it is sold; if not, it cannot be reserved."
    )
    warehouses = LevelShape(many=True)


class StockPageShape(serializers.Serializer[Any]):
    stock = StockShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page.")


class MovedLevelShape(LevelShape):
    sku = serializers.CharField()


class AffectedShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    sku = serializers.CharField()
    warehouse = serializers.CharField()
    resourced = serializers.IntegerField(help_text="Units now promised from elsewhere.")
    backordered = serializers.IntegerField(help_text="Units that wait for stock.")


class MovedShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    levels = MovedLevelShape(many=True)
    affected = AffectedShape(many=True, help_text="Orders that lost part of their promise.")
    filled = AffectedShape(many=True, help_text="Orders whose backorder was filled.")


class MovementShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    type = serializers.CharField()
    sku = serializers.CharField()
    warehouse = serializers.CharField()
    quantity = serializers.IntegerField(help_text="Positive in, negative out.")
    on_hand_after = serializers.IntegerField()
    bin_from = serializers.CharField(allow_null=True)
    bin_to = serializers.CharField(allow_null=True)
    reference = serializers.CharField()
    reason = serializers.CharField()
    notes = serializers.CharField()
    actor = serializers.CharField()
    occurred_at = serializers.DateTimeField()


class MovementPageShape(serializers.Serializer[Any]):
    movements = MovementShape(many=True)
    next = serializers.CharField(allow_null=True)


class ProductShape(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    barcodes = serializers.ListField(child=serializers.CharField())
    unit_cost = serializers.CharField(allow_null=True, help_text="A decimal number as text.")
    supplier = serializers.CharField(allow_null=True)
    active = serializers.BooleanField()


class ProductPageShape(serializers.Serializer[Any]):
    products = ProductShape(many=True)
    next = serializers.CharField(allow_null=True)


class WarehouseShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField()
    time_zone = serializers.CharField()
    priority = serializers.IntegerField()


class WarehousePageShape(serializers.Serializer[Any]):
    warehouses = WarehouseShape(many=True)
    next = serializers.CharField(allow_null=True)


class BinShape(serializers.Serializer[Any]):
    warehouse = serializers.CharField()
    code = serializers.CharField()
    kind = serializers.CharField()
    pick_sequence = serializers.IntegerField()


class BinPageShape(serializers.Serializer[Any]):
    bins = BinShape(many=True)
    next = serializers.CharField(allow_null=True)
