"""What is asked for when a document is made in the back office."""

from collections.abc import Collection

from django import forms

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


class OrderForm(MakingForm):
    reference = text("Reference", most=MAX_REFERENCE, required=True, words="The order's number.")
    lines = LinesField()
    warehouse = choice("Warehouse", required=False, words="Empty: from wherever there is stock.")
    strategy = choice("Sourcing")
    priority = choice("Priority")
    ship_by = moment("Ship by")
    carrier = text("Carrier", most=40)
    ship_to_name = text("Name", most=120)
    ship_to_address = long_text("Address", most=500)
    notes = text("Notes", most=500, words="Printed on the packing slip.")
    draft = flag("Draft", words="Promises nothing until it is confirmed.")

    def offer(self, *, within: Collection[str] | None) -> None:
        self.put("warehouse", warehouses(within=within), empty="Any")
        self.put("strategy", [(name, name.replace("_", " ").capitalize()) for name in STRATEGIES])
        told = {1: "1 (first)", 5: "5 (usual)", 9: "9 (last)"}
        self.put("priority", [(str(n), told.get(n, str(n))) for n in range(1, 10)])
        self.fields["priority"].initial = "5"


class PurchaseForm(MakingForm):
    supplier = choice("Supplier")
    warehouse = choice("Warehouse")
    lines = LinesField()
    expected_at = moment("Expected")
    notes = text("Notes", most=500)

    def offer(self, *, within: Collection[str] | None) -> None:
        self.put_one("supplier", suppliers())
        self.put_one("warehouse", warehouses(within=within))


class ReturnForm(MakingForm):
    warehouse = choice("Warehouse")
    order = text("Order", most=MAX_REFERENCE, words="Empty: of unknown origin.")
    lines = LinesField()
    reason = text("Reason", most=200)

    def offer(self, *, within: Collection[str] | None) -> None:
        self.put_one("warehouse", warehouses(within=within))


class TransferForm(MakingForm):
    source = choice("From")
    destination = choice("To")
    lines = LinesField()
    expected_at = moment("Expected")
    notes = text("Notes", most=500)

    def offer(self, *, within: Collection[str] | None) -> None:
        self.put_one("source", warehouses(within=within))
        self.put_one("destination", warehouses(within=within))

    def clean(self) -> dict[str, object]:
        """Refuse a transfer to where the goods are already."""
        given = super().clean() or {}
        if given.get("source") and given.get("source") == given.get("destination"):
            raise forms.ValidationError("A transfer leads to another warehouse.")
        return given
