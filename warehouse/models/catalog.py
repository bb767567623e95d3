"""What is sold, and who supplies it."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Trim, Upper
from django.utils.translation import gettext_lazy as _

from inventory_site.core.history import kept
from inventory_site.core.triggers import Trigger

MOST_IN_A_PACK = 100_000


class Supplier(models.Model):
    code = models.CharField(
        _("code"), max_length=40, unique=True, help_text=_("Short; sheets name the supplier by it.")
    )
    name = models.CharField(
        _("name"), max_length=200, blank=True, help_text=_("What people call it, and search for.")
    )
    lead_time_days = models.PositiveSmallIntegerField(
        _("lead time days"), default=14, help_text=_("Days from order to arrival.")
    )

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["code"]
        triggers = kept(table="warehouse_supplier", subject="it.code")

    def __str__(self) -> str:
        return self.code


class Product(models.Model):
    """What is sold: one row per SKU. The SKU is trimmed and upper-cased."""

    sku = models.CharField(
        _("SKU"),
        max_length=64,
        unique=True,
        help_text=_("What shop and ledger know it by. Kept in upper case; never changes."),
    )
    name = models.CharField(
        _("name"), max_length=255, help_text=_("What people call it, and search for.")
    )
    unit_cost = models.DecimalField(
        _("unit cost"),
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Of one unit. Without it, what lies there has no value in reports."),
    )
    supplier = models.ForeignKey(
        Supplier, verbose_name=_("supplier"), on_delete=models.PROTECT, null=True, blank=True
    )
    lead_time_days = models.PositiveSmallIntegerField(
        _("lead time days"),
        null=True,
        blank=True,
        help_text=_("Where it differs from the supplier's."),
    )
    pack_size = models.PositiveIntegerField(
        _("pack size"),
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_IN_A_PACK)],
        help_text=_("Units in which it is bought: what is suggested to order is whole packs."),
    )
    active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Off: it cannot be reserved, and is neither watched nor suggested to order."),
    )
    version = models.BigIntegerField(
        _("version"),
        default=1,
        editable=False,
        help_text=_("Raised by each change that readers may cache."),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("updated at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["sku"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sku=Upper(Trim(F("sku")))) & ~Q(sku=""), name="product_sku_normal"
            ),
            models.CheckConstraint(
                condition=Q(unit_cost__isnull=True) | Q(unit_cost__gte=0),
                name="product_cost_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(pack_size__gte=1, pack_size__lte=MOST_IN_A_PACK),
                name="product_pack_size",
            ),
        ]
        # Fragments and misspellings: warehouse/lookup.py.
        indexes = [
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="product_name_alike"),
            GinIndex(fields=["sku"], opclasses=["gin_trgm_ops"], name="product_sku_alike"),
        ]
        triggers = [
            # Names are cached with the levels; whoever changes one, the cached one is older.
            Trigger(
                name="product_version_rises",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("name", "active"),  # type: ignore[no-untyped-call]
                func="NEW.version = OLD.version + 1; NEW.updated_at = now(); RETURN NEW;",
            ),
            *kept(
                table="warehouse_product",
                subject="it.sku",
                left_out=("version", "created_at", "updated_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.sku


class Barcode(models.Model):
    """A code on the goods. Several may lead to one product, never one to several."""

    code = models.CharField(
        _("code"),
        max_length=32,
        unique=True,
        help_text=_("EAN, UPC or GTIN, as the scanner reads it."),
    )
    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="barcodes"
    )

    class Meta:
        verbose_name = _("barcode")
        verbose_name_plural = _("barcodes")
        indexes = [
            GinIndex(fields=["code"], opclasses=["gin_trgm_ops"], name="barcode_alike"),
        ]
        triggers = kept(
            table="warehouse_barcode",
            topic="warehouse.product",
            subject_id="it.product_id",
            subject="SELECT sku FROM warehouse_product WHERE id = it.product_id",
        )

    def __str__(self) -> str:
        return self.code
