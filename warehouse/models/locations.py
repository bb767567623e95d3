"""Where things are: warehouses and their bins."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Trim, Upper
from django.utils.translation import gettext_lazy as _

from inventory_site.core.history import kept
from inventory_site.core.triggers import Protect
from inventory_site.core.words import one_of


class Warehouse(models.Model):
    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        help_text=_("Short, such as MAIN. On labels and in the ledger; never changes."),
    )
    name = models.CharField(
        _("name"), max_length=120, help_text=_("What people call the building.")
    )
    address = models.TextField(_("address"), blank=True, help_text=_("Where deliveries go to."))
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        help_text=_("Of its days in reports and of its working hours, such as Europe/Berlin."),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        default=100,
        help_text=_("The lowest number is used first by the strategy `priority`."),
    )

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
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
    PICK = "pick", _("Pick")
    BULK = "bulk", _("Bulk")
    RECEIVING = "receiving", _("Receiving")
    RETURNS = "returns", _("Returns")
    PACKING = "packing", _("Packing")
    QUARANTINE = "quarantine", _("Quarantine")


class Bin(models.Model):
    """A place of a warehouse, aisle-rack-shelf (`A-03-12`), or a staging area such as RECEIVING.

    Stock in a quarantine bin is on hand but not sellable, so a bin never changes its kind. A packing
    bin holds what was picked for an order and has not left yet.
    """

    warehouse = models.ForeignKey(
        Warehouse,
        verbose_name=_("warehouse"),
        on_delete=models.PROTECT,
        related_name="bins",
        db_index=False,
    )
    code = models.CharField(
        _("code"), max_length=20, help_text=_("Aisle, rack and shelf, such as A-03-12.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=BinKind,
        default=BinKind.PICK,
        help_text=_("What lies in quarantine is not for sale. Never changes."),
    )
    pick_sequence = models.PositiveIntegerField(
        _("pick sequence"), default=0, help_text=_("Place in the walk; the lowest first.")
    )

    class Meta:
        verbose_name = _("bin")
        verbose_name_plural = _("bins")
        ordering = ["warehouse", "pick_sequence", "code"]
        constraints = [
            one_of("kind", BinKind, name="bin_kind_known"),
            models.UniqueConstraint(fields=["warehouse", "code"], name="bin_code_once"),
            models.CheckConstraint(
                condition=Q(code=Upper(Trim(F("code")))) & ~Q(code=""), name="bin_code_normal"
            ),
        ]
        indexes = [
            GinIndex(fields=["code"], opclasses=["gin_trgm_ops"], name="bin_code_alike"),
        ]
        triggers = [
            Protect(
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
