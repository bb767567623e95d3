"""Goods that customers send back: expected, received, graded."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from orders.models.sales import SalesOrder


class ReturnStatus(models.TextChoices):
    EXPECTED = "expected"
    RECEIVED = "received"  # on the bench: the clock runs until it is graded
    GRADED = "graded"
    CANCELLED = "cancelled"


class ReturnOrder(models.Model):
    """A return, against an order or of unknown origin. Stock changes when it is graded, not before."""

    reference = models.CharField(max_length=120, unique=True)
    order = models.ForeignKey(
        SalesOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="returns"
    )
    warehouse = models.ForeignKey(
        "warehouse.Warehouse", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(max_length=10, choices=ReturnStatus, default=ReturnStatus.EXPECTED)
    reason = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now())
    received_at = models.DateTimeField(null=True, blank=True)
    graded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["status", "received_at"],
                condition=Q(status__in=["expected", "received"]),
                name="return_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ReturnLine(models.Model):
    """expected (0: nobody announced it), received, and what was made of it."""

    return_order = models.ForeignKey(
        ReturnOrder, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    product = models.ForeignKey("warehouse.Product", on_delete=models.PROTECT, related_name="+")
    expected = models.IntegerField(default=0, db_default=0)
    received = models.IntegerField(default=0, db_default=0)
    restocked = models.IntegerField(default=0, db_default=0)
    quarantined = models.IntegerField(default=0, db_default=0)
    scrapped = models.IntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["return_order", "product"], name="return_line_once"),
            models.CheckConstraint(
                condition=Q(expected__gte=0, restocked__gte=0, quarantined__gte=0, scrapped__gte=0)
                & Q(received__gte=F("restocked") + F("quarantined") + F("scrapped")),
                name="return_line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received} of {self.product}"

    @property
    def ungraded(self) -> int:
        return self.received - self.restocked - self.quarantined - self.scrapped
