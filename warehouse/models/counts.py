"""Cycle counts: what was expected, what was found. Accuracy is read from here."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from warehouse.models.locations import Bin
from warehouse.models.stock import InventoryItem


class CycleCount(models.Model):
    """One counted bin of one item, also when nothing differed."""

    item = models.ForeignKey(
        InventoryItem, verbose_name=_("item"), on_delete=models.PROTECT, related_name="cycle_counts"
    )
    bin = models.ForeignKey(
        Bin, verbose_name=_("bin"), on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    reference = models.CharField(_("reference"), max_length=120)
    expected = models.IntegerField(_("expected"))
    counted = models.IntegerField(_("counted"))
    actor = models.CharField(_("actor"), max_length=NAME_LENGTH)
    counted_at = models.DateTimeField(_("counted at"), db_default=Now())

    class Meta:
        verbose_name = _("cycle count")
        verbose_name_plural = _("cycle counts")
        constraints = [
            models.CheckConstraint(
                condition=Q(expected__gte=0, counted__gte=0), name="cycle_count_not_negative"
            ),
        ]

    def __str__(self) -> str:
        told = {"reference": self.reference, "counted": self.counted, "expected": self.expected}
        return gettext("%(reference)s: %(counted)s of %(expected)s") % told
