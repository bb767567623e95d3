"""Sheets that people import: what was sent, how it was understood, what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class ImportKind(models.TextChoices):
    OPENING_STOCK = "opening_stock", "Opening stock"
    PRODUCTS = "products", "Products"
    REORDER_SETTINGS = "reorder_settings", "Reorder settings"
    BINS = "bins", "Bins"


class ImportStatus(models.TextChoices):
    UPLOADED = "uploaded", "Columns to be named"
    CHECKED = "checked", "To be confirmed"
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Imported"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class ImportRun(models.Model):
    """One sheet on its way in. Its file is kept beside it, and not for long."""

    form_id = models.UUIDField(
        default=uuid.uuid4,
        unique=True,
        help_text="Of the form that sent it: sent twice, it is one.",
    )
    kind = models.CharField(max_length=20, choices=ImportKind)
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.UPLOADED)
    file_name = models.CharField(max_length=200)
    size = models.IntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64, db_index=True)
    actor = models.CharField(max_length=120)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revision = models.IntegerField(
        default=0, help_text="Raised by each decision; a form of an earlier one is out of date."
    )
    sheet_key = models.CharField(
        max_length=200, blank=True, help_text="The sheet of a workbook, or a text's separator."
    )
    header_row = models.IntegerField(default=0)
    columns = models.JSONField(default=dict, help_text="Field of each column, by its place from 0.")
    leave_bad = models.BooleanField(default=True, help_text="Good rows go in without the bad ones.")
    rows = models.IntegerField(default=0)
    good = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    written = models.IntegerField(default=0)
    phase = models.CharField(max_length=10, blank=True)
    done = models.IntegerField(
        default=0, help_text="Rows of which it is settled what becomes of them."
    )
    total = models.IntegerField(default=0)
    attempt = models.IntegerField(default=0)
    report = models.JSONField(default=dict, help_text="Of the last check: problems, plan, notes.")
    result = models.JSONField(default=dict, help_text="What was written.")
    message = models.TextField(blank=True, help_text="Why it failed, in plain words.")
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now(), help_text="Of its last sign of life.")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "import"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["touched_at"],
                condition=Q(status__in=["queued", "running"]),
                name="import_underway",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"


class ImportFile(models.Model):
    """The sheet itself, in the database so that web and worker need no disk in common."""

    run = models.OneToOneField(
        ImportRun, on_delete=models.CASCADE, primary_key=True, related_name="file"
    )
    content = models.BinaryField()
    wrong = models.JSONField(
        default=list, help_text="Rows to put right as of the last check: number, and what is wrong."
    )

    def __str__(self) -> str:
        return str(self.run_id)


class ImportMapping(models.Model):
    """Which column is what under headers that were seen before."""

    kind = models.CharField(max_length=20, choices=ImportKind)
    signature = models.CharField(max_length=64, help_text="SHA-256 of the normalised headers.")
    columns = models.JSONField()
    actor = models.CharField(max_length=120)
    used_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "signature"], name="import_mapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"
