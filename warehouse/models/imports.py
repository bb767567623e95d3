"""Sheets that people import: what was sent, how it was understood, what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.words import one_of


class ImportKind(models.TextChoices):
    OPENING_STOCK = "opening_stock", _("Opening stock")
    PRODUCTS = "products", _("Products")
    REORDER_SETTINGS = "reorder_settings", _("Reorder settings")
    BINS = "bins", _("Bins")


class ImportStatus(models.TextChoices):
    UPLOADED = "uploaded", _("Columns to be named")
    CHECKED = "checked", _("To be confirmed")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class ImportRun(models.Model):
    """One sheet on its way in. Its file is kept beside it, and not for long."""

    form_id = models.UUIDField(
        _("form id"),
        default=uuid.uuid4,
        unique=True,
        help_text=_("Of the form that sent it: sent twice, it is one."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ImportKind)
    status = models.CharField(
        _("status"), max_length=10, choices=ImportStatus, default=ImportStatus.UPLOADED
    )
    file_name = models.CharField(_("file name"), max_length=200)
    size = models.IntegerField(_("size"), help_text=_("Bytes."))
    sha256 = models.CharField(_("sha256"), max_length=64, db_index=True)
    actor = models.CharField(_("actor"), max_length=NAME_LENGTH)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    revision = models.IntegerField(
        _("revision"),
        default=0,
        help_text=_("Raised by each decision; a form of an earlier one is out of date."),
    )
    sheet_key = models.CharField(
        _("sheet key"),
        max_length=200,
        blank=True,
        help_text=_("The sheet of a workbook, or a text's separator."),
    )
    header_row = models.IntegerField(_("header row"), default=0)
    columns = models.JSONField(
        _("columns"), default=dict, help_text=_("Field of each column, by its place from 0.")
    )
    leave_bad = models.BooleanField(
        _("leave bad"), default=True, help_text=_("Good rows go in without the bad ones.")
    )
    rows = models.IntegerField(_("rows"), default=0)
    good = models.IntegerField(_("good"), default=0)
    bad = models.IntegerField(_("bad"), default=0)
    skipped = models.IntegerField(_("skipped"), default=0)
    written = models.IntegerField(_("written"), default=0)
    phase = models.CharField(_("phase"), max_length=10, blank=True)
    done = models.IntegerField(
        _("done"), default=0, help_text=_("Rows of which it is settled what becomes of them.")
    )
    total = models.IntegerField(_("total"), default=0)
    attempt = models.IntegerField(_("attempt"), default=0)
    report = models.JSONField(
        _("report"), default=dict, help_text=_("Of the last check: problems, plan, notes.")
    )
    result = models.JSONField(_("result"), default=dict, help_text=_("What was written."))
    message = models.TextField(
        _("message"), blank=True, help_text=_("Why it failed, in plain words.")
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    touched_at = models.DateTimeField(
        _("touched at"), db_default=Now(), help_text=_("Of its last sign of life.")
    )
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name_plural = _("imports")
        verbose_name = _("import")
        ordering = ["-id"]
        constraints = [
            one_of("kind", ImportKind, name="import_kind_known"),
            one_of("status", ImportStatus, name="import_status_known"),
        ]
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
        ImportRun,
        verbose_name=_("run"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="file",
    )
    content = models.BinaryField(_("content"))
    wrong = models.JSONField(
        _("wrong"),
        default=list,
        help_text=_("Rows to put right as of the last check: number, and what is wrong."),
    )

    class Meta:
        verbose_name = _("import file")
        verbose_name_plural = _("import files")

    def __str__(self) -> str:
        return str(self.run_id)


class ImportMapping(models.Model):
    """Which column is what under headers that were seen before."""

    kind = models.CharField(_("kind"), max_length=20, choices=ImportKind)
    signature = models.CharField(
        _("signature"), max_length=64, help_text=_("SHA-256 of the normalised headers.")
    )
    columns = models.JSONField(_("columns"))
    actor = models.CharField(_("actor"), max_length=NAME_LENGTH)
    used_at = models.DateTimeField(_("used at"), db_default=Now())

    class Meta:
        verbose_name = _("import mapping")
        verbose_name_plural = _("import mappings")
        constraints = [
            one_of("kind", ImportKind, name="import_mapping_kind_known"),
            models.UniqueConstraint(fields=["kind", "signature"], name="import_mapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"
