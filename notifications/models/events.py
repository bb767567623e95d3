"""What happened, in an order that readers can rely on."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class OutboxEvent(models.Model):
    """One event per unit of work that changed stock, written in that unit's own transaction.

    `position` orders events for readers: the greater of the writer's transaction id and the first
    id not yet assigned when the row was written. A row may be shown once every transaction below
    its position has ended; then none can appear before it (see docs/adr/0003-change-feed.md).
    """

    position = models.BigIntegerField(editable=False)
    type = models.CharField(max_length=60)
    reference = models.CharField(max_length=120)
    actor = models.CharField(max_length=120)
    levels = models.JSONField(help_text="Resulting levels of every item that was touched.")
    details = models.JSONField(default=dict)
    warehouses = ArrayField(models.CharField(max_length=20), default=list)
    occurred_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["position", "id"], name="outbox_position")]

    def __str__(self) -> str:
        return f"{self.type} {self.reference}"


class FeedReader(models.Model):
    """How far a part of this house has read the feed. Whoever holds the row's lock is the one that reads."""

    name = models.CharField(max_length=40, unique=True)
    position = models.BigIntegerField(default=0)
    event = models.BigIntegerField(default=0, help_text="The id of the last event read.")
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]
        verbose_name = "delivery"
        verbose_name_plural = "delivery"

    def __str__(self) -> str:
        return self.name


class SetAside(models.Model):
    """An event that a reader could not deal with, so that the others could go on."""

    reader = models.CharField(max_length=40)
    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, db_index=False)
    error = models.TextField()
    happened_at = models.DateTimeField(db_default=Now())
    retried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "event set aside"
        verbose_name_plural = "events set aside"
        constraints = [
            models.UniqueConstraint(fields=["event", "reader"], name="set_aside_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.event}"
