"""Tasks to count: by hand, by schedule, or because a picker found less than the books said."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.words import one_of


class CountReason(models.TextChoices):
    MANUAL = "manual", _("Manual")
    SCHEDULE = "schedule", _("Schedule")
    SHORT_PICK = "short_pick", _("Short Pick")  # its bin is suspect until the task is over


class CountStatus(models.TextChoices):
    OPEN = "open", _("Open")
    RECOUNT = "recount", _("Recount")  # the first count was off by more than the tolerance
    APPROVAL = "approval", _("Approval")  # counted twice; a manager decides
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class CountTask(models.Model):
    """One bin (all that is in it), or one product in one bin. Blind: who counts is not told the books."""

    reference = models.CharField(max_length=40, unique=True, verbose_name=_("reference"))
    warehouse = models.ForeignKey(
        "warehouse.Warehouse",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("warehouse"),
    )
    bin = models.ForeignKey(
        "warehouse.Bin", on_delete=models.PROTECT, related_name="+", verbose_name=_("bin")
    )
    product = models.ForeignKey(
        "warehouse.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product"),
    )
    reason = models.CharField(max_length=10, choices=CountReason, verbose_name=_("reason"))
    status = models.CharField(
        max_length=10, choices=CountStatus, default=CountStatus.OPEN, verbose_name=_("status")
    )
    missing = models.IntegerField(
        default=0,
        db_default=0,
        help_text=_("Units that a picker did not find; they wait in the bin MISSING."),
        verbose_name=_("missing"),
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("claimed by"),
    )
    ledger_mark = models.BigIntegerField(
        default=0,
        db_default=0,
        help_text=_(
            "The last movement when counting began; what moved since may have been counted or not."
        ),
        verbose_name=_("ledger mark"),
    )
    due_at = models.DateTimeField(db_default=Now(), verbose_name=_("due at"))
    actor = models.CharField(max_length=NAME_LENGTH, verbose_name=_("actor"))
    created_at = models.DateTimeField(db_default=Now(), verbose_name=_("created at"))
    closed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("closed at"))

    class Meta:
        verbose_name = _("count task")
        verbose_name_plural = _("count tasks")
        ordering = ["due_at", "id"]
        constraints = [
            one_of("reason", CountReason, name="count_task_reason_known"),
            one_of("status", CountStatus, name="count_task_status_known"),
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
        CountTask,
        on_delete=models.PROTECT,
        related_name="tallies",
        db_index=False,
        verbose_name=_("task"),
    )
    product = models.ForeignKey(
        "warehouse.Product", on_delete=models.PROTECT, related_name="+", verbose_name=_("product")
    )
    counted = models.IntegerField(verbose_name=_("counted"))

    class Meta:
        verbose_name = _("count tally")
        verbose_name_plural = _("count tallies")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "product"], name="count_tally_once"),
            models.CheckConstraint(condition=Q(counted__gte=0), name="count_tally_not_negative"),
        ]

    def __str__(self) -> str:
        return gettext("%(counted)s of %(product)s so far") % {
            "counted": self.counted,
            "product": self.product,
        }


class CountEntry(models.Model):
    """What somebody found in a round, beside what the books said at that moment.

    `expected` includes the task's missing units; `ledger_mark` is the item's last movement by then.
    """

    task = models.ForeignKey(
        CountTask,
        on_delete=models.PROTECT,
        related_name="entries",
        db_index=False,
        verbose_name=_("task"),
    )
    product = models.ForeignKey(
        "warehouse.Product", on_delete=models.PROTECT, related_name="+", verbose_name=_("product")
    )
    round = models.PositiveSmallIntegerField(verbose_name=_("round"))
    counted = models.IntegerField(verbose_name=_("counted"))
    expected = models.IntegerField(verbose_name=_("expected"))
    booked = models.BooleanField(default=False, db_default=False, verbose_name=_("booked"))
    ledger_mark = models.BigIntegerField(default=0, db_default=0, verbose_name=_("ledger mark"))
    actor = models.CharField(max_length=NAME_LENGTH, verbose_name=_("actor"))
    counted_at = models.DateTimeField(db_default=Now(), verbose_name=_("counted at"))

    class Meta:
        verbose_name = _("count entry")
        verbose_name_plural = _("count entries")
        ordering = ["round", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "round", "product"], name="count_entry_once"),
            models.CheckConstraint(
                condition=Q(counted__gte=0, expected__gte=0, round__gte=1),
                name="count_entry_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(counted)s of %(product)s") % {
            "counted": self.counted,
            "product": self.product,
        }
