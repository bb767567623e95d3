"""What is ordered from suppliers, and what of it has come."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import NAME_LENGTH
from inventory_site.core.words import one_of


class PurchaseStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    PARTLY_RECEIVED = "partly_received", _("Partly Received")
    RECEIVED = "received", _("Received")
    CLOSED_SHORT = "closed_short", _("Closed Short")
    CANCELLED = "cancelled", _("Cancelled")


class PurchaseOrder(models.Model):
    """An order to one supplier, for one warehouse. Once it is sent, its lines count as inbound."""

    reference = models.CharField(max_length=40, unique=True, verbose_name=_("reference"))
    supplier = models.ForeignKey(
        "warehouse.Supplier", on_delete=models.PROTECT, related_name="+", verbose_name=_("supplier")
    )
    warehouse = models.ForeignKey(
        "warehouse.Warehouse",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("warehouse"),
    )
    status = models.CharField(
        max_length=16,
        choices=PurchaseStatus,
        default=PurchaseStatus.DRAFT,
        verbose_name=_("status"),
    )
    expected_at = models.DateTimeField(null=True, blank=True, verbose_name=_("expected at"))
    notes = models.CharField(max_length=500, blank=True, verbose_name=_("notes"))
    actor = models.CharField(max_length=NAME_LENGTH, editable=False, verbose_name=_("actor"))
    created_at = models.DateTimeField(
        db_default=Now(), editable=False, verbose_name=_("created at")
    )
    sent_at = models.DateTimeField(null=True, blank=True, editable=False, verbose_name=_("sent at"))
    closed_at = models.DateTimeField(
        null=True, blank=True, editable=False, verbose_name=_("closed at")
    )

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        ordering = ["-id"]
        constraints = [
            one_of("status", PurchaseStatus, name="purchase_status_known"),
        ]
        indexes = [
            models.Index(
                fields=["status", "expected_at"],
                condition=Q(status__in=["draft", "sent", "partly_received"]),
                name="purchase_order_to_do",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class PurchaseLine(models.Model):
    """`received` may exceed `quantity`: what came is booked, and the difference shown.

    `damaged` of those received were written off or quarantined on arrival.
    """

    order = models.ForeignKey(
        PurchaseOrder,
        on_delete=models.CASCADE,
        related_name="lines",
        db_index=False,
        verbose_name=_("order"),
    )
    product = models.ForeignKey(
        "warehouse.Product", on_delete=models.PROTECT, related_name="+", verbose_name=_("product")
    )
    quantity = models.IntegerField(verbose_name=_("quantity"))
    received = models.IntegerField(default=0, db_default=0, verbose_name=_("received"))
    damaged = models.IntegerField(default=0, db_default=0, verbose_name=_("damaged"))
    unit_cost = models.DecimalField(
        max_digits=12, decimal_places=4, null=True, blank=True, verbose_name=_("unit cost")
    )

    class Meta:
        verbose_name = _("purchase line")
        verbose_name_plural = _("purchase lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="purchase_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__gte=0, damaged__gte=0),
                name="purchase_line_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(quantity)s of %(product)s") % {
            "quantity": self.quantity,
            "product": self.product,
        }
