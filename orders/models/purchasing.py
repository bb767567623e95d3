"""What is ordered from suppliers, and what of it has come."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class PurchaseStatus(models.TextChoices):
    DRAFT = "draft"
    SENT = "sent"
    PARTLY_RECEIVED = "partly_received"
    RECEIVED = "received"
    CLOSED_SHORT = "closed_short"
    CANCELLED = "cancelled"


class PurchaseOrder(models.Model):
    """An order to one supplier, for one warehouse. Once it is sent, its lines count as inbound."""

    reference = models.CharField(max_length=40, unique=True)
    supplier = models.ForeignKey("warehouse.Supplier", on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey("warehouse.Warehouse", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=16, choices=PurchaseStatus, default=PurchaseStatus.DRAFT)
    expected_at = models.DateTimeField(null=True, blank=True)
    notes = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=120, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["status", "expected_at"],
                condition=Q(status__in=["draft", "sent", "partly_received"]),
                name="purchase_order_to_do",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class PurchaseLine(models.Model):
    """`received` may exceed `quantity`: what came is booked, and the difference shown.

    `damaged` of those received were written off or quarantined on arrival.
    """

    order = models.ForeignKey(
        PurchaseOrder, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    product = models.ForeignKey("warehouse.Product", on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField()
    received = models.IntegerField(default=0, db_default=0)
    damaged = models.IntegerField(default=0, db_default=0)
    unit_cost = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="purchase_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__gte=0, damaged__gte=0),
                name="purchase_line_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product}"
