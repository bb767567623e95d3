"""What the API answers about orders and shipments, and the serializers that describe it in OpenAPI."""

from typing import Any

from rest_framework import serializers

from inventory_site.core.documenting import Problem
from orders.models import OrderStatus
from orders.queries.sales import OrderView
from orders.queries.shipments import ShipmentView
from warehouse.queries import moment


def order(one: OrderView) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "status": one.status,
        "reservation": one.reservation,
        "warehouse": one.warehouse,
        "priority": one.priority,
        "ship_by": None if one.ship_by is None else moment(one.ship_by),
        "carrier": one.carrier,
        "ship_to_name": one.ship_to_name,
        "ship_to_address": one.ship_to_address,
        "notes": one.notes,
        "placed_at": moment(one.placed_at),
        "updated_at": moment(one.updated_at),
        "lines": [
            {
                "sku": line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "cancelled": line.cancelled,
                "shipped": line.shipped,
                "backordered": line.backordered,
                "promises": [
                    {
                        "warehouse": promise.warehouse,
                        "reserved": promise.reserved,
                        "backordered": promise.backordered,
                    }
                    for promise in line.promises
                ],
            }
            for line in one.lines
        ],
        "shipments": list(one.shipments),
    }


def shipment(one: ShipmentView) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "order": one.order,
        "warehouse": one.warehouse,
        "carrier": one.carrier,
        "tracking_number": one.tracking_number,
        "shipped_at": moment(one.shipped_at),
        "lines": [
            {"sku": line.sku, "name": line.name, "quantity": line.quantity} for line in one.lines
        ],
    }


# --- The same for OpenAPI ----------------------------------------------------------------------------


class PromiseShape(serializers.Serializer[Any]):
    warehouse = serializers.CharField()
    reserved = serializers.IntegerField(help_text="Promised, and there.")
    backordered = serializers.IntegerField(help_text="Promised, but waiting for stock.")


class OrderLineShape(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    shipped = serializers.IntegerField()
    backordered = serializers.IntegerField()
    promises = PromiseShape(many=True)


class OrderShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.values)
    reservation = serializers.CharField(allow_null=True)
    warehouse = serializers.CharField(allow_null=True)
    priority = serializers.IntegerField()
    ship_by = serializers.DateTimeField(allow_null=True)
    carrier = serializers.CharField()
    ship_to_name = serializers.CharField()
    ship_to_address = serializers.CharField()
    notes = serializers.CharField()
    placed_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    lines = OrderLineShape(many=True)
    shipments = serializers.ListField(child=serializers.CharField())


class OrderPageShape(serializers.Serializer[Any]):
    orders = OrderShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page.")


class OrderResultShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    status = serializers.IntegerField(help_text="201, 200 for a repeated one, or the problem's.")
    order = OrderShape(required=False)
    problem = Problem(required=False)


class OrderBatchShape(serializers.Serializer[Any]):
    results = OrderResultShape(many=True)


class ShipmentLineShape(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()


class ShipmentShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    order = serializers.CharField()
    warehouse = serializers.CharField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    shipped_at = serializers.DateTimeField()
    lines = ShipmentLineShape(many=True)


class ShippedShape(serializers.Serializer[Any]):
    shipments = ShipmentShape(many=True, help_text="One for each warehouse.")


class ShipmentPageShape(serializers.Serializer[Any]):
    shipments = ShipmentShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page.")
