"""What an item's own history says of it: its classes, and the settings that it would call for."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.words import one_of
from warehouse.models.stock import InventoryItem

# How demand comes: by how often, and by how even its sizes are.
PATTERNS = {
    "smooth": _("smooth"),
    "erratic": _("erratic"),
    "intermittent": _("intermittent"),
    "lumpy": _("lumpy"),
}


class ItemClass(models.Model):
    """Classes of an item as of the last night: by value shipped (ABC), by how even demand is (XYZ)."""

    item = models.OneToOneField(
        InventoryItem,
        verbose_name=_("item"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="item_class",
    )
    abc = models.CharField(_("abc"), max_length=1, choices=[(x, x) for x in "ABC"])
    xyz = models.CharField(_("xyz"), max_length=1, choices=[(x, x) for x in "XYZ"])
    weekly_mean = models.FloatField(_("weekly mean"), help_text=_("Units asked for in a week."))
    variation = models.FloatField(
        _("variation"),
        null=True,
        help_text=_("Standard deviation of the weeks to their mean; none without demand."),
    )
    value = models.DecimalField(
        _("value"), max_digits=20, decimal_places=4, help_text=_("Shipped, at unit cost.")
    )
    at = models.DateTimeField(_("at"), help_text=_("Of what was known then."))

    class Meta:
        verbose_name = _("item class")
        verbose_name_plural = _("item classes")

    def __str__(self) -> str:
        return f"{self.abc}{self.xyz}"


class Decision(models.TextChoices):
    """What became of advice. Superseded: newer figures, or other settings, came before anybody decided."""

    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    SUPERSEDED = "superseded", _("Superseded")


class ReorderAdvice(models.Model):
    """Reorder settings that an item's history calls for, beside those it had then. Applied by a person alone.

    At most one per item is open. Safety stock is left as it is; the point counts it in.
    """

    item = models.ForeignKey(
        InventoryItem,
        verbose_name=_("item"),
        on_delete=models.PROTECT,
        related_name="reorder_advice",
    )
    point = models.IntegerField(_("point"))
    quantity = models.IntegerField(_("quantity"))
    old_point = models.IntegerField(_("old point"))
    old_quantity = models.IntegerField(_("old quantity"))
    safety_stock = models.IntegerField(_("safety stock"), help_text=_("That the point counts in."))
    abc = models.CharField(_("class"), max_length=1, choices=[(x, x) for x in "ABC"])
    pattern = models.CharField(
        _("pattern"),
        max_length=12,
        choices=list(PATTERNS.items()),
    )
    method = models.CharField(
        _("method"), max_length=3, choices=[(x, x.upper()) for x in ("ses", "sba", "tsb")]
    )
    weekly_mean = models.FloatField(_("weekly mean"), help_text=_("Units expected in a week."))
    weekly_deviation = models.FloatField(
        _("weekly deviation"), help_text=_("Of past forecasts from what came, units a week.")
    )
    lead_days = models.FloatField(_("lead days"), help_text=_("From order to arrival."))
    lead_deviation = models.FloatField(
        _("lead deviation"), help_text=_("Standard deviation, days.")
    )
    deliveries = models.IntegerField(
        _("deliveries"), help_text=_("That the lead time is from; 0: it is as stated.")
    )
    service = models.FloatField(
        _("service"), help_text=_("Wanted chance that a lead time passes without a stock-out.")
    )
    weeks = models.IntegerField(_("weeks"), help_text=_("Of history."))
    lost_units = models.IntegerField(_("lost units"), help_text=_("Refused, and counted in."))
    made_at = models.DateTimeField(_("made at"), db_default=Now())
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.CharField(
        _("decided by"), max_length=NAME_LENGTH, blank=True, db_default=""
    )
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision, blank=True, db_default=""
    )

    class Meta:
        verbose_name = _("reorder advice")
        verbose_name_plural = _("reorder advice")
        constraints = [
            one_of("decision", Decision, name="advice_decision_known", or_none=True),
            models.UniqueConstraint(
                fields=["item"], condition=Q(decided_at__isnull=True), name="one_open_advice"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decision="")
                | (
                    Q(decided_at__isnull=False)
                    & Q(decision__in=["accepted", "declined", "superseded"])
                ),
                name="advice_is_decided_once",
            ),
            models.CheckConstraint(
                condition=Q(point__gte=0, quantity__gte=1), name="advice_can_be_set"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.old_point} → {self.point}"

    @property
    def why(self) -> str:
        """The reasons in one sentence."""
        told = [self._asked(), self._lead(), self._service()]
        if self.safety_stock:
            told[-1] += "; " + gettext("%(units)s of safety stock on top") % {
                "units": self.safety_stock
            }
        if self.lost_units:
            told[-1] += "; " + ngettext(
                "%(units)s lost unit counted in", "%(units)s lost units counted in", self.lost_units
            ) % {"units": self.lost_units}
        return ", ".join(told)

    def _asked(self) -> str:
        kind = str(PATTERNS[self.pattern])
        if self.method == "tsb":
            kind = gettext("%(pattern)s, dying away") % {"pattern": kind}
        told = {"units": _told(self.weekly_mean), "pattern": kind}
        return gettext("asks for %(units)s a week (%(pattern)s)") % told

    def _lead(self) -> str:
        days = _told(self.lead_days)
        if not self.deliveries:
            return gettext("lead time %(days)s days as stated") % {"days": days}
        if self.lead_deviation >= 0.05:
            days += f" ± {_told(self.lead_deviation)}"
        return ngettext(
            "lead time %(days)s days from %(count)s delivery",
            "lead time %(days)s days from %(count)s deliveries",
            self.deliveries,
        ) % {"days": days, "count": self.deliveries}

    def _service(self) -> str:
        told = {"share": f"{self.service:.0%}", "class": self.abc}
        return gettext("%(share)s for class %(class)s") % told


def _told(figure: float) -> str:
    """With two digits where they say something: 12, 9.5, 0.25."""
    return f"{figure:.0f}" if figure >= 10 else f"{figure:.2g}"
