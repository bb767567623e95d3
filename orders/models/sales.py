"""What customers ordered. What is promised of it is the reservation's business (warehouse)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class OrderStatus(models.TextChoices):
    """The way of an order; orders/states.py says which follows which."""

    DRAFT = "draft"
    ALLOCATED = "allocated"
    BACKORDERED = "backordered"
    PICKING = "picking"
    PACKED = "packed"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class SalesOrder(models.Model):
    """One order of a customer. `status` follows from lines, reservation and pick lists (states.py).

    The address is kept to what a packing slip needs.
    """

    reference = models.CharField(max_length=120)
    status = models.CharField(
        max_length=14, choices=OrderStatus, default=OrderStatus.DRAFT, db_default=OrderStatus.DRAFT
    )
    priority = models.PositiveSmallIntegerField(
        default=5, help_text="1 is picked first, 9 last.", verbose_name="priority"
    )
    ship_by = models.DateTimeField(
        null=True, blank=True, help_text="To leave the house until then."
    )
    carrier = models.CharField(max_length=40, blank=True)
    ship_to_name = models.CharField(max_length=120, blank=True)
    ship_to_address = models.TextField(blank=True, max_length=500)
    notes = models.CharField(max_length=500, blank=True, help_text="Printed on the packing slip.")
    warehouse = models.ForeignKey(
        "warehouse.Warehouse",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text="Only from here; empty: from wherever there is stock.",
    )
    strategy = models.CharField(
        max_length=30,
        default="most_available",
        db_default="most_available",
        help_text="How warehouses are chosen when a draft is confirmed.",
    )
    reservation = models.OneToOneField(
        "warehouse.Reservation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fingerprint = models.CharField(max_length=64, editable=False, help_text="Of the request.")
    actor = models.CharField(max_length=120, editable=False)
    placed_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
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
        SalesOrder, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    product = models.ForeignKey("warehouse.Product", on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField()
    cancelled = models.IntegerField(default=0, db_default=0)
    shipped = models.IntegerField(default=0, db_default=0)

    class Meta:
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
        return f"{self.quantity} of {self.product}"
