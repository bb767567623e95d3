"""Goods on their way from one of our warehouses to another."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.words import one_of


class TransferStatus(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    IN_TRANSIT = "in_transit", _("In Transit")
    PARTLY_RECEIVED = "partly_received", _("Partly Received")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


class TransferOrder(models.Model):
    reference = models.CharField(max_length=40, unique=True, verbose_name=_("reference"))
    source = models.ForeignKey(
        "warehouse.Warehouse",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("source"),
    )
    destination = models.ForeignKey(
        "warehouse.Warehouse",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("destination"),
    )
    status = models.CharField(
        max_length=16,
        choices=TransferStatus,
        default=TransferStatus.REQUESTED,
        verbose_name=_("status"),
    )
    notes = models.CharField(max_length=500, blank=True, verbose_name=_("notes"))
    actor = models.CharField(max_length=NAME_LENGTH, verbose_name=_("actor"))
    created_at = models.DateTimeField(db_default=Now(), verbose_name=_("created at"))
    dispatched_at = models.DateTimeField(null=True, blank=True, verbose_name=_("dispatched at"))
    expected_at = models.DateTimeField(null=True, blank=True, verbose_name=_("expected at"))
    closed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("closed at"))

    class Meta:
        verbose_name = _("transfer order")
        verbose_name_plural = _("transfer orders")
        ordering = ["-id"]
        constraints = [
            one_of("status", TransferStatus, name="transfer_status_known"),
            models.CheckConstraint(
                condition=~Q(source=F("destination")), name="transfer_goes_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class TransferLine(models.Model):
    """dispatched = received + lost + what is on the road; `damaged` are of those received."""

    transfer = models.ForeignKey(
        TransferOrder,
        on_delete=models.CASCADE,
        related_name="lines",
        db_index=False,
        verbose_name=_("transfer"),
    )
    product = models.ForeignKey(
        "warehouse.Product", on_delete=models.PROTECT, related_name="+", verbose_name=_("product")
    )
    quantity = models.IntegerField(verbose_name=_("quantity"))
    dispatched = models.IntegerField(default=0, db_default=0, verbose_name=_("dispatched"))
    received = models.IntegerField(default=0, db_default=0, verbose_name=_("received"))
    damaged = models.IntegerField(default=0, db_default=0, verbose_name=_("damaged"))
    lost = models.IntegerField(default=0, db_default=0, verbose_name=_("lost"))

    class Meta:
        verbose_name = _("transfer line")
        verbose_name_plural = _("transfer lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "product"], name="transfer_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__gte=0, damaged__gte=0, lost__gte=0)
                & Q(quantity__gte=F("dispatched"))
                & Q(dispatched__gte=F("received") + F("lost"))
                & Q(received__gte=F("damaged")),
                name="transfer_line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(quantity)s of %(product)s") % {
            "quantity": self.quantity,
            "product": self.product,
        }
