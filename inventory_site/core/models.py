"""Keys of the API and of idempotency, access to warehouses, and the history of settings."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from rest_framework_api_key.models import AbstractAPIKey, APIKeyManager

from inventory_site.core.history import kept


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

    scopes = ArrayField(
        models.CharField(max_length=40), help_text="What the key may do, e.g. stock:read."
    )
    warehouses = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text="Codes of the warehouses it may see and change; empty means all.",
    )
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AbstractAPIKey.Meta):
        verbose_name = "API key"
        verbose_name_plural = "API keys"
        triggers = kept(
            table="core_apikey",
            left_out=("hashed_key", "last_used_at", "created"),
        )


class IdempotencyKey(models.Model):
    """What a key was used for and what was answered, written in the same transaction as the change."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, db_index=False)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(null=True, help_text="The answer, as it was sent.")
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["api_key", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.key


class StaffAccess(models.Model):
    """Where a person works. Without a row, or with an empty list: in every warehouse."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access"
    )
    warehouses = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text="Codes of the warehouses that the person sees and works in; empty means all.",
    )

    class Meta:
        verbose_name = "access to warehouses"
        verbose_name_plural = "access to warehouses"
        triggers = kept(
            table="core_staffaccess",
            topic="auth.user",
            subject_id="it.user_id",
            subject="SELECT username FROM auth_user WHERE id = it.user_id",
            left_out=("user_id",),
        )

    def __str__(self) -> str:
        return f"{self.user}: {', '.join(self.warehouses) or 'all warehouses'}"


class SettingChange(models.Model):
    """One change of a setting: who, when, of what, each field's old and new value. Written by triggers."""

    at = models.DateTimeField("when", db_default=Now())
    actor = models.CharField("who", max_length=160)
    user_id = models.BigIntegerField(null=True, help_text="Where a person acted.")
    topic = models.CharField(
        "kind", max_length=60, help_text="The model, such as warehouse.product."
    )
    subject_id = models.CharField(max_length=60)
    subject = models.CharField("of what", max_length=200)
    warehouse = models.CharField(max_length=20, blank=True, help_text="Where it lies in one.")
    action = models.CharField("what", max_length=10)
    changes = models.JSONField(help_text="Old and new value by field.")

    class Meta:
        ordering = ["-id"]
        verbose_name = "change of a setting"
        verbose_name_plural = "changes of settings"
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["topic", "subject_id", "-id"], name="setting_change_of"),
            models.Index(fields=["actor", "-id"], name="setting_change_by"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="history_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="history_is_never_emptied",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'the history is append-only: it cannot be truncated';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.action}"


class Rhythm(models.TextChoices):
    """How often a report is sent."""

    DAILY = "daily", "every day"
    WEEKDAYS = "weekdays", "Monday to Friday"
    WEEKLY = "weekly", "once a week"
    MONTHLY = "monthly", "once a month"


class ReportSchedule(models.Model):
    """A report that is sent by mail, as its owner would see it: the owner's rights at that time count.

    `due_at` says when it is sent next; it moves on only once it was sent, so that what was missed is made up
    once. `leased_until`: somebody is sending it.
    """

    report = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict, blank=True)
    form = models.CharField("format", max_length=4, choices=[("xlsx", "XLSX"), ("csv", "CSV")])
    recipients = ArrayField(models.EmailField(), help_text="Addresses of e-mail.")
    rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(default=0, help_text="0: Monday.")
    month_day = models.PositiveSmallIntegerField(default=1, help_text="1 to 28.")
    hour = models.PositiveSmallIntegerField(default=7)
    time_zone = models.CharField(max_length=64, default="UTC")
    enabled = models.BooleanField(default=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="report_schedules"
    )
    due_at = models.DateTimeField(editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    rests_until = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="In a row.")
    sent_at = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["report", "id"]
        triggers = kept(
            table="core_reportschedule",
            subject="it.report",
            left_out=("due_at", "leased_until", "rests_until", "failures", "sent_at", "last_error"),
        )
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    weekday__lte=6, hour__lte=23, month_day__gte=1, month_day__lte=28
                ),
                name="report_schedule_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {self.get_rhythm_display()}"
