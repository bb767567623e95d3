"""Pick lists: one walk through one warehouse, for one order or for many."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from orders.models.sales import OrderLine, SalesOrder


class PickKind(models.TextChoices):
    SINGLE = "single"
    BATCH = "batch"
    WAVE = "wave"


class PickStatus(models.TextChoices):
    OPEN = "open"  # to be claimed
    CLAIMED = "claimed"  # somebody walks
    PICKED = "picked"  # nothing left to pick; to be packed
    DONE = "done"  # every parcel has left, or was given up
    CANCELLED = "cancelled"


class PickList(models.Model):
    reference = models.CharField(max_length=40, unique=True)
    warehouse = models.ForeignKey(
        "warehouse.Warehouse", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=8, choices=PickKind)
    status = models.CharField(max_length=10, choices=PickStatus, default=PickStatus.OPEN)
    label = models.CharField(
        max_length=80, blank=True, help_text="What a wave has in common: cut-off, carrier, zone."
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
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
        PickList, on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="pick_lists")
    tote = models.PositiveSmallIntegerField(help_text="1 for the first tote of the walk.")
    packed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["tote"]
        constraints = [
            models.UniqueConstraint(fields=["pick_list", "order"], name="order_once_on_a_list"),
            models.UniqueConstraint(fields=["pick_list", "tote"], name="tote_once_on_a_list"),
        ]

    def __str__(self) -> str:
        return f"{self.order} in tote {self.tote}"


class PickLine(models.Model):
    """So many of one item from one bin for one order. Done when picked + short = quantity.

    A unit picked is moved to the warehouse's packing bin; `shipped` of them have left since.
    """

    pick_list = models.ForeignKey(
        PickList, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="pick_lines")
    item = models.ForeignKey(
        "warehouse.InventoryItem", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    bin = models.ForeignKey(
        "warehouse.Bin", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sequence = models.PositiveIntegerField(help_text="Place in the walk.")
    quantity = models.IntegerField()
    picked = models.IntegerField(default=0, db_default=0)
    short = models.IntegerField(default=0, db_default=0)
    shipped = models.IntegerField(default=0, db_default=0)
    problem = models.CharField(max_length=40, blank=True, db_default="")
    picked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
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
        return f"{self.quantity} from {self.bin}"

    @property
    def left(self) -> int:
        """What is still to be picked."""
        return self.quantity - self.picked - self.short


class PickScan(models.Model):
    """One scan (or tap) that put goods into a tote. Taken back, it keeps its row and says when."""

    pick_line = models.ForeignKey(PickLine, on_delete=models.PROTECT, related_name="scans")
    quantity = models.IntegerField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    picked_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pick_scan_quantity"),
        ]
        indexes = [
            # How much each person picks an hour.
            models.Index(fields=["picked_at", "user"], name="pick_scan_time"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.pick_line}"
