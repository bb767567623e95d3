"""The ledger: what moved, when, why and by whom. It is only ever added to."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.triggers import Protect, Trigger
from inventory_site.core.words import one_of
from warehouse.models.locations import Bin
from warehouse.models.stock import InventoryItem


def digest_of(row: str, *, before: str) -> str:
    """SQL of a movement's digest: of all that it says, and of the digest of its item's row before it.

    Rows that were written are proven by it, so its text never changes. Moments are told as numbers,
    which no setting of a session writes differently.
    """
    said = ", ".join(
        f"extract(epoch FROM {row}.{column})" if column.endswith("_at") else f"{row}.{column}"
        for column in (
            "id", "item_id", "type", "quantity", "bin_from_id", "bin_to_id", "on_hand_after",
            "reference", "reason", "notes", "actor", "user_id", "occurred_at", "recorded_at",
        )
    )  # fmt: skip
    return (
        f"sha256(coalesce({before}, ''::bytea)"
        f" || convert_to(jsonb_build_array({said})::text, 'UTF8'))"
    )


class MovementType(models.TextChoices):
    RECEIVE = "receive", _("Receive")
    SHIP = "ship", _("Ship")
    TRANSFER = "transfer", _("Transfer")
    ADJUST = "adjust", _("Adjust")
    RETURN = "return", _("Return")
    DAMAGE = "damage", _("Damage")
    CYCLE_COUNT = "cycle_count", _("Cycle Count")
    MOVE = "move", _("Move")


class StockMovement(models.Model):
    """One change of one bin. The database refuses UPDATE, DELETE and TRUNCATE, and a row that does not
    follow on its item's last one; a digest ties each to the one before (docs/adr/0021).

    `quantity` is signed. A negative row takes from `bin_from`, a positive one puts into `bin_to`, so
    that both on hand and every bin are the sum of their rows. A move from bin to bin is two rows that
    name both bins; so is a transfer that arrives at once. A mistake is corrected by a new row.
    """

    item = models.ForeignKey(
        InventoryItem,
        verbose_name=_("item"),
        on_delete=models.PROTECT,
        related_name="movements",
        db_index=False,
    )
    type = models.CharField(_("type"), max_length=11, choices=MovementType)
    quantity = models.IntegerField(_("quantity"))
    bin_from = models.ForeignKey(
        Bin,
        verbose_name=_("bin from"),
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )
    bin_to = models.ForeignKey(
        Bin,
        verbose_name=_("bin to"),
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )
    on_hand_after = models.IntegerField(_("on hand after"))
    reference = models.CharField(_("reference"), max_length=120)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    actor = models.CharField(_("actor"), max_length=NAME_LENGTH)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
    )
    occurred_at = models.DateTimeField(_("occurred at"), help_text=_("When it happened."))
    recorded_at = models.DateTimeField(
        _("recorded at"), db_default=Now(), help_text=_("When it was written down.")
    )
    # Written by the database. Rows from before there were digests have none.
    digest = models.BinaryField(_("digest"), null=True, editable=False)

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["item", "-id"], name="movement_item"),
            models.Index(fields=["reference"], name="movement_reference"),
            BrinIndex(fields=["occurred_at"], name="movement_time"),
            # What was received when, at what price: read without the table, and only receipts write it.
            models.Index(
                fields=["item"],
                include=["occurred_at", "quantity", "reference"],
                condition=Q(type="receive"),
                name="movement_received",
            ),
        ]
        constraints = [
            one_of("type", MovementType, name="movement_type_known"),
            models.CheckConstraint(
                condition=Q(quantity__lt=0, bin_from__isnull=False)
                | Q(quantity__gt=0, bin_to__isnull=False),
                name="movement_names_its_bin",
            ),
            models.CheckConstraint(condition=Q(on_hand_after__gte=0), name="movement_on_hand"),
        ]
        triggers = [
            Trigger(
                name="ledger_continues",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "record")],
                func=f"""
                    SELECT on_hand_after, digest INTO last FROM warehouse_stockmovement
                     WHERE item_id = NEW.item_id ORDER BY id DESC LIMIT 1;
                    IF NEW.on_hand_after <> coalesce(last.on_hand_after, 0) + NEW.quantity THEN
                        RAISE EXCEPTION 'item %: on hand % after % does not follow on %',
                            NEW.item_id, NEW.on_hand_after, NEW.quantity, last.on_hand_after
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_continues';
                    END IF;
                    NEW.digest = {digest_of("NEW", before="last.digest")};
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="ledger_is_on_hand",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("found", "record")],
                func="""
                    SELECT on_hand, (SELECT on_hand_after FROM warehouse_stockmovement
                                      WHERE item_id = i.id ORDER BY id DESC LIMIT 1) AS told
                      INTO found FROM warehouse_inventoryitem i WHERE i.id = NEW.item_id;
                    IF found.on_hand <> found.told THEN
                        RAISE EXCEPTION 'item %: on hand %, the ledger says %',
                            NEW.item_id, found.on_hand, found.told
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_is_on_hand';
                    END IF;
                    RETURN NULL;
                """,
            ),
            Protect(name="ledger_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            Trigger(
                name="ledger_is_never_emptied",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'the ledger is append-only: it cannot be truncated';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.quantity:+d} ({self.reference})"


class ProofRun(models.Model):
    """One proof of the books: when it began, how long it took, and how many rows drifted."""

    began_at = models.DateTimeField(_("began at"), db_default=Now())
    took_ms = models.PositiveIntegerField(_("took ms"))
    drifts = models.PositiveIntegerField(_("drifts"))

    class Meta:
        verbose_name = _("proof run")
        verbose_name_plural = _("proof runs")
        ordering = ["-id"]

    def __str__(self) -> str:
        return gettext("%(count)s drifts") % {"count": self.drifts}
