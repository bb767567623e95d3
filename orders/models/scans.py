"""What was done on the floor, under the number that the device gave it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class FloorAction(models.Model):
    """One scan or tap. Its UUID is made on the device and sent again until it is answered.

    Written in the transaction of what it did, so that it happens once and is answered in the same words.
    Of kind `step`: what a page showed in hand, which is booked once, however many scans were made for it.
    """

    id = models.UUIDField(primary_key=True, verbose_name=_("ID"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("user"),
    )
    kind = models.CharField(max_length=40, verbose_name=_("kind"))
    fingerprint = models.CharField(
        max_length=64,
        help_text=_("SHA-256 of address and what was sent."),
        verbose_name=_("fingerprint"),
    )
    outcome = models.JSONField(default=dict, verbose_name=_("outcome"))
    created_at = models.DateTimeField(db_default=Now(), verbose_name=_("created at"))

    class Meta:
        # For what is kept a while and then forgotten.
        verbose_name = _("floor action")
        verbose_name_plural = _("floor actions")
        indexes = [models.Index(fields=["created_at"], name="floor_action_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
