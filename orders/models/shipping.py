"""Parcels: what left the house, for which order, with which carrier."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from orders.models.picking import PickList
from orders.models.sales import OrderLine, SalesOrder


class Shipment(models.Model):
    """One parcel from one warehouse. It is only made when its goods leave."""

    reference = models.CharField(max_length=40, unique=True, verbose_name=_("reference"))
    order = models.ForeignKey(
        SalesOrder, on_delete=models.PROTECT, related_name="shipments", verbose_name=_("order")
    )
    warehouse = models.ForeignKey(
        "warehouse.Warehouse",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("warehouse"),
    )
    pick_list = models.ForeignKey(
        PickList,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shipments",
        verbose_name=_("pick list"),
    )
    carrier = models.CharField(max_length=40, blank=True, verbose_name=_("carrier"))
    tracking_number = models.CharField(max_length=80, blank=True, verbose_name=_("tracking number"))
    actor = models.CharField(max_length=NAME_LENGTH, verbose_name=_("actor"))
    shipped_at = models.DateTimeField(db_default=Now(), verbose_name=_("shipped at"))

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.reference


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(
        Shipment,
        on_delete=models.PROTECT,
        related_name="lines",
        db_index=False,
        verbose_name=_("shipment"),
    )
    order_line = models.ForeignKey(
        OrderLine,
        on_delete=models.PROTECT,
        related_name="shipment_lines",
        verbose_name=_("order line"),
    )
    quantity = models.IntegerField(verbose_name=_("quantity"))

    class Meta:
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_line_quantity"),
        ]

    def __str__(self) -> str:
        return gettext("%(quantity)s of %(order_line)s") % {
            "quantity": self.quantity,
            "order_line": self.order_line,
        }
