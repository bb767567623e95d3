"""What customers ordered. What is promised of it is the reservation's business (warehouse)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.words import one_of


class OrderStatus(models.TextChoices):
    """The way of an order; orders/states.py says which follows which."""

    DRAFT = "draft", _("Draft")
    ALLOCATED = "allocated", _("Allocated")
    BACKORDERED = "backordered", _("Backordered")
    PICKING = "picking", _("Picking")
    PACKED = "packed", _("Packed")
    PARTLY_SHIPPED = "partly_shipped", _("Partly Shipped")
    SHIPPED = "shipped", _("Shipped")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class SalesOrder(models.Model):
    """One order of a customer. `status` follows from lines, reservation and pick lists (states.py).

    The address is kept to what a packing slip needs.
    """

    reference = models.CharField(max_length=120, verbose_name=_("reference"))
    status = models.CharField(
        max_length=14,
        choices=OrderStatus,
        default=OrderStatus.DRAFT,
        db_default=OrderStatus.DRAFT,
        verbose_name=_("status"),
    )
    priority = models.PositiveSmallIntegerField(
        default=5, help_text=_("1 is picked first, 9 last."), verbose_name=_("priority")
    )
    ship_by = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("To leave the house until then."),
        verbose_name=_("ship by"),
    )
    carrier = models.CharField(max_length=40, blank=True, verbose_name=_("carrier"))
    ship_to_name = models.CharField(max_length=120, blank=True, verbose_name=_("ship to name"))
    ship_to_address = models.TextField(
        blank=True, max_length=500, verbose_name=_("ship to address")
    )
    notes = models.CharField(
        max_length=500,
        blank=True,
        help_text=_("Printed on the packing slip."),
        verbose_name=_("notes"),
    )
    warehouse = models.ForeignKey(
        "warehouse.Warehouse",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text=_("Only from here; empty: from wherever there is stock."),
        verbose_name=_("warehouse"),
    )
    strategy = models.CharField(
        max_length=30,
        default="most_available",
        db_default="most_available",
        help_text=_("How warehouses are chosen when a draft is confirmed."),
        verbose_name=_("strategy"),
    )
    reservation = models.OneToOneField(
        "warehouse.Reservation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reservation"),
    )
    fingerprint = models.CharField(
        max_length=64, editable=False, help_text=_("Of the request."), verbose_name=_("fingerprint")
    )
    actor = models.CharField(max_length=NAME_LENGTH, editable=False, verbose_name=_("actor"))
    placed_at = models.DateTimeField(db_default=Now(), editable=False, verbose_name=_("placed at"))
    updated_at = models.DateTimeField(
        db_default=Now(), editable=False, verbose_name=_("updated at")
    )

    class Meta:
        verbose_name = _("sales order")
        verbose_name_plural = _("sales orders")
        ordering = ["-id"]
        constraints = [
            one_of("status", OrderStatus, name="order_status_known"),
            models.UniqueConstraint(fields=["reference"], name="order_reference_once"),
            models.CheckConstraint(
                condition=Q(priority__gte=1, priority__lte=9), name="order_priority_1_to_9"
            ),
        ]
        indexes = [
            # The work that is left; closed orders are most of the table.
            models.Index(
                fields=["status", "priority", "ship_by", "id"],
                condition=~Q(status__in=["shipped", "closed", "cancelled"]),
                name="order_to_do",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class OrderLine(models.Model):
    """So many of one product. quantity = cancelled + shipped + what is still to come."""

    order = models.ForeignKey(
        SalesOrder,
        on_delete=models.PROTECT,
        related_name="lines",
        db_index=False,
        verbose_name=_("order"),
    )
    product = models.ForeignKey(
        "warehouse.Product", on_delete=models.PROTECT, related_name="+", verbose_name=_("product")
    )
    quantity = models.IntegerField(verbose_name=_("quantity"))
    cancelled = models.IntegerField(default=0, db_default=0, verbose_name=_("cancelled"))
    shipped = models.IntegerField(default=0, db_default=0, verbose_name=_("shipped"))

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="order_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, cancelled__gte=0, shipped__gte=0)
                & Q(quantity__gte=F("cancelled") + F("shipped")),
                name="order_line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(quantity)s of %(product)s") % {
            "quantity": self.quantity,
            "product": self.product,
        }
