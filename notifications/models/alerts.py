"""What somebody should know, for as long as it is so."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.words import one_of


class Severity(models.TextChoices):
    INFO = "info", _("Info")
    WARNING = "warning", _("Warning")
    URGENT = "urgent", _("Urgent")


class AlertStatus(models.TextChoices):
    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    SNOOZED = "snoozed", _("Snoozed")
    RESOLVED = "resolved", _("Resolved")


class Alert(models.Model):
    """One cause of one rule, from the moment it was seen until it is gone. At most one is open of each."""

    rule = models.CharField(_("rule"), max_length=40)
    subject = models.CharField(
        _("subject"), max_length=160, help_text=_("What it is about: one alert per subject.")
    )
    warehouse = models.CharField(
        _("warehouse"), max_length=20, blank=True, help_text=_("Empty: about no certain one.")
    )
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    title = models.CharField(_("title"), max_length=300)
    details = models.JSONField(_("details"), default=dict)
    status = models.CharField(
        _("status"), max_length=12, choices=AlertStatus, default=AlertStatus.OPEN
    )
    opened_at = models.DateTimeField(_("opened at"), db_default=Now())
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.CharField(
        _("decided by"), max_length=NAME_LENGTH, blank=True, db_default=""
    )
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    rings_at = models.DateTimeField(
        _("rings at"), help_text=_("When it is told of next, if it stands open then.")
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            one_of("severity", Severity, name="alert_severity_known"),
            one_of("status", AlertStatus, name="alert_status_known"),
            models.UniqueConstraint(
                fields=["rule", "subject"],
                condition=Q(resolved_at__isnull=True),
                name="one_alert_stands",
            ),
            models.CheckConstraint(
                condition=Q(status="resolved", resolved_at__isnull=False)
                | (~Q(status="resolved") & Q(resolved_at__isnull=True)),
                name="alert_resolved_at",
            ),
        ]
        indexes = [
            models.Index(fields=["rule", "subject", "-id"], name="alert_history"),
            models.Index(fields=["warehouse"], condition=Q(status="open"), name="alert_open"),
            models.Index(
                fields=["rings_at"],
                condition=Q(status__in=["open", "snoozed"]),
                name="alert_to_ring",
            ),
        ]

    def __str__(self) -> str:
        return self.title
