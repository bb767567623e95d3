"""Goods that customers send back: expected, received, graded."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.words import one_of
from orders.models.sales import SalesOrder


class ReturnStatus(models.TextChoices):
    EXPECTED = "expected", _("Expected")
    RECEIVED = "received", _("Received")  # on the bench: the clock runs until it is graded
    GRADED = "graded", _("Graded")
    CANCELLED = "cancelled", _("Cancelled")


class ReturnOrder(models.Model):
    """A return, against an order or of unknown origin. Stock changes when it is graded, not before."""

    reference = models.CharField(max_length=120, unique=True, verbose_name=_("reference"))
    order = models.ForeignKey(
        SalesOrder,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        verbose_name=_("order"),
    )
    warehouse = models.ForeignKey(
        "warehouse.Warehouse",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("warehouse"),
    )
    status = models.CharField(
        max_length=10, choices=ReturnStatus, default=ReturnStatus.EXPECTED, verbose_name=_("status")
    )
    reason = models.CharField(max_length=200, blank=True, verbose_name=_("reason"))
    actor = models.CharField(max_length=NAME_LENGTH, verbose_name=_("actor"))
    created_at = models.DateTimeField(db_default=Now(), verbose_name=_("created at"))
    received_at = models.DateTimeField(null=True, blank=True, verbose_name=_("received at"))
    graded_at = models.DateTimeField(null=True, blank=True, verbose_name=_("graded at"))

    class Meta:
        verbose_name = _("return order")
        verbose_name_plural = _("return orders")
        ordering = ["-id"]
        constraints = [
            one_of("status", ReturnStatus, name="return_status_known"),
        ]
        indexes = [
            models.Index(
                fields=["status", "received_at"],
                condition=Q(status__in=["expected", "received"]),
                name="return_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ReturnLine(models.Model):
    """expected (0: nobody announced it), received, and what was made of it."""

    return_order = models.ForeignKey(
        ReturnOrder,
        on_delete=models.CASCADE,
        related_name="lines",
        db_index=False,
        verbose_name=_("return order"),
    )
    product = models.ForeignKey(
        "warehouse.Product", on_delete=models.PROTECT, related_name="+", verbose_name=_("product")
    )
    expected = models.IntegerField(default=0, db_default=0, verbose_name=_("expected"))
    received = models.IntegerField(default=0, db_default=0, verbose_name=_("received"))
    restocked = models.IntegerField(default=0, db_default=0, verbose_name=_("restocked"))
    quarantined = models.IntegerField(default=0, db_default=0, verbose_name=_("quarantined"))
    scrapped = models.IntegerField(default=0, db_default=0, verbose_name=_("scrapped"))

    class Meta:
        verbose_name = _("return line")
        verbose_name_plural = _("return lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["return_order", "product"], name="return_line_once"),
            models.CheckConstraint(
                condition=Q(expected__gte=0, restocked__gte=0, quarantined__gte=0, scrapped__gte=0)
                & Q(received__gte=F("restocked") + F("quarantined") + F("scrapped")),
                name="return_line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(received)s of %(product)s") % {
            "received": self.received,
            "product": self.product,
        }

    @property
    def ungraded(self) -> int:
        return self.received - self.restocked - self.quarantined - self.scrapped
