"""A lorry at the dock: its purchase order or transfer, the goods, how many, what is broken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import path, reverse

from inventory_site.core.roles import RECEIVER
from orders.errors import NotOnDocument, OtherWarehouse, UnknownCode
from orders.pages.arriving import Visit
from orders.pages.base import Elsewhere, FloorPage, Said, whole_number
from orders.pages.in_hand import in_hand, put_down, take
from orders.pages.tiles import address_of
from orders.queries.purchases import PurchaseLineView, PurchaseView, coming_to, purchase_views
from orders.queries.transfers import (
    TransferLineView,
    TransferView,
    on_the_road_to,
    transfer_views,
)
from orders.services.putting_away import goods_of
from orders.services.receiving import ArrivedLine, receive_purchase, receive_without_order
from orders.services.scanning import scanned
from orders.services.transferring import CarriedLine, receive_transfer
from orders.states import P_RECEIVABLE, T_COMING
from warehouse.lines import MAX_QUANTITY
from warehouse.services.places import RECEIVING


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes under a reference, from a supplier or from another warehouse of ours."""

    reference: str
    sender: str
    warehouse: str
    transfer: bool
    open: bool
    expected_at: datetime | None
    lines: Sequence[PurchaseLineView | TransferLineView]

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
        paper.reference, paper.supplier, paper.warehouse, False, paper.status in P_RECEIVABLE,
        paper.expected_at, paper.lines,
    )  # fmt: skip


def of_transfer(paper: TransferView) -> Coming:
    return Coming(
        paper.reference, paper.source, paper.destination, True, paper.status in T_COMING,
        paper.expected_at, [line for line in paper.lines if line.dispatched],
    )  # fmt: skip


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
    if any(coming.warehouse in {x.code for x in visit.choices} for coming in found):
        raise OtherWarehouse(
            f"{reference} goes to {found[0].warehouse}, and you are in {visit.warehouse.code}."
        )
    raise UnknownCode(f"Nothing comes here under {reference[:40]}.")


def address(reference: str) -> str:
    return reverse("floor:receive-one", kwargs={"reference": reference})


class ReceiveList(FloorPage):
    """What is to come, the earliest first."""

    roles = (RECEIVER,)
    template = "floor/receiving_list.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        return {"coming": expected(visit.warehouse.code)}

    def do_scan(self, visit: Visit, sent: QueryDict) -> Said:
        """The number of a delivery note leads to its order, and so do goods that one order brings."""
        code = sent.get("code", "").strip()
        coming = expected(visit.warehouse.code)
        for one in coming:
            if one.reference.upper() == code.upper():
                return Said(f"{one.reference}.", next=address(one.reference))
        known = scanned(code=code, warehouse=visit.warehouse.code)
        if not known or known[0].kind != "product":
            one = find(visit, code)
            return Said(f"{one.reference}.", next=address(one.reference))
        bringing = [x for x in coming if (line := x.line(known[0].code)) and line.left]
        if len(bringing) != 1:
            count = "No open order" if not bringing else f"More than one ({len(bringing)})"
            raise NotOnDocument(f"{count} brings {known[0].code}. Choose below.")
        return Said(f"{known[0].code} is on {bringing[0].reference}. Scan it again there.",
                    next=address(bringing[0].reference))  # fmt: skip


class Step(FloorPage):
    """Goods, then how many and how they are."""

    roles = (RECEIVER,)
    template = "floor/receiving_order.html"
    camera = True

    def do_drop(self, visit: Visit, sent: QueryDict, **names: Any) -> Said:
        put_down(visit)
        return Said("Scan the next goods.", "note")

    def counts(self, sent: QueryDict) -> tuple[str, int, int, int]:
        """SKU, how many came, of which broken, and how many are known to be lost."""
        most = MAX_QUANTITY
        lost = whole_number(sent, "lost", least=0, most=most) if sent.get("lost") else 0
        quantity = whole_number(sent, "quantity", least=0 if lost else 1, most=most)
        damaged = (
            whole_number(sent, "damaged", least=0, most=quantity) if sent.get("damaged") else 0
        )
        return sent.get("sku", ""), quantity, damaged, lost


