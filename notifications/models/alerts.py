"""What somebody should know, for as long as it is so."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Severity(models.TextChoices):
    INFO = "info"
    WARNING = "warning"
    URGENT = "urgent"


class AlertStatus(models.TextChoices):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Alert(models.Model):
    """One cause of one rule, from the moment it was seen until it is gone. At most one is open of each."""

    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=160, help_text="What it is about: one alert per subject.")
    warehouse = models.CharField(
        max_length=20, blank=True, help_text="Empty: about no certain one."
    )
    severity = models.CharField(max_length=10, choices=Severity)
    title = models.CharField(max_length=300)
    details = models.JSONField(default=dict)
    status = models.CharField(max_length=12, choices=AlertStatus, default=AlertStatus.OPEN)
    opened_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True, db_default="")
    snoozed_until = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    rings_at = models.DateTimeField(help_text="When it is told of next, if it stands open then.")
    rung_at = models.DateTimeField(null=True, blank=True)
    rung_severity = models.CharField(
        max_length=10, choices=Severity, blank=True, db_default="", editable=False
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
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
