"""Parcels: what left the house, for which order, with which carrier."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.models.picking import PickList
from orders.models.sales import OrderLine, SalesOrder


class Shipment(models.Model):
    """One parcel from one warehouse. It is only made when its goods leave."""

    reference = models.CharField(max_length=40, unique=True)
    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="shipments")
    warehouse = models.ForeignKey(
        "warehouse.Warehouse", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    pick_list = models.ForeignKey(
        PickList, on_delete=models.PROTECT, null=True, blank=True, related_name="shipments"
    )
    carrier = models.CharField(max_length=40, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    actor = models.CharField(max_length=120)
    shipped_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.reference


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(
        Shipment, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="shipment_lines"
    )
    quantity = models.IntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.order_line}"