class ReceiveOne(Step):
    """One purchase order or transfer at the dock."""

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        coming = find(visit, names["reference"])
        if not coming.open:
            raise Elsewhere(reverse("floor:receive"))
        held = in_hand(visit)
        line = coming.line(held["sku"]) if held else None
        return {
            "coming": coming,
            "line": line,
            "held": held or {},
            "labels": address_of("floor:labels"),
            "progress": (coming.received, coming.received + coming.left) if coming.left else None,
        }

    def do_scan(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        goods = goods_of(code=sent.get("code", ""), warehouse=visit.warehouse.code)
        line = find(visit, reference).line(goods.code)
        if line is None:
            raise NotOnDocument(
                f"{goods.code} {goods.name} is not on {reference}. Set it aside, or receive it without "
                "an order."
            )
        take(visit, sku=goods.code, name=goods.name, quantity=line.left or 1)
        return Said(f"{goods.code}: {line.left} to come. How many are there?")

    def do_receive(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """Book them in RECEIVING. More than ordered is asked about once."""
        sku, quantity, damaged, lost = self.counts(sent)
        coming = find(visit, reference)
        line = coming.line(sku)
        if line is None:
            raise NotOnDocument(f"{sku} is not on {reference}.")
        actor, within = visit.staff.actor, [visit.warehouse.code]
        if coming.transfer:
            carried = CarriedLine(line.sku, quantity, RECEIVING, damaged, lost)
            receive_transfer(
                reference=coming.reference, lines=[carried], actor=actor, within=within
            )
        else:
            over = quantity - line.left
            if over > 0 and sent.get("over") != "yes":
                held = {"sku": line.sku, "name": line.name, "quantity": quantity}
                take(visit, **held, damaged=damaged, over=over)
                return Said(f"{quantity} is {over} more than ordered. Count again.", "note")
            arrived = ArrivedLine(line.sku, quantity, RECEIVING, damaged)
            accept = sent.get("over") == "yes"
            receive_purchase(
                reference=coming.reference,
                lines=[arrived],
                accept_over=accept,
                actor=actor,
                within=within,
            )
        put_down(visit)
        return _booked(line, quantity, damaged, lost)


def _booked(
    line: PurchaseLineView | TransferLineView, quantity: int, damaged: int, lost: int
) -> Said:
    left = line.left - quantity - lost
    words = [f"{quantity} of {line.sku} received." if quantity else f"{line.sku}:"]
    if damaged:
        words.append(f"{damaged} damaged: put them into QUARANTINE.")
    if lost:
        words.append(f"{lost} lost.")
    if left > 0:
        words.append(f"{left} still to come.")
    if left < 0:
        words.append(f"{-left} more than ordered.")
    return Said(" ".join(words), "ok" if left == 0 and not damaged and not lost else "note")


class ReceiveWithoutOrder(Step):
    """Goods that nobody ordered."""

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        return {"held": in_hand(visit) or {}, "labels": address_of("floor:labels")}

    def do_scan(self, visit: Visit, sent: QueryDict) -> Said:
        goods = goods_of(code=sent.get("code", ""), warehouse=visit.warehouse.code)
        take(visit, sku=goods.code, name=goods.name, quantity=1)
        return Said(f"{goods.code}. How many are there?")

    def do_receive(self, visit: Visit, sent: QueryDict) -> Said:
        sku, quantity, damaged, _ = self.counts(sent)
        moved = receive_without_order(
            warehouse=visit.warehouse.code,
            lines=[ArrivedLine(sku, quantity, RECEIVING, damaged)],
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        put_down(visit)
        return Said(f"{quantity} of {sku} received without an order ({moved.reference}).")


ADDRESSES = [
    path("receive/", ReceiveList.as_view(), name="receive"),
    path("receive/without-order/", ReceiveWithoutOrder.as_view(), name="receive-without"),
    path("receive/<path:reference>/", ReceiveOne.as_view(), name="receive-one"),
]
