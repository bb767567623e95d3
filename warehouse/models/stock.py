"""How much is where. Only services change these rows; the database refuses what cannot be true."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.history import kept, replaced
from inventory_site.core.triggers import Protect, Trigger
from inventory_site.core.words import one_of
from warehouse.models.catalog import Product
from warehouse.models.item_sets import InventoryItemQuerySet
from warehouse.models.locations import Bin, Warehouse
from warehouse.policy import to_order


def proof_trigger(
    *, name: str, item: str, operation: pgtrigger.Operation, when: str = ""
) -> Trigger:
    """At commit: on hand is what its bins hold and what the ledger last said; unsellable is quarantine.

    A deferred constraint trigger, so that a unit of work may write the tables in any order. `item`
    is the SQL that names the item's id, `when` the condition under which a row is looked at.
    `OFFSET 0` keeps the planner from reading all bins where it has no statistics yet.
    """
    return Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        condition=pgtrigger.Condition(when) if when else None,
        declare=[("found", "record")],
        func=f"""
            SELECT i.id, i.on_hand, i.unsellable, b.held, b.quarantined, b.foreign_bins,
                   coalesce((SELECT m.on_hand_after FROM warehouse_stockmovement m
                              WHERE m.item_id = i.id ORDER BY m.id DESC LIMIT 1), 0) AS told
              INTO found
              FROM warehouse_inventoryitem i
              CROSS JOIN LATERAL (
                   SELECT coalesce(sum(s.quantity), 0) AS held,
                          coalesce(sum(s.quantity) FILTER (WHERE s.kind = 'quarantine'), 0)
                              AS quarantined,
                          count(*) FILTER (WHERE s.warehouse_id <> i.warehouse_id) AS foreign_bins
                     FROM (SELECT quantity, bin.kind, bin.warehouse_id
                             FROM warehouse_binstock
                            CROSS JOIN LATERAL (SELECT kind, warehouse_id FROM warehouse_bin
                                                 WHERE id = bin_id OFFSET 0) bin
                            WHERE item_id = i.id) s) b
             WHERE i.id = {item};
            IF found.on_hand <> found.held OR found.on_hand <> found.told
               OR found.unsellable <> found.quarantined OR found.foreign_bins > 0 THEN
                RAISE EXCEPTION
                    'item %: on hand %, bins hold %, the ledger says %; unsellable %, quarantined %',
                    found.id, found.on_hand, found.held, found.told,
                    found.unsellable, found.quarantined
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
            END IF;
            RETURN NULL;
        """,
    )


class InventoryItem(models.Model):
    """One product in one warehouse: the counters that every order touches.

    Kept narrow, with room on each page and no index on a counter, so that updates stay in place
    (HOT). available = on_hand - unsellable - reserved; to sell = available - safety_stock.
    """

    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        on_delete=models.PROTECT,
        related_name="items",
        db_index=False,
    )
    warehouse = models.ForeignKey(
        Warehouse, verbose_name=_("warehouse"), on_delete=models.PROTECT, related_name="items"
    )
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    unsellable = models.IntegerField(_("unsellable"), default=0)
    inbound = models.IntegerField(_("inbound"), default=0)
    safety_stock = models.IntegerField(
        _("safety stock"), default=0, help_text=_("Units that are kept back from sale.")
    )
    reorder_point = models.IntegerField(
        _("reorder point"), default=0, help_text=_("0: not watched.")
    )
    reorder_quantity = models.IntegerField(
        _("reorder quantity"), default=0, help_text=_("Units to order at least, in whole packs.")
    )
    primary_bin = models.ForeignKey(
        Bin,
        verbose_name=_("primary bin"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    last_counted_at = models.DateTimeField(_("last counted at"), null=True, blank=True)
    version = models.BigIntegerField(
        _("version"), default=1, help_text=_("Raised by each change; orders values.")
    )
    updated_at = models.DateTimeField(_("updated at"), db_default=Now())

    objects = InventoryItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("inventory item")
        verbose_name_plural = _("inventory items")
        constraints = [
            models.UniqueConstraint(fields=["product", "warehouse"], name="item_once"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="item_reserved_not_negative"),
            models.CheckConstraint(
                condition=Q(unsellable__gte=0), name="item_unsellable_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(on_hand__gte=F("reserved") + F("unsellable")),
                name="item_promised_is_there",
            ),
            models.CheckConstraint(condition=Q(inbound__gte=0), name="item_inbound_not_negative"),
            models.CheckConstraint(
                condition=Q(safety_stock__gte=0, reorder_point__gte=0, reorder_quantity__gte=0),
                name="item_settings_not_negative",
            ),
        ]
        triggers: ClassVar[list[Trigger]] = [
            proof_trigger(
                name="item_starts_right",
                item="NEW.id",
                operation=pgtrigger.Insert,
                when="NEW.on_hand <> 0 OR NEW.unsellable <> 0",
            ),
            proof_trigger(
                name="item_adds_up",
                item="NEW.id",
                operation=pgtrigger.Update,
                when="OLD.on_hand <> NEW.on_hand OR OLD.unsellable <> NEW.unsellable",
            ),
            *kept(
                table="warehouse_inventoryitem",
                subject="SELECT sku FROM warehouse_product WHERE id = it.product_id",
                warehouse="(SELECT code FROM warehouse_warehouse WHERE id = it.warehouse_id)",
                only=("reorder_point", "reorder_quantity", "safety_stock"),
            ),
            replaced(
                table="warehouse_inventoryitem",
                column="primary_bin_id",
                subject="SELECT sku FROM warehouse_product WHERE id = it.product_id",
                warehouse="(SELECT code FROM warehouse_warehouse WHERE id = it.warehouse_id)",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} @ {self.warehouse}"

    @property
    def to_order(self) -> int:
        """Units to order of an item that is low, by now (policy.to_order)."""
        return to_order(
            point=self.reorder_point,
            quantity=self.reorder_quantity,
            coming=self.on_hand - self.unsellable - self.reserved + self.inbound,
            pack=self.product.pack_size,
        )


class BinStock(models.Model):
    """How much of an item lies in one bin. An emptied bin keeps its row, at 0."""

    item = models.ForeignKey(
        InventoryItem,
        verbose_name=_("item"),
        on_delete=models.PROTECT,
        related_name="bin_stocks",
        db_index=False,
    )
    bin = models.ForeignKey(
        Bin, verbose_name=_("bin"), on_delete=models.PROTECT, related_name="bin_stocks"
    )
    quantity = models.IntegerField(_("quantity"))

    class Meta:
        verbose_name = _("stock in a bin")
        verbose_name_plural = _("stock by bin")
        constraints = [
            models.UniqueConstraint(fields=["item", "bin"], name="bin_stock_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="bin_stock_not_negative"),
        ]
        triggers: ClassVar[list[Trigger]] = [
            Protect(name="bin_stock_stays", operation=pgtrigger.Delete),
            proof_trigger(
                name="bin_stock_adds_up",
                item="NEW.item_id",
                operation=pgtrigger.Insert | pgtrigger.Update,
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(units)s in %(bin)s") % {"units": self.quantity, "bin": self.bin}


class InboundKind(models.TextChoices):
    PURCHASE = "purchase", _("Purchase")
    TRANSFER = "transfer", _("Transfer")


class InboundLine(models.Model):
    """What a purchase order or a dispatched transfer will still bring; open lines add up to `inbound`."""

    reference = models.CharField(_("reference"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=InboundKind)
    item = models.ForeignKey(
        InventoryItem,
        verbose_name=_("item"),
        on_delete=models.PROTECT,
        related_name="inbound_lines",
    )
    source = models.ForeignKey(
        Warehouse,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    quantity = models.IntegerField(_("quantity"))
    received = models.IntegerField(_("received"), default=0)
    cancelled = models.IntegerField(_("cancelled"), default=0)
    expected_at = models.DateTimeField(_("expected at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("inbound line")
        verbose_name_plural = _("inbound lines")
        constraints = [
            one_of("kind", InboundKind, name="inbound_line_kind_known"),
            models.UniqueConstraint(fields=["reference", "item"], name="inbound_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__gte=0, cancelled__gte=0)
                & Q(quantity__gte=F("received") + F("cancelled")),
                name="inbound_line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.quantity}"


class ReorderSuggestion(models.Model):
    """An item at or under its reorder point. At most one is open per item; it closes by itself."""

    item = models.ForeignKey(
        InventoryItem,
        verbose_name=_("item"),
        on_delete=models.PROTECT,
        related_name="reorder_suggestions",
        db_index=False,
    )
    available = models.IntegerField(_("available"), help_text=_("When it opened."))
    inbound = models.IntegerField(_("inbound"), help_text=_("When it opened."))
    quantity = models.IntegerField(_("quantity"), help_text=_("What to order, when it opened."))
    opened_at = models.DateTimeField(_("opened at"), db_default=Now())
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reorder suggestion")
        verbose_name_plural = _("reorder suggestions")
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(closed_at__isnull=True), name="one_open_suggestion"
            ),
        ]

    def __str__(self) -> str:
        return gettext("order %(units)s of %(item)s") % {"units": self.quantity, "item": self.item}


class CacheGeneration(models.Model):
    """One row: values that Redis holds from before the last failed refresh are not read again."""

    generation = models.BigIntegerField(_("generation"))

    class Meta:
        verbose_name = _("cache generation")
        verbose_name_plural = _("cache generations")

    def __str__(self) -> str:
        return str(self.generation)
