"""Cycle counts: what was expected, what was found. Accuracy is read from here."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from warehouse.models.locations import Bin
from warehouse.models.stock import InventoryItem


class CycleCount(models.Model):
    """One counted bin of one item, also when nothing differed."""

    item = models.ForeignKey(InventoryItem, on_delete=models.PROTECT, related_name="cycle_counts")
    bin = models.ForeignKey(Bin, on_delete=models.PROTECT, db_index=False, related_name="+")
    reference = models.CharField(max_length=120)
    expected = models.IntegerField()
    counted = models.IntegerField()
    actor = models.CharField(max_length=120)
    counted_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expected__gte=0, counted__gte=0), name="cycle_count_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.counted} of {self.expected}"
