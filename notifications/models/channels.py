"""Where alerts are told, and what was told there."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.history import kept
from inventory_site.core.sealing import seal, unseal
from inventory_site.core.words import one_of
from notifications.models.alerts import Alert, Severity


class ChannelKind(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SERVICE = "service", _("chat or SMS")


class Channel(models.Model):
    """A place where people read. Its address holds secrets, so it is kept sealed."""

    name = models.CharField(
        _("name"),
        max_length=80,
        unique=True,
        help_text=_("What people call the place, such as Ops room."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ChannelKind)
    sealed_address = models.TextField(_("sealed address"), editable=False)
    enabled = models.BooleanField(
        _("enabled"), default=True, help_text=_("Off: nothing is told there; what comes up waits.")
    )
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(
        _("failures"), default=0, editable=False, help_text=_("In a row.")
    )
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    failed_at = models.DateTimeField(_("failed at"), null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            one_of("kind", ChannelKind, name="channel_kind_known"),
        ]
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

    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, related_name="routes", verbose_name=_("channel")
    )
    severities = ArrayField(
        models.CharField(max_length=10, choices=Severity),
        verbose_name=_("severities"),
        help_text=_("Alerts of these severities."),
    )
    rules = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("rules"),
        default=list,
        blank=True,
        help_text=_("Empty: all."),
    )
    warehouses = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("warehouses"),
        default=list,
        blank=True,
        help_text=_("Empty: all."),
    )
    every_minutes = models.PositiveIntegerField(
        _("every minutes"),
        default=0,
        validators=[MaxValueValidator(24 * 60)],
        help_text=_(
            "Gather alerts for so long and tell of them together; 0: at once. What is urgent never waits."
        ),
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="UTC", help_text=_("Of the quiet hours.")
    )

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_two_ends",
                violation_error_message=_("Quiet hours have a beginning and an end."),
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
        labels = dict(Severity.choices)
        named = ", ".join(str(labels.get(one, one)) for one in self.severities)
        return gettext("%(severities)s to %(channel)s") % {
            "severities": named,
            "channel": self.channel,
        }


class Ring(models.Model):
    """One alert to be told of on one channel, once."""

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="rings", verbose_name=_("alert")
    )
    channel = models.ForeignKey(
        Channel,
        on_delete=models.CASCADE,
        related_name="rings",
        db_index=False,
        verbose_name=_("channel"),
    )
    due_at = models.DateTimeField(_("due at"))
    message = models.CharField(
        _("message"),
        max_length=40,
        blank=True,
        db_default="",
        help_text=_(
            "The message that tells of it: settled before it is sent, so that one that is sent twice is"
            " known by its name."
        ),
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    severity = models.CharField(
        _("severity"),
        max_length=10,
        choices=Severity,
        blank=True,
        db_default="",
        help_text=_(
            "Of the alert when it was to be told, and from then on as the message tells it."
        ),
    )
    dropped_at = models.DateTimeField(
        _("dropped at"),
        null=True,
        blank=True,
        help_text=_(
            "Its cause was gone, or somebody had taken it on, before it was told; or it was refused."
        ),
    )
    refused = models.CharField(
        _("refused"),
        max_length=300,
        blank=True,
        db_default="",
        help_text=_("Why the service will not take the message, however often it is sent."),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        ordering = ["-id"]
        verbose_name = _("ring")
        verbose_name_plural = _("rings")
        constraints = [
            one_of("severity", Severity, name="ring_severity_known", or_none=True),
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
        return gettext("%(alert)s on %(channel)s") % {"alert": self.alert, "channel": self.channel}
