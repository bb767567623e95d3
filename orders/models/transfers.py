"""Goods on their way from one of our warehouses to another."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class TransferStatus(models.TextChoices):
    REQUESTED = "requested"
    IN_TRANSIT = "in_transit"
    PARTLY_RECEIVED = "partly_received"
    RECEIVED = "received"
    CANCELLED = "cancelled"


class TransferOrder(models.Model):
    reference = models.CharField(max_length=40, unique=True)
    source = models.ForeignKey(
        "warehouse.Warehouse", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    destination = models.ForeignKey(
        "warehouse.Warehouse", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(
        max_length=16, choices=TransferStatus, default=TransferStatus.REQUESTED
    )
    notes = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now())
    dispatched_at = models.DateTimeField(null=True, blank=True)
    expected_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=F("destination")), name="transfer_goes_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class TransferLine(models.Model):
    """dispatched = received + lost + what is on the road; `damaged` are of those received."""

    transfer = models.ForeignKey(
        TransferOrder, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    product = models.ForeignKey("warehouse.Product", on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField()
    dispatched = models.IntegerField(default=0, db_default=0)
    received = models.IntegerField(default=0, db_default=0)
    damaged = models.IntegerField(default=0, db_default=0)
    lost = models.IntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "product"], name="transfer_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__gte=0, damaged__gte=0, lost__gte=0)
                & Q(quantity__gte=F("dispatched"))
                & Q(dispatched__gte=F("received") + F("lost"))
                & Q(received__gte=F("damaged")),
                name="transfer_line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product}"
