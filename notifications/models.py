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
