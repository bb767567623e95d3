"""What an item's own history says of it: its classes, and the settings that it would call for."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from warehouse.models.stock import InventoryItem


class ItemClass(models.Model):
    """Classes of an item as of the last night: by value shipped (ABC), by how even demand is (XYZ)."""

    item = models.OneToOneField(
        InventoryItem, on_delete=models.CASCADE, primary_key=True, related_name="item_class"
    )
    abc = models.CharField(max_length=1, choices=[(x, x) for x in "ABC"])
    xyz = models.CharField(max_length=1, choices=[(x, x) for x in "XYZ"])
    weekly_mean = models.FloatField(help_text="Units asked for in a week.")
    variation = models.FloatField(
        null=True, help_text="Standard deviation of the weeks to their mean; none without demand."
    )
    value = models.DecimalField(max_digits=20, decimal_places=4, help_text="Shipped, at unit cost.")
    at = models.DateTimeField(help_text="Of what was known then.")

    class Meta:
        verbose_name_plural = "item classes"

    def __str__(self) -> str:
        return f"{self.abc}{self.xyz}"


class Decision(models.TextChoices):
    """What became of advice. Superseded: newer figures, or other settings, came before anybody decided."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUPERSEDED = "superseded"


class ReorderAdvice(models.Model):
    """Reorder settings that an item's history calls for, beside those it had then. Applied by a person alone.

    At most one per item is open. Safety stock is left as it is; the point counts it in.
    """

    item = models.ForeignKey(InventoryItem, on_delete=models.PROTECT, related_name="reorder_advice")
    point = models.IntegerField()
    quantity = models.IntegerField()
    old_point = models.IntegerField()
    old_quantity = models.IntegerField()
    safety_stock = models.IntegerField(help_text="That the point counts in.")
    abc = models.CharField("class", max_length=1, choices=[(x, x) for x in "ABC"])
    pattern = models.CharField(
        max_length=12,
        choices=[(x, x) for x in ("smooth", "erratic", "intermittent", "lumpy")],
    )
    method = models.CharField(max_length=3, choices=[(x, x) for x in ("ses", "sba", "tsb")])
    weekly_mean = models.FloatField(help_text="Units expected in a week.")
    weekly_deviation = models.FloatField(
        help_text="Of past forecasts from what came, units a week."
    )
    lead_days = models.FloatField(help_text="From order to arrival.")
    lead_deviation = models.FloatField(help_text="Standard deviation, days.")
    deliveries = models.IntegerField(help_text="That the lead time is from; 0: it is as stated.")
    service = models.FloatField(
        help_text="Wanted chance that a lead time passes without a stock-out."
    )
    weeks = models.IntegerField(help_text="Of history.")
    lost_units = models.IntegerField(help_text="Refused, and counted in.")
    made_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True, db_default="")
    decision = models.CharField(max_length=10, choices=Decision, blank=True, db_default="")

    class Meta:
        verbose_name_plural = "reorder advice"
        constraints = [
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
        kind = f"{self.pattern}, dying away" if self.method == "tsb" else self.pattern
        asked = f"asks for {_told(self.weekly_mean)} a week ({kind})"
        if self.deliveries:
            spread = f" ± {_told(self.lead_deviation)}" if self.lead_deviation >= 0.05 else ""
            lead = (
                f"lead time {_told(self.lead_days)}{spread} days from {self.deliveries} deliveries"
            )
        else:
            lead = f"lead time {_told(self.lead_days)} days as stated"
        held = f"; {self.safety_stock} of safety stock on top" if self.safety_stock else ""
        units = "1 lost unit" if self.lost_units == 1 else f"{self.lost_units} lost units"
        lost = f"; {units} counted in" if self.lost_units else ""
        return f"{asked}, {lead}, {self.service:.0%} for class {self.abc}{held}{lost}"


def _told(figure: float) -> str:
    """With two digits where they say something: 12, 9.5, 0.25."""
    return f"{figure:.0f}" if figure >= 10 else f"{figure:.2g}"
