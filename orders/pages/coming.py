"""What comes to a dock under a reference: purchase orders and transfers, seen alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orders.errors import OtherWarehouse, UnknownCode
from orders.pages.arriving import Visit
from orders.pages.leading import nothing_to_do
from orders.queries.codes import Resolved
from orders.queries.purchases import PurchaseLineView, PurchaseView, coming_to, purchase_views
from orders.queries.transfers import (
    TransferLineView,
    TransferView,
    on_the_road_to,
    transfer_views,
)
from orders.states import P_RECEIVABLE, T_COMING


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes under a reference, from a supplier or from another warehouse of ours."""

    reference: str
    sender: str
    warehouse: str
    transfer: bool
    status: str
    expected_at: datetime | None
    lines: Sequence[PurchaseLineView | TransferLineView]

    @property
    def open(self) -> bool:
        """Goods of it may be received."""
        return self.status in (T_COMING if self.transfer else P_RECEIVABLE)

    def known_at(self, warehouse: str) -> Resolved:
        """As its code is known at the end where one stands."""
        if self.transfer and warehouse == self.sender:
            return Resolved(
                "transfer_out", self.reference, self.sender, self.status, self.warehouse
            )
        kind = "transfer" if self.transfer else "purchase_order"
        return Resolved(kind, self.reference, self.warehouse, self.status, self.sender)

    @property
    def left(self) -> int:
        return sum(line.left for line in self.lines)

    @property
    def received(self) -> int:
        return sum(line.received for line in self.lines)

    def line(self, sku: str) -> PurchaseLineView | TransferLineView | None:
        return next((line for line in self.lines if line.sku == sku), None)


def of_purchase(paper: PurchaseView) -> Coming:
    return Coming(
        paper.reference,
        paper.supplier,
        paper.warehouse,
        False,
        paper.status,
        paper.expected_at,
        paper.lines,
    )


def of_transfer(paper: TransferView) -> Coming:
    return Coming(
        paper.reference,
        paper.source,
        paper.destination,
        True,
        paper.status,
        paper.expected_at,
        [line for line in paper.lines if line.dispatched],
    )


def expected(warehouse: str) -> list[Coming]:
    """Everything that is still to come here."""
    return [
        *(of_purchase(paper) for paper in coming_to(warehouse=warehouse)),
        *(of_transfer(paper) for paper in on_the_road_to(warehouse=warehouse)),
    ]


def find(visit: Visit, reference: str) -> Coming:
    """The paper of that reference. Raises UnknownCode, OtherWarehouse."""
    found = [
        *(of_purchase(paper) for paper in purchase_views(references=[reference])),
        *(of_transfer(paper) for paper in transfer_views(references=[reference])),
    ]
    here = [coming for coming in found if coming.warehouse == visit.warehouse.code]
    if here:
        return here[0]
    told = {"reference": reference[:40], "code": visit.warehouse.code}
    for coming in found:
        if coming.transfer and coming.sender == visit.warehouse.code:
            raise OtherWarehouse(nothing_to_do(coming.known_at(visit.warehouse.code)))
        if coming.warehouse in {place.code for place in visit.choices}:
            words = _("%(reference)s goes to %(warehouse)s, and you are in %(code)s.")
            raise OtherWarehouse(words % (told | {"warehouse": coming.warehouse}))
    raise UnknownCode(_("Nothing comes here under %(reference)s.") % told)
