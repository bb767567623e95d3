"""Who is told of events over HTTP, and how that went."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.history import kept
from inventory_site.core.words import one_of
from notifications.models.events import OutboxEvent


class EndpointStatus(models.TextChoices):
    HEALTHY = "healthy", _("Healthy")
    FAILING = "failing", _("failing: the last attempt did")
    RESTING = "resting", _("resting: nothing is sent for now")
    DISABLED = "disabled", _("disabled by its failures; it collects")
    OFF = "off", _("switched off by somebody")


class Endpoint(models.Model):
    """An address that is told of events. The lease says that a courier is with it right now."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    url = models.CharField(
        _("url"),
        max_length=500,
        help_text=_(
            "Where messages are sent. It is kept as it is: put no secret into it. The"
            " signature proves who sends."
        ),
    )
    types = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("types"),
        default=list,
        blank=True,
        help_text=_("Types of events, e.g. stock.received or stock.*; empty: all."),
    )
    warehouses = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("warehouses"),
        default=list,
        blank=True,
        help_text=_("Only levels of these warehouses; empty: of all."),
    )
    sealed_secret = models.TextField(_("sealed secret"), editable=False)
    sealed_old_secret = models.TextField(
        _("sealed old secret"), editable=False, blank=True, default=""
    )
    old_secret_until = models.DateTimeField(
        _("old secret until"), null=True, blank=True, editable=False
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    disabled_why = models.CharField(
        _("disabled why"), max_length=300, blank=True, db_default="", editable=False
    )
    collects_to = models.BigIntegerField(
        _("collects to"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Disabled by its failures, it still collects messages, up to this sequence."),
    )
    since = models.BigIntegerField(
        _("since"),
        default=0,
        editable=False,
        help_text=_("It is told of events beyond this position."),
    )
    last_sequence = models.BigIntegerField(_("last sequence"), default=0, editable=False)
    looked_to = models.BigIntegerField(
        _("looked to"),
        default=0,
        editable=False,
        help_text=_("Up to this sequence nothing can be sent but what is tried again."),
    )
    called_until = models.DateTimeField(_("called until"), null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(
        _("failures"),
        default=0,
        editable=False,
        help_text=_("How many messages failed at their first attempt since the last success."),
    )
    rests_from = models.DateTimeField(_("rests from"), null=True, blank=True, editable=False)
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True, editable=False)
    failed_at = models.DateTimeField(_("failed at"), null=True, blank=True, editable=False)
    last_error = models.CharField(
        _("last error"), max_length=300, blank=True, db_default="", editable=False
    )
    actor = models.CharField(_("actor"), max_length=NAME_LENGTH, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
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
    PENDING = "pending", _("Pending")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class Delivery(models.Model):
    """One event for one endpoint, which is one message, however often it is sent."""

    endpoint = models.ForeignKey(
        Endpoint,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("endpoint"),
    )
    event = models.ForeignKey(
        OutboxEvent,
        verbose_name=_("event"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text=_("None: a test message."),
    )
    # The event's own, by which the log is searched: an index of all events would be paid for by every order.
    reference = models.CharField(
        _("reference"), max_length=120, blank=True, db_default="", editable=False
    )
    # Not the row's own id: after a restore that would be given to another message.
    message = models.UUIDField(_("message"), db_default=RandomUUID(), editable=False)
    sequence = models.BigIntegerField(
        _("sequence"), help_text=_("Counts the endpoint's messages, without a gap.")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=DeliveryStatus, default=DeliveryStatus.PENDING
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            one_of("status", DeliveryStatus, name="delivery_status_known"),
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
        return gettext("%(sequence)s to %(webhook)s") % {
            "sequence": self.sequence,
            "webhook": self.endpoint,
        }


class Attempt(models.Model):
    """One try to deliver, and what came back."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="tries", verbose_name=_("delivery")
    )
    at = models.DateTimeField(_("at"), db_default=Now())
    duration_ms = models.PositiveIntegerField(_("duration ms"))
    status_code = models.PositiveSmallIntegerField(_("status code"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    answer = models.CharField(
        _("answer"), max_length=1000, blank=True, help_text=_("The beginning of it.")
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")

    def __str__(self) -> str:
        return self.error or str(self.status_code)
