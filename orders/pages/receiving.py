"""A lorry at the dock: its purchase order or transfer, the goods, how many, what is broken."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.core.roles import RECEIVER
from orders.errors import NotOnDocument, UnlikelyQuantity
from orders.pages.arriving import Visit
from orders.pages.base import Elsewhere, FloorPage, Said, whole_number
from orders.pages.coming import Coming, expected, find
from orders.pages.in_hand import book, booked, in_hand, put_down, take
from orders.pages.leading import nothing_to_do
from orders.queries.purchases import PurchaseLineView
from orders.queries.transfers import TransferLineView
from orders.services.putting_away import goods_of
from orders.services.receiving import ArrivedLine, receive_purchase, receive_without_order
from orders.services.scanning import scanned
from orders.services.transferring import CarriedLine, receive_transfer
from warehouse.lines import MAX_QUANTITY
from warehouse.services.places import RECEIVING

MORE_ORDERED = gettext_lazy("%(quantity)s is %(over)s more than ordered. Count again.")
MORE_SENT = gettext_lazy("%(quantity)s is %(over)s more than was sent. Count again.")


def address(reference: str) -> str:
    return reverse("floor:receive-one", kwargs={"reference": reference})


class ReceiveList(FloorPage):
    """What is to come, the earliest first."""

    roles = (RECEIVER,)
    template = "floor/receiving_list.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        return {"coming": expected(visit.warehouse.code), "booked": booked(visit)}

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
            if not one.open:
                return Said(nothing_to_do(one.known_at(visit.warehouse.code)), "note")
            return Said(f"{one.reference}.", next=address(one.reference))
        bringing = [x for x in coming if (line := x.line(known[0].code)) and line.left]
        if len(bringing) != 1:
            words = (
                _("More than one (%(n)s) brings %(code)s. Choose below.")
                if bringing
                else _("No open order brings %(code)s. Choose below.")
            )
            raise NotOnDocument(words % {"n": len(bringing), "code": known[0].code})
        return Said(
            _("%(code)s is on %(reference)s. Scan it again there.")
            % {"code": known[0].code, "reference": bringing[0].reference},
            next=address(bringing[0].reference),
        )


class Step(FloorPage):
    """Goods, then how many and how they are."""

    roles = (RECEIVER,)
    template = "floor/receiving_order.html"
    camera = True

    def do_drop(self, visit: Visit, sent: QueryDict, **names: Any) -> Said:
        put_down(visit)
        return Said(_("Scan the next goods."), "note")

    def counts(self, sent: QueryDict) -> tuple[str, int, int, int]:
        """SKU, how many came, of which broken, and how many are known to be lost."""
        most = MAX_QUANTITY
        lost = whole_number(sent, "lost", least=0, most=most) if sent.get("lost") else 0
        quantity = whole_number(sent, "quantity", least=0 if lost else 1, most=most)
        damaged = (
            whole_number(sent, "damaged", least=0, most=quantity) if sent.get("damaged") else 0
        )
        return sent.get("sku", ""), quantity, damaged, lost

    def ask(self, visit: Visit, words: str, question: str, **told: Any) -> Said:
        """Say what is to be doubted of a number; it is booked once that very question was confirmed."""
        take(visit, asked=words, question=question, **told)
        return Said(words, "note")


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
            "booked": booked(visit),
            "progress": (coming.received, coming.received + coming.left) if coming.left else None,
        }

    def do_scan(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        goods = goods_of(code=sent.get("code", ""), warehouse=visit.warehouse.code)
        line = find(visit, reference).line(goods.code)
        if line is None:
            raise NotOnDocument(
                _(
                    "%(code)s %(name)s is not on %(reference)s. Set it aside, or receive it "
                    "without an order."
                )
                % {"code": goods.code, "name": goods.name, "reference": reference}
            )
        take(visit, sku=goods.code, name=goods.name, quantity=line.left or 1)
        return Said(
            _("%(code)s: %(left)s to come. How many are there?")
            % {"code": goods.code, "left": line.left}
        )

    def do_receive(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """Book them in RECEIVING. More than ordered is asked about, and so is another surplus than that."""
        sku, quantity, damaged, lost = self.counts(sent)
        coming = find(visit, reference)
        line = coming.line(sku)
        if line is None:
            raise NotOnDocument(
                _("%(sku)s is not on %(reference)s.") % {"sku": sku, "reference": reference}
            )
        over = max(0, quantity - line.left)
        question = f"{quantity}:{over}"
        if over and sent.get("over") != question:
            words = MORE_SENT if coming.transfer else MORE_ORDERED
            told = str(words) % {"quantity": quantity, "over": over}
            held = {"sku": line.sku, "name": line.name, "quantity": quantity, "damaged": damaged}
            return self.ask(visit, told, question, **held, lost=lost)
        if coming.transfer:
            receive_transfer(
                reference=coming.reference,
                lines=[CarriedLine(line.sku, quantity, RECEIVING, damaged, lost)],
                accept_over=bool(over),
                actor=visit.staff.actor,
                within=[visit.warehouse.code],
            )
        else:
            receive_purchase(
                reference=coming.reference,
                lines=[ArrivedLine(line.sku, quantity, RECEIVING, damaged)],
                asked_over=over,
                actor=visit.staff.actor,
                within=[visit.warehouse.code],
            )
        book(visit, sku=line.sku, quantity=quantity)
        return _booked(coming, line, quantity, damaged, lost)


def _booked(
    coming: Coming,
    line: PurchaseLineView | TransferLineView,
    quantity: int,
    damaged: int,
    lost: int,
) -> Said:
    left = line.left - quantity - lost
    words = [
        _("%(quantity)s of %(sku)s received.") % {"quantity": quantity, "sku": line.sku}
        if quantity
        else f"{line.sku}:"
    ]
    if damaged:
        words.append(_("%(damaged)s damaged: put them into QUARANTINE.") % {"damaged": damaged})
    if lost:
        words.append(_("%(lost)s lost.") % {"lost": lost})
    if left > 0:
        words.append(_("%(left)s still to come.") % {"left": left})
    if left < 0:
        more = (
            _("%(left)s more than was sent; they are booked as found, and %(sender)s is told.")
            if coming.transfer
            else _("%(left)s more than ordered.")
        )
        words.append(more % {"left": -left, "sender": coming.sender})
    return Said(" ".join(words), "ok" if left == 0 and not damaged and not lost else "note")


class ReceiveWithoutOrder(Step):
    """Goods that nobody ordered."""

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        return {"held": in_hand(visit) or {}, "booked": booked(visit)}

    def do_scan(self, visit: Visit, sent: QueryDict) -> Said:
        goods = goods_of(code=sent.get("code", ""), warehouse=visit.warehouse.code)
        take(visit, sku=goods.code, name=goods.name, quantity=1)
        return Said(_("%(code)s. How many are there?") % {"code": goods.code})

    def do_receive(self, visit: Visit, sent: QueryDict) -> Said:
        """Book them in RECEIVING. A number that is hardly meant is asked about once."""
        sku, quantity, damaged, _lost = self.counts(sent)
        try:
            moved = receive_without_order(
                warehouse=visit.warehouse.code,
                lines=[ArrivedLine(sku, quantity, RECEIVING, damaged)],
                accept_unlikely=sent.get("over") == str(quantity),
                actor=visit.staff.actor,
                within=[visit.warehouse.code],
            )
        except UnlikelyQuantity as doubt:
            name = (in_hand(visit) or {}).get("name", "")
            held = {"sku": sku, "name": name, "quantity": quantity, "damaged": damaged}
            return self.ask(visit, doubt.detail, str(quantity), **held)
        book(visit, sku=sku, quantity=quantity)
        return Said(
            _("%(quantity)s of %(sku)s received without an order (%(reference)s).")
            % {"quantity": quantity, "sku": sku, "reference": moved.reference}
        )


ADDRESSES = [
    path("receive/", ReceiveList.as_view(), name="receive"),
    path("receive/without-order/", ReceiveWithoutOrder.as_view(), name="receive-without"),
    path("receive/<path:reference>/", ReceiveOne.as_view(), name="receive-one"),
]
