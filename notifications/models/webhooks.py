"""Who is told of events over HTTP, and how that went."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from inventory_site.core.history import kept
from notifications.models.events import OutboxEvent


class EndpointStatus(models.TextChoices):
    HEALTHY = "healthy"
    FAILING = "failing", "failing: the last attempt did"
    RESTING = "resting", "resting: nothing is sent for now"
    DISABLED = "disabled", "disabled by its failures; it collects"
    OFF = "off", "switched off by somebody"


class Endpoint(models.Model):
    """An address that is told of events. The lease says that a courier is with it right now."""

    name = models.CharField(max_length=80, unique=True)
    url = models.CharField(max_length=500)
    types = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="Types of events, e.g. stock.received or stock.*; empty: all.",
    )
    warehouses = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text="Only levels of these warehouses; empty: of all.",
    )
    sealed_secret = models.TextField(editable=False)
    sealed_old_secret = models.TextField(editable=False, blank=True, default="")
    old_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    enabled = models.BooleanField(default=True)
    disabled_why = models.CharField(max_length=300, blank=True, db_default="", editable=False)
    collects_to = models.BigIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="Disabled by its failures, it still collects messages, up to this sequence.",
    )
    since = models.BigIntegerField(
        default=0, editable=False, help_text="It is told of events beyond this position."
    )
    last_sequence = models.BigIntegerField(default=0, editable=False)
    looked_to = models.BigIntegerField(
        default=0,
        editable=False,
        help_text="Up to this sequence nothing can be sent but what is tried again.",
    )
    called_until = models.DateTimeField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="How many messages failed at their first attempt since the last success.",
    )
    rests_from = models.DateTimeField(null=True, blank=True, editable=False)
    rests_until = models.DateTimeField(null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField(null=True, blank=True, editable=False)
    failed_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(max_length=300, blank=True, db_default="", editable=False)
    actor = models.CharField(max_length=120, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = "webhook"
        triggers = kept(
            table="notifications_endpoint",
            left_out=(
                "last_sequence", "collects_to", "since", "looked_to", "called_until", "leased_until",
                "failures", "rests_from", "rests_until", "delivered_at", "failed_at", "last_error", "actor",
                "created_at",
            ),
            hidden=("url", "sealed_secret", "sealed_old_secret"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def status(self) -> str:
        """How it is, in one word: an EndpointStatus."""
        if not self.enabled:
            return EndpointStatus.OFF if self.collects_to is None else EndpointStatus.DISABLED
        now = timezone.now()
        if self.rests_until and (self.rests_from or now) <= now < self.rests_until:
            return EndpointStatus.RESTING
        return EndpointStatus.FAILING if self.failed_at else EndpointStatus.HEALTHY


class DeliveryStatus(models.TextChoices):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(models.Model):
    """One event for one endpoint, which is one message, however often it is sent."""

    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    event = models.ForeignKey(
        OutboxEvent,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="None: a test message.",
    )
    # The event's own, by which the log is searched: an index of all events would be paid for by every order.
    reference = models.CharField(max_length=120, blank=True, db_default="", editable=False)
    # Not the row's own id: after a restore that would be given to another message.
    message = models.UUIDField(db_default=RandomUUID(), editable=False)
    sequence = models.BigIntegerField(help_text="Counts the endpoint's messages, without a gap.")
    status = models.CharField(max_length=10, choices=DeliveryStatus, default=DeliveryStatus.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "sequence"], name="delivery_sequence_once"),
            models.UniqueConstraint(fields=["event", "endpoint"], name="delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "sequence"],
                condition=Q(status="pending"),
                name="delivery_pending",
            ),
            models.Index(
                fields=["endpoint", "due_at"],
                condition=Q(status="pending", attempts__gt=0),
                name="delivery_retry",
            ),
            models.Index(fields=["done_at"], condition=~Q(status="pending"), name="delivery_done"),
            models.Index(
                fields=["reference", "-id"], condition=~Q(reference=""), name="delivery_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} to {self.endpoint}"


class Attempt(models.Model):
    """One try to deliver, and what came back."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(db_default=Now())
    duration_ms = models.PositiveIntegerField()
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=1000, blank=True, help_text="The beginning of it.")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.error or str(self.status_code)
