"""What is asked for when a document is made in the back office."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.admin.making import (
    LinesField,
    MakingForm,
    choice,
    flag,
    long_text,
    moment,
    text,
)
from orders.queries.choices import suppliers, warehouses
from warehouse.lines import MAX_REFERENCE
from warehouse.services.sourcing import STRATEGIES

SOURCING: dict[str, Any] = {
    "most_available": _("Most available"),
    "single_warehouse_first": _("Single warehouse first"),
    "priority": _("Priority"),
}


class OrderForm(MakingForm):
    reference = text(
        _("Reference"), most=MAX_REFERENCE, required=True, words=_("The order's number.")
    )
    lines = LinesField()
    warehouse = choice(
        _("Warehouse"), required=False, words=_("Empty: from wherever there is stock.")
    )
    strategy = choice(_("Sourcing"), words=_("How warehouses are chosen where none is named."))
    priority = choice(_("Priority"))
    ship_by = moment(_("Ship by"))
    carrier = text(_("Carrier"), most=40)
    ship_to_name = text(_("Name"), most=120)
    ship_to_address = long_text(_("Address"), most=500)
    notes = text(_("Notes"), most=500, words=_("Printed on the packing slip."))
    draft = flag(_("Draft"), words=_("Promises nothing until it is confirmed."))

    def offer(self, *, within: Collection[str] | None) -> None:
        self.put("warehouse", warehouses(within=within), empty=gettext("Any"))
        self.put("strategy", [(name, SOURCING.get(name, name)) for name in STRATEGIES])
        told = {1: gettext("1 (first)"), 5: gettext("5 (usual)"), 9: gettext("9 (last)")}
        self.put("priority", [(str(n), told.get(n, str(n))) for n in range(1, 10)])
        self.fields["priority"].initial = "5"


class PurchaseForm(MakingForm):
    supplier = choice(_("Supplier"))
    warehouse = choice(_("Warehouse"))
    lines = LinesField()
    expected_at = moment(_("Expected"))
    notes = text(_("Notes"), most=500)

    def offer(self, *, within: Collection[str] | None) -> None:
        self.put_one("supplier", suppliers())
        self.put_one("warehouse", warehouses(within=within))


class ReturnForm(MakingForm):
    warehouse = choice(_("Warehouse"))
    order = text(_("Order"), most=MAX_REFERENCE, words=_("Empty: of unknown origin."))
    lines = LinesField()
    reason = text(_("Reason"), most=200, words=_("Why it comes back, as the customer says it."))

    def offer(self, *, within: Collection[str] | None) -> None:
        self.put_one("warehouse", warehouses(within=within))


class TransferForm(MakingForm):
    source = choice(_("From"))
    destination = choice(_("To"))
    lines = LinesField()
    expected_at = moment(_("Expected"))
    notes = text(_("Notes"), most=500)

    def offer(self, *, within: Collection[str] | None) -> None:
        self.put_one("source", warehouses(within=within))
        self.put_one("destination", warehouses(within=within))

    def clean(self) -> dict[str, object]:
        """Refuse a transfer to where the goods are already."""
        given = super().clean() or {}
        if given.get("source") and given.get("source") == given.get("destination"):
            raise forms.ValidationError(gettext("A transfer leads to another warehouse."))
        return given
