"""Where things are: warehouses and their bins."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Trim, Upper

from inventory_site.core.history import kept


class Warehouse(models.Model):
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    priority = models.PositiveSmallIntegerField(
        default=100, help_text="The lowest number is used first by the strategy `priority`."
    )

    class Meta:
        ordering = ["priority", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code=Upper(Trim(F("code")))) & ~Q(code=""),
                name="warehouse_code_normal",
            ),
        ]
        triggers = kept(table="warehouse_warehouse", subject="it.code", warehouse="it.code")

    def __str__(self) -> str:
        return self.code


class BinKind(models.TextChoices):
    PICK = "pick"
    BULK = "bulk"
    RECEIVING = "receiving"
    RETURNS = "returns"
    PACKING = "packing"
    QUARANTINE = "quarantine"


class Bin(models.Model):
    """A place of a warehouse, aisle-rack-shelf (`A-03-12`), or a staging area such as RECEIVING.

    Stock in a quarantine bin is on hand but not sellable, so a bin never changes its kind. A packing
    bin holds what was picked for an order and has not left yet.
    """

    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="bins", db_index=False
    )
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=BinKind, default=BinKind.PICK)
    pick_sequence = models.PositiveIntegerField(
        default=0, help_text="Place in the walk; the lowest first."
    )

    class Meta:
        ordering = ["warehouse", "pick_sequence", "code"]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "code"], name="bin_code_once"),
            models.CheckConstraint(
                condition=Q(code=Upper(Trim(F("code")))) & ~Q(code=""), name="bin_code_normal"
            ),
        ]
        indexes = [
            GinIndex(fields=["code"], opclasses=["gin_trgm_ops"], name="bin_code_alike"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="bin_stays_what_it_is",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("kind", "warehouse"),
            ),
            *kept(
                table="warehouse_bin",
                subject="it.code",
                warehouse="(SELECT code FROM warehouse_warehouse WHERE id = it.warehouse_id)",
            ),
        ]

    def __str__(self) -> str:
        return self.code
