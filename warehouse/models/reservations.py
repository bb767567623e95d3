"""What is promised, to whom, and what could not be promised."""

from django.contrib.postgres.indexes import BTreeIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.words import one_of
from warehouse.models.catalog import Product
from warehouse.models.locations import Warehouse
from warehouse.models.stock import InventoryItem


class ReservationStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    FULFILLED = "fulfilled", _("Fulfilled")
    RELEASED = "released", _("Released")
    EXPIRED = "expired", _("Expired")


class Reservation(models.Model):
    """Stock promised to a reference: an order or a cart. The reference is unique for good."""

    reference = models.CharField(_("reference"), max_length=120)
    status = models.CharField(
        _("status"), max_length=10, choices=ReservationStatus, default=ReservationStatus.ACTIVE
    )
    fingerprint = models.CharField(
        _("fingerprint"), max_length=64, help_text=_("Tells a repeated request from another one.")
    )
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    pinned = models.BooleanField(
        _("pinned"),
        default=False,
        help_text=_("The warehouse was named, or the caller limited: never sourced elsewhere."),
    )
    owner = models.CharField(
        _("owner"),
        max_length=20,
        blank=True,
        db_default="",
        help_text=_("The part of the house that is told when this promise changes."),
    )
    actor = models.CharField(_("actor"), max_length=NAME_LENGTH)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    updated_at = models.DateTimeField(_("updated at"), db_default=Now())

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["-id"]
        constraints = [
            one_of("status", ReservationStatus, name="reservation_status_known"),
            # Not `unique=True`, which would add a second index for LIKE to this hot table.
            models.UniqueConstraint(fields=["reference"], name="reservation_reference_once"),
        ]
        indexes = [
            BTreeIndex(
                fields=["expires_at"],
                condition=Q(status="active", expires_at__isnull=False),
                name="reservation_due",
            ),
            BTreeIndex(
                fields=["actor"], condition=Q(status="active"), name="reservation_open_by_actor"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ReservationLine(models.Model):
    """What one reservation holds of one item.

    quantity = shipped + released + backordered + open. Only the open part counts as `reserved`;
    a backordered part is promised but not there (a shortage was found), and waits for arrivals.
    """

    reservation = models.ForeignKey(
        Reservation,
        verbose_name=_("reservation"),
        on_delete=models.PROTECT,
        related_name="lines",
        db_index=False,
    )
    item = models.ForeignKey(
        InventoryItem,
        verbose_name=_("item"),
        on_delete=models.PROTECT,
        related_name="reservation_lines",
        db_index=False,
    )
    quantity = models.IntegerField(_("quantity"))
    shipped = models.IntegerField(_("shipped"), default=0)
    released = models.IntegerField(_("released"), default=0)
    backordered = models.IntegerField(_("backordered"), default=0)

    class Meta:
        verbose_name = _("reservation line")
        verbose_name_plural = _("reservation lines")
        constraints = [
            models.UniqueConstraint(fields=["reservation", "item"], name="reservation_line_once"),
            models.CheckConstraint(
                condition=Q(shipped__gte=0, released__gte=0, backordered__gte=0)
                & Q(quantity__gte=F("shipped") + F("released") + F("backordered")),
                name="reservation_line_adds_up",
            ),
        ]
        indexes = [
            # Who holds this item: read newest first when a shelf turns out to hold less.
            models.Index(
                fields=["item", "reservation"],
                condition=Q(quantity__gt=F("shipped") + F("released") + F("backordered")),
                name="reservation_line_open",
            ),
            models.Index(
                fields=["item", "reservation"],
                condition=Q(backordered__gt=0),
                name="reservation_line_backorder",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(units)s of %(item)s") % {"units": self.quantity, "item": self.item}


class LostDemand(models.Model):
    """A request, or the part of one, that was refused because the stock was not there."""

    reference = models.CharField(_("reference"), max_length=120)
    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="lost_demand"
    )
    warehouse = models.ForeignKey(
        Warehouse, verbose_name=_("warehouse"), on_delete=models.PROTECT, null=True, blank=True
    )
    requested = models.IntegerField(_("requested"))
    available = models.IntegerField(_("available"))
    actor = models.CharField(_("actor"), max_length=NAME_LENGTH)
    occurred_at = models.DateTimeField(_("occurred at"), db_default=Now())

    class Meta:
        verbose_name = _("lost demand")
        verbose_name_plural = _("lost demand")
        constraints = [
            models.UniqueConstraint(fields=["reference", "product"], name="lost_demand_once"),
            models.CheckConstraint(
                condition=Q(available__gte=0) & Q(requested__gt=F("available")),
                name="lost_demand_is_short",
            ),
        ]

    def __str__(self) -> str:
        short = self.requested - self.available
        told = {"reference": self.reference, "units": short, "product": self.product}
        return gettext("%(reference)s: %(units)s of %(product)s") % told
