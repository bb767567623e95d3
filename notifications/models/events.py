"""What happened, in an order that readers can rely on."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH


class OutboxEvent(models.Model):
    """One event per unit of work that changed stock, written in that unit's own transaction.

    `position` orders events for readers: the greater of the writer's transaction id and the first
    id not yet assigned when the row was written. A row may be shown once every transaction below
    its position has ended; then none can appear before it (see docs/adr/0003-change-feed.md).
    """

    position = models.BigIntegerField(_("position"), editable=False)
    type = models.CharField(_("type"), max_length=60)
    reference = models.CharField(_("reference"), max_length=120)
    actor = models.CharField(_("actor"), max_length=NAME_LENGTH)
    levels = models.JSONField(
        _("levels"), help_text=_("Resulting levels of every item that was touched.")
    )
    details = models.JSONField(_("details"), default=dict)
    warehouses = ArrayField(
        models.CharField(max_length=20), verbose_name=_("warehouses"), default=list
    )
    occurred_at = models.DateTimeField(_("occurred at"), db_default=Now())

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("outbox event")
        verbose_name_plural = _("outbox events")
        indexes = [
            models.Index(fields=["position", "id"], name="outbox_position"),
            # Stock is opened once under a reference. Few events are of this type: writing pays nothing.
            models.Index(
                fields=["reference"], condition=models.Q(type="stock.opened"), name="outbox_opened"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.reference}"


class FeedReader(models.Model):
    """How far a part of this house has read the feed. Whoever holds the row's lock is the one that reads."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    position = models.BigIntegerField(_("position"), default=0)
    event = models.BigIntegerField(
        _("event"), default=0, help_text=_("The id of the last event read.")
    )
    moved_at = models.DateTimeField(_("moved at"), db_default=Now())

    class Meta:
        ordering = ["name"]
        verbose_name = _("delivery")
        verbose_name_plural = _("delivery")

    def __str__(self) -> str:
        return self.name


class SetAside(models.Model):
    """An event that a reader could not deal with, so that the others could go on."""

    reader = models.CharField(_("reader"), max_length=40)
    event = models.ForeignKey(
        OutboxEvent, on_delete=models.PROTECT, db_index=False, verbose_name=_("event")
    )
    error = models.TextField(_("error"))
    happened_at = models.DateTimeField(_("happened at"), db_default=Now())
    retried_at = models.DateTimeField(_("retried at"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("event set aside")
        verbose_name_plural = _("events set aside")
        constraints = [
            models.UniqueConstraint(fields=["event", "reader"], name="set_aside_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.event}"
