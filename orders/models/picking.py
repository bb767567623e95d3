"""Pick lists: one walk through one warehouse, for one order or for many."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.words import one_of
from orders.models.sales import OrderLine, SalesOrder


class PickKind(models.TextChoices):
    SINGLE = "single", _("Single")
    BATCH = "batch", _("Batch")
    WAVE = "wave", _("Wave")


class PickStatus(models.TextChoices):
    OPEN = "open", _("Open")  # to be claimed
    CLAIMED = "claimed", _("Claimed")  # somebody walks
    PICKED = "picked", _("Picked")  # nothing left to pick; to be packed
    DONE = "done", _("Done")  # every parcel has left, or was given up
    CANCELLED = "cancelled", _("Cancelled")


class PickList(models.Model):
    reference = models.CharField(max_length=40, unique=True, verbose_name=_("reference"))
    warehouse = models.ForeignKey(
        "warehouse.Warehouse",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("warehouse"),
    )
    kind = models.CharField(max_length=8, choices=PickKind, verbose_name=_("kind"))
    status = models.CharField(
        max_length=10, choices=PickStatus, default=PickStatus.OPEN, verbose_name=_("status")
    )
    label = models.CharField(
        max_length=80,
        blank=True,
        help_text=_("What a wave has in common: cut-off, carrier, zone."),
        verbose_name=_("label"),
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("claimed by"),
    )
    claimed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("claimed at"))
    created_at = models.DateTimeField(db_default=Now(), verbose_name=_("created at"))
    finished_at = models.DateTimeField(null=True, blank=True, verbose_name=_("finished at"))

    class Meta:
        verbose_name = _("pick list")
        verbose_name_plural = _("pick lists")
        ordering = ["-id"]
        constraints = [
            one_of("kind", PickKind, name="pick_list_kind_known"),
            one_of("status", PickStatus, name="pick_list_status_known"),
            models.CheckConstraint(
                condition=~Q(status="claimed") | Q(claimed_by__isnull=False),
                name="claimed_list_has_its_picker",
            ),
        ]
        indexes = [
            models.Index(
                fields=["warehouse", "status"],
                condition=~Q(status__in=["done", "cancelled"]),
                name="pick_list_to_do",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class PickListOrder(models.Model):
    """An order's place on a list: the tote that its goods go into."""

    pick_list = models.ForeignKey(
        PickList,
        on_delete=models.PROTECT,
        related_name="orders",
        db_index=False,
        verbose_name=_("pick list"),
    )
    order = models.ForeignKey(
        SalesOrder, on_delete=models.PROTECT, related_name="pick_lists", verbose_name=_("order")
    )
    tote = models.PositiveSmallIntegerField(
        help_text=_("1 for the first tote of the walk."), verbose_name=_("tote")
    )
    packed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("packed at"))

    class Meta:
        verbose_name = _("pick list order")
        verbose_name_plural = _("pick list orders")
        ordering = ["tote"]
        constraints = [
            models.UniqueConstraint(fields=["pick_list", "order"], name="order_once_on_a_list"),
            models.UniqueConstraint(fields=["pick_list", "tote"], name="tote_once_on_a_list"),
        ]

    def __str__(self) -> str:
        return gettext("%(order)s in tote %(tote)s") % {"order": self.order, "tote": self.tote}


class PickLine(models.Model):
    """So many of one item from one bin for one order. Done when picked + short = quantity.

    A unit picked is moved to the warehouse's packing bin; `shipped` of them have left since.
    """

    pick_list = models.ForeignKey(
        PickList,
        on_delete=models.PROTECT,
        related_name="lines",
        db_index=False,
        verbose_name=_("pick list"),
    )
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="pick_lines", verbose_name=_("order line")
    )
    item = models.ForeignKey(
        "warehouse.InventoryItem",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("item"),
    )
    bin = models.ForeignKey(
        "warehouse.Bin",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("bin"),
    )
    sequence = models.PositiveIntegerField(
        help_text=_("Place in the walk."), verbose_name=_("sequence")
    )
    quantity = models.IntegerField(verbose_name=_("quantity"))
    picked = models.IntegerField(default=0, db_default=0, verbose_name=_("picked"))
    short = models.IntegerField(default=0, db_default=0, verbose_name=_("short"))
    shipped = models.IntegerField(default=0, db_default=0, verbose_name=_("shipped"))
    problem = models.CharField(max_length=40, blank=True, db_default="", verbose_name=_("problem"))
    picked_at = models.DateTimeField(null=True, blank=True, verbose_name=_("picked at"))

    class Meta:
        verbose_name = _("pick line")
        verbose_name_plural = _("pick lines")
        ordering = ["sequence", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, picked__gte=0, short__gte=0, shipped__gte=0)
                & Q(quantity__gte=F("picked") + F("short"))
                & Q(picked__gte=F("shipped")),
                name="pick_line_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["pick_list", "sequence", "id"], name="pick_line_walk"),
            # What is still to be taken from a bin: it is spoken for when the next list is planned.
            models.Index(
                fields=["item", "bin"],
                condition=Q(quantity__gt=F("picked") + F("short")),
                name="pick_line_open",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(quantity)s from %(bin)s") % {"quantity": self.quantity, "bin": self.bin}

    @property
    def left(self) -> int:
        """What is still to be picked."""
        return self.quantity - self.picked - self.short


class PickScan(models.Model):
    """One scan (or tap) that put goods into a tote. Taken back, it keeps its row and says when."""

    pick_line = models.ForeignKey(
        PickLine, on_delete=models.PROTECT, related_name="scans", verbose_name=_("pick line")
    )
    quantity = models.IntegerField(verbose_name=_("quantity"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("user"),
    )
    picked_at = models.DateTimeField(db_default=Now(), verbose_name=_("picked at"))
    undone_at = models.DateTimeField(null=True, blank=True, verbose_name=_("undone at"))

    class Meta:
        verbose_name = _("pick scan")
        verbose_name_plural = _("pick scans")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pick_scan_quantity"),
        ]
        indexes = [
            # How much each person picks an hour.
            models.Index(fields=["picked_at", "user"], name="pick_scan_time"),
        ]

    def __str__(self) -> str:
        return gettext("%(quantity)s for %(pick_line)s") % {
            "quantity": self.quantity,
            "pick_line": self.pick_line,
        }
