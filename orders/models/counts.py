"""Tasks to count: by hand, by schedule, or because a picker found less than the books said."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class CountReason(models.TextChoices):
    MANUAL = "manual"
    SCHEDULE = "schedule"
    SHORT_PICK = "short_pick"  # its bin is suspect until the task is over


class CountStatus(models.TextChoices):
    OPEN = "open"
    RECOUNT = "recount"  # the first count was off by more than the tolerance
    APPROVAL = "approval"  # counted twice; a manager decides
    DONE = "done"
    CANCELLED = "cancelled"


class CountTask(models.Model):
    """One bin (all that is in it), or one product in one bin. Blind: who counts is not told the books."""

    reference = models.CharField(max_length=40, unique=True)
    warehouse = models.ForeignKey(
        "warehouse.Warehouse", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    bin = models.ForeignKey("warehouse.Bin", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(
        "warehouse.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=10, choices=CountReason)
    status = models.CharField(max_length=10, choices=CountStatus, default=CountStatus.OPEN)
    missing = models.IntegerField(
        default=0,
        db_default=0,
        help_text="Units that a picker did not find; they wait in the bin MISSING.",
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ledger_mark = models.BigIntegerField(
        default=0,
        db_default=0,
        help_text="The last movement when counting began; what moved since may have been counted or not.",
    )
    due_at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(missing__gte=0), name="count_missing_not_negative"),
            # One open task per place; a second short pick adds to the first one's.
            models.UniqueConstraint(
                fields=["bin", "product"],
                condition=Q(status__in=["open", "recount", "approval"]),
                nulls_distinct=False,
                name="count_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["warehouse", "status", "due_at"],
                condition=Q(status__in=["open", "recount", "approval"]),
                name="count_to_do",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class CountTally(models.Model):
    """What has been counted of a task so far, scan by scan; gone once it is handed in."""

    task = models.ForeignKey(
        CountTask, on_delete=models.PROTECT, related_name="tallies", db_index=False
    )
    product = models.ForeignKey("warehouse.Product", on_delete=models.PROTECT, related_name="+")
    counted = models.IntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "product"], name="count_tally_once"),
            models.CheckConstraint(condition=Q(counted__gte=0), name="count_tally_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.counted} of {self.product} so far"


class CountEntry(models.Model):
    """What somebody found in a round, beside what the books said at that moment.

    `expected` includes the task's missing units; `ledger_mark` is the item's last movement by then.
    """

    task = models.ForeignKey(
        CountTask, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    product = models.ForeignKey("warehouse.Product", on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    counted = models.IntegerField()
    expected = models.IntegerField()
    booked = models.BooleanField(default=False, db_default=False)
    ledger_mark = models.BigIntegerField(default=0, db_default=0)
    actor = models.CharField(max_length=120)
    counted_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["round", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "round", "product"], name="count_entry_once"),
            models.CheckConstraint(
                condition=Q(counted__gte=0, expected__gte=0, round__gte=1),
                name="count_entry_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counted} of {self.product}"
