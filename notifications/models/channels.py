"""Where alerts are told, and what was told there."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from inventory_site.core.history import kept
from inventory_site.core.sealing import seal, unseal
from notifications.models.alerts import Alert, Severity


class ChannelKind(models.TextChoices):
    EMAIL = "email", "e-mail"
    SERVICE = "service", "chat or SMS"


class Channel(models.Model):
    """A place where people read. Its address holds secrets, so it is kept sealed."""

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=ChannelKind)
    sealed_address = models.TextField(editable=False)
    enabled = models.BooleanField(default=True)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="In a row.")
    rests_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(max_length=300, blank=True, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    failed_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        triggers = kept(
            table="notifications_channel",
            left_out=(
                "leased_until", "failures", "rests_until", "last_error", "failing_since", "failed_at",
                "sent_at",
            ),
            hidden=("sealed_address",),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Addresses of e-mail with commas between them, or that of a service. Raises CannotOpen."""
        return unseal(self.sealed_address)

    @address.setter
    def address(self, address: str) -> None:
        self.sealed_address = seal(address)


class Route(models.Model):
    """Which alerts a channel is told of, and when. A channel without routes is told of nothing."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="routes")
    severities = ArrayField(
        models.CharField(max_length=10, choices=Severity), help_text="Alerts of these severities."
    )
    rules = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text="Empty: all."
    )
    warehouses = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, help_text="Empty: all."
    )
    every_minutes = models.PositiveIntegerField(
        default=0,
        validators=[MaxValueValidator(24 * 60)],
        help_text="Gather alerts for so long and tell of them together; 0: at once. What is urgent never"
        " waits.",
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC", help_text="Of the quiet hours.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_two_ends",
                violation_error_message="Quiet hours have a beginning and an end.",
            ),
        ]
        triggers = kept(
            table="notifications_route",
            topic="notifications.channel",
            subject_id="it.channel_id",
            subject="SELECT name FROM notifications_channel WHERE id = it.channel_id",
            left_out=("channel_id",),
        )

    def __str__(self) -> str:
        return f"{', '.join(self.severities)} to {self.channel}"


class Ring(models.Model):
    """One alert to be told of on one channel, once."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="rings")
    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, related_name="rings", db_index=False
    )
    due_at = models.DateTimeField()
    message = models.CharField(
        max_length=40,
        blank=True,
        db_default="",
        help_text="The message that tells of it: settled before it is sent, so that one that is sent"
        " twice is known by its name.",
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    severity = models.CharField(
        max_length=10,
        choices=Severity,
        blank=True,
        db_default="",
        help_text="Of the alert as the message tells it.",
    )
    dropped_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Its cause was gone, or somebody had taken it on, before it was told; or it was refused.",
    )
    refused = models.CharField(
        max_length=300,
        blank=True,
        db_default="",
        help_text="Why the service will not take the message, however often it is sent.",
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "alert"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="one_ring_waits",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="ring_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert} on {self.channel}"
