"""What is to become of dead stock: decided here, done elsewhere. Stock itself never changes by it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.words import one_of
from warehouse.models.stock import InventoryItem


class ClearanceWay(models.TextChoices):
    MARK_DOWN = "mark_down", _("mark down")
    RETURN = "return", _("return to supplier")
    BUNDLE = "bundle", _("bundle")
    WRITE_OFF = "write_off", _("write off")


class ClearanceState(models.TextChoices):
    OPEN = "open", _("Open")
    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")


class Clearance(models.Model):
    """One decision about one item. Its units and their cost are kept as they were then, so that what is
    recovered later can be told; an item has at most one that is not done."""

    item = models.ForeignKey(
        InventoryItem, verbose_name=_("item"), on_delete=models.PROTECT, related_name="clearances"
    )
    way = models.CharField(_("way"), max_length=10, choices=ClearanceWay)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=ClearanceState,
        default=ClearanceState.OPEN,
        db_default="open",
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    units = models.IntegerField(_("units"), help_text=_("On hand when it was queued."))
    unit_cost = models.DecimalField(_("unit cost"), max_digits=12, decimal_places=4, null=True)
    opened_at = models.DateTimeField(_("opened at"), db_default=Now())
    opened_by = models.CharField(_("opened by"), max_length=NAME_LENGTH)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now())
    changed_by = models.CharField(_("changed by"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("dead stock in the queue")
        verbose_name_plural = _("dead stock in the queue")
        constraints = [
            one_of("way", ClearanceWay, name="clearance_way_known"),
            one_of("state", ClearanceState, name="clearance_state_known"),
            models.UniqueConstraint(
                fields=["item"], condition=~Q(state="done"), name="one_open_clearance"
            ),
            models.CheckConstraint(condition=Q(units__gt=0), name="clearance_has_units"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_way_display()}"
