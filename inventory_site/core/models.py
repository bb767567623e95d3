"""Keys of the API and of idempotency, access to warehouses, and the history of settings."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import AbstractAPIKey, APIKeyManager

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.history import kept
from inventory_site.core.triggers import Protect, Trigger
from inventory_site.core.words import one_of


class Keys(APIKeyManager):
    """Makes keys known by their prefix; the library's ids hold the hash, and so would addresses."""

    def assign_key(self, obj: Any) -> str:
        """The secret, of which the key gets prefix and hash."""
        secret: str = super().assign_key(obj)
        obj.pk = obj.prefix
        return secret


class ApiKey(AbstractAPIKey):
    """A key of the e-commerce platform: hashed, with scopes, and limited to warehouses where set."""

    objects: ClassVar[Keys] = Keys()

    # The library's own fields, under names that can be translated.
    id = models.CharField(_("id"), max_length=150, unique=True, primary_key=True, editable=False)
    hashed_key = models.CharField(_("hashed key"), max_length=150, editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True, db_index=True)
    prefix = models.CharField(_("prefix"), max_length=8, unique=True, editable=False)
    name = models.CharField(
        _("name"),
        max_length=50,
        default=None,
        help_text=_("Whose key it is, such as shop. The ledger carries it."),
    )
    revoked = models.BooleanField(
        _("revoked"), blank=True, default=False, help_text=_("It ended, for good.")
    )
    scopes = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("scopes"),
        help_text=_("What the key may do, e.g. stock:read."),
    )
    warehouses = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("warehouses"),
        default=list,
        blank=True,
        help_text=_("Codes of the warehouses it may see and change; empty means all."),
    )
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)

    class Meta(AbstractAPIKey.Meta):
        verbose_name = _("API key")  # type: ignore[assignment]
        verbose_name_plural = _("API keys")  # type: ignore[assignment]
        triggers = kept(
            table="core_apikey",
            left_out=("hashed_key", "last_used_at", "created"),
        )


class IdempotencyKey(models.Model):
    """What a key was used for and what was answered, written in the same transaction as the change."""

    api_key = models.ForeignKey(
        ApiKey, on_delete=models.CASCADE, db_index=False, verbose_name=_("api key")
    )
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(
        _("fingerprint"), max_length=64, help_text=_("SHA-256 of method, path and body.")
    )
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    body = models.TextField(_("body"), null=True, help_text=_("The answer, as it was sent."))
    created_at = models.DateTimeField(_("created at"), db_default=Now(), db_index=True)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [
            models.UniqueConstraint(fields=["api_key", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.key


class StaffAccess(models.Model):
    """Where a person works. Without a row, or with an empty list: in every warehouse."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="access",
        verbose_name=_("user"),
    )
    warehouses = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("warehouses"),
        default=list,
        blank=True,
        help_text=_("Codes of the warehouses that the person sees and works in; empty means all."),
    )

    class Meta:
        verbose_name = _("access to warehouses")
        verbose_name_plural = _("access to warehouses")
        triggers = kept(
            table="core_staffaccess",
            topic="auth.user",
            subject_id="it.user_id",
            subject="SELECT username FROM auth_user WHERE id = it.user_id",
            left_out=("user_id",),
        )

    def __str__(self) -> str:
        return f"{self.user}: {', '.join(self.warehouses) or gettext('all warehouses')}"


ACTIONS = {"added": _("added"), "changed": _("changed"), "removed": _("removed")}


class SettingChange(models.Model):
    """One change of a setting: who, when, of what, each field's old and new value. Written by triggers."""

    at = models.DateTimeField(_("when"), db_default=Now())
    actor = models.CharField(_("who"), max_length=NAME_LENGTH)
    user_id = models.BigIntegerField(_("user id"), null=True, help_text=_("Where a person acted."))
    topic = models.CharField(
        _("kind"), max_length=60, help_text=_("The model, such as warehouse.product.")
    )
    subject_id = models.CharField(_("subject id"), max_length=60)
    subject = models.CharField(_("of what"), max_length=200)
    warehouse = models.CharField(
        _("warehouse"), max_length=20, blank=True, help_text=_("Where it lies in one.")
    )
    action = models.CharField(_("what"), max_length=10)
    changes = models.JSONField(_("changes"), help_text=_("Old and new value by field."))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("change of a setting")
        verbose_name_plural = _("changes of settings")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["topic", "subject_id", "-id"], name="setting_change_of"),
            models.Index(fields=["actor", "-id"], name="setting_change_by"),
        ]
        triggers = [
            Protect(name="history_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            Trigger(
                name="history_is_never_emptied",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'the history is append-only: it cannot be truncated';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {ACTIONS.get(self.action, self.action)}"


class Rhythm(models.TextChoices):
    """How often a report is sent."""

    DAILY = "daily", _("every day")
    WEEKDAYS = "weekdays", _("Monday to Friday")
    WEEKLY = "weekly", _("once a week")
    MONTHLY = "monthly", _("once a month")


class ReportSchedule(models.Model):
    """A report that is sent by mail, as its owner would see it: the owner's rights at that time count.

    `due_at` says when it is sent next; it moves on only once it was sent, so that what was missed is made up
    once. `leased_until`: somebody is sending it.
    """

    report = models.CharField(_("report"), max_length=40)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    form = models.CharField(_("format"), max_length=4, choices=[("xlsx", "XLSX"), ("csv", "CSV")])
    recipients = ArrayField(
        models.EmailField(), verbose_name=_("recipients"), help_text=_("Addresses of e-mail.")
    )
    rhythm = models.CharField(_("rhythm"), max_length=8, choices=Rhythm, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(_("weekday"), default=0, help_text=_("0: Monday."))
    month_day = models.PositiveSmallIntegerField(_("month day"), default=1, help_text=_("1 to 28."))
    hour = models.PositiveSmallIntegerField(_("hour"), default=7)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    enabled = models.BooleanField(_("enabled"), default=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="report_schedules",
        verbose_name=_("owner"),
    )
    due_at = models.DateTimeField(_("due at"), editable=False)
    leased_until = models.DateTimeField(_("leased until"), null=True, editable=False)
    rests_until = models.DateTimeField(_("rests until"), null=True, editable=False)
    failures = models.PositiveIntegerField(
        _("failures"), default=0, editable=False, help_text=_("In a row.")
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["report", "id"]
        verbose_name = _("report schedule")
        verbose_name_plural = _("report schedules")
        triggers = kept(
            table="core_reportschedule",
            subject="it.report",
            left_out=("due_at", "leased_until", "rests_until", "failures", "sent_at", "last_error"),
        )
        constraints = [
            one_of("rhythm", Rhythm, name="schedule_rhythm_known"),
            models.CheckConstraint(
                condition=models.Q(
                    weekday__lte=6, hour__lte=23, month_day__gte=1, month_day__lte=28
                ),
                name="report_schedule_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {self.get_rhythm_display()}"
