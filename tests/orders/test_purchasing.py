"""Purchase orders: drafted, sent, received in parts, closed short, cancelled."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.models import OutboxEvent
from orders.errors import DocumentNotFound, NotOnDocument, OverDelivery, UnknownSupplier
from orders.queries.purchases import coming_to, purchase_page, suggested
from orders.services.purchasing import (
    ArrivedLine,
    PurchaseLine,
    cancel_purchase,
    change_lines,
    close_short,
    draft,
    draft_from_suggestions,
    receive_purchase,
    receive_purchases,
    receive_without_order,
    send,
    send_batch,
)
from orders.states import WrongState
from tests.factories import BinFactory, counters, do, item, stock, warehouse
from tests.orders.shipped import supplied
from tests.warehouse.statements import sent_by
from warehouse.errors import (
    InvalidLines,
    ReferenceConflict,
    UnknownSku,
    WarehouseNotAllowed,
)
from warehouse.lines import ReserveLine
from warehouse.models import BinStock, InventoryItem, Product
from warehouse.services.proof import verify_ledger
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def drafted(reference="PO-1", **lines):
    supplied(*(lines or {"A": 10}))
    return do(
        draft,
        reference=reference,
        supplier="ACME",
        warehouse="MAIN",
        lines=[PurchaseLine(sku, units) for sku, units in (lines or {"A": 10}).items()],
    )


def sent(reference="PO-1", **lines):
    drafted(reference, **lines)
    return do(send, reference=reference, now=NOON)


def bins(sku):
    held = BinStock.objects.filter(item__product__sku=sku, quantity__gt=0)
    return dict(held.values_list("bin__code", "quantity"))


def test_a_draft_changes_no_stock_and_keeps_the_cost_of_the_day():
    supplied("A", "B", unit_cost="2.50")
    lines = [PurchaseLine("a ", 2), PurchaseLine("B", 1, 9), PurchaseLine("A", 3)]
    paper = do(draft, supplier="ACME", warehouse="MAIN", lines=lines)
    assert paper.reference.startswith("PO-")
    assert paper.status == "draft"
    assert [(x.sku, x.quantity, str(x.unit_cost)) for x in paper.lines] == [
        ("A", 5, "2.5000"),
        ("B", 1, "9.0000"),
    ]
    assert not InventoryItem.objects.exists()
    told = OutboxEvent.objects.get(reference=paper.reference)
    assert (told.type, told.levels) == ("purchase.drafted", [])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"supplier": "NOBODY"}, UnknownSupplier),
        ({"lines": [PurchaseLine("NOPE", 1)]}, UnknownSku),
        ({"lines": []}, InvalidLines),
        ({"lines": [PurchaseLine("A", 0)]}, InvalidLines),
        ({"reference": "PO-1"}, ReferenceConflict),
        ({"within": {"EAST"}}, WarehouseNotAllowed),
    ],
)
def test_what_a_draft_refuses(change, error):
    drafted()
    given = {"supplier": "ACME", "warehouse": "MAIN", "lines": [PurchaseLine("A", 1)]}
    with pytest.raises(error):
        do(draft, **given | change)


def test_lines_of_a_draft_are_replaced_and_those_of_a_sent_order_are_not():
    drafted(A=10)
    supplied("B")
    paper = do(change_lines, reference="PO-1", lines=[PurchaseLine("B", 4)])
    assert [(x.sku, x.quantity) for x in paper.lines] == [("B", 4)]
    do(send, reference="PO-1")
    with pytest.raises(WrongState, match="PO-1 is sent"):
        do(change_lines, reference="PO-1", lines=[PurchaseLine("B", 5)])


def test_sending_counts_as_inbound_and_is_expected_after_the_longest_lead_time():
    drafted(A=10, B=5)
    Product.objects.filter(sku="B").update(lead_time_days=20)
    paper = do(send, reference="PO-1", now=NOON)
    assert (paper.status, paper.sent_at) == ("sent", NOON)
    assert paper.expected_at == NOON + timedelta(days=20)
    assert counters("A") == (0, 0, 0, 10)
    with pytest.raises(WrongState):
        do(send, reference="PO-1")


def test_an_order_comes_in_parts_and_fills_who_waits():
    sent(A=10, B=5)
    do(reserve, reference="O", lines=[ReserveLine("A", 3)], backorder=True)
    receipt = do(receive_purchase, reference="PO-1", lines=[ArrivedLine("A", 4)])
    assert receipt.order.status == "partly_received"
    assert [(x.sku, x.kind) for x in receipt.notices] == [("A", "under")]
    assert counters("A") == (4, 3, 0, 6)
    rest = do(receive_purchase, reference="PO-1", now=NOON)
    assert (rest.order.status, rest.notices) == ("received", [])
    assert (counters("A"), counters("B")) == ((10, 3, 0, 0), (5, 0, 0, 0))
    assert do(receive_purchase, reference="PO-1", lines=[ArrivedLine("A", 1)]).notices
    with pytest.raises(WrongState, match="still to come"):
        do(receive_purchase, reference="PO-1")
    assert verify_ledger() == []


def test_damaged_units_lie_in_quarantine_and_are_no_longer_inbound():
    sent(A=10)
    lines = [ArrivedLine("A", 10, bin="RECEIVING", damaged=3)]
    receipt = do(receive_purchase, reference="PO-1", lines=lines)
    assert bins("A") == {"RECEIVING": 7, "QUARANTINE": 3}
    assert counters("A") == (10, 0, 3, 0)
    assert [(x.kind, x.damaged) for x in receipt.notices] == [("damaged", 3)]
    with pytest.raises(InvalidLines, match="damaged"):
        do(receive_purchase, reference="PO-1", lines=[ArrivedLine("A", 1, damaged=2)])


def test_more_than_ordered_is_booked_or_refused_as_asked():
    sent(A=10)
    with pytest.raises(OverDelivery) as refused:
        do(receive_purchase, reference="PO-1", lines=[ArrivedLine("A", 12)], accept_over=False)
    assert refused.value.items == [{"sku": "A", "ordered": 10, "received": 12}]
    assert counters("A") == (0, 0, 0, 10)
    receipt = do(receive_purchase, reference="PO-1", lines=[ArrivedLine("A", 12)])
    assert receipt.order.status == "received"
    assert [(x.kind, x.ordered, x.received) for x in receipt.notices] == [("over", 10, 12)]
    assert counters("A") == (12, 0, 0, 0)


def test_what_is_not_on_the_order_is_named_and_can_come_without_one():
    sent(A=10)
    supplied("B")
    with pytest.raises(NotOnDocument, match="B is not on PO-1"):
        do(receive_purchase, reference="PO-1", lines=[ArrivedLine("B", 1)])
    moved = do(receive_without_order, warehouse="MAIN", lines=[ArrivedLine("B", 3, "RECEIVING", 1)])
    assert moved.reference.startswith("IN-")
    assert (bins("B"), counters("B")) == ({"RECEIVING": 2, "QUARANTINE": 1}, (3, 0, 1, 0))


def test_closing_short_ends_what_is_inbound_and_a_late_rest_is_booked_all_the_same():
    sent(A=10)
    do(receive_purchase, reference="PO-1", lines=[ArrivedLine("A", 4)])
    with pytest.raises(WrongState, match="close it short"):
        do(cancel_purchase, reference="PO-1")
    closed = do(close_short, reference="PO-1", now=NOON)
    assert (closed.status, closed.closed_at, counters("A")) == ("closed_short", NOON, (4, 0, 0, 0))
    late = do(receive_purchase, reference="PO-1", lines=[ArrivedLine("A", 2)])
    assert (late.order.status, counters("A")) == ("closed_short", (6, 0, 0, 0))
    with pytest.raises(WrongState):
        do(close_short, reference="PO-1")


def test_a_draft_and_a_sent_order_can_be_cancelled():
    drafted("PO-1")
    assert do(cancel_purchase, reference="PO-1").status == "cancelled"
    sent("PO-2")
    assert do(cancel_purchase, reference="PO-2").status == "cancelled"
    assert counters("A") == (0, 0, 0, 0)
    with pytest.raises(WrongState):
        do(receive_purchase, reference="PO-2", lines=[ArrivedLine("A", 1)])
    with pytest.raises(DocumentNotFound):
        do(send, reference="PO-9")


def suggest(**units):
    do(
        set_reorder_batch,
        settings=[ReorderSetting(sku, "MAIN", 5, quantity) for sku, quantity in units.items()],
    )


def test_suggestions_become_one_draft_per_supplier_and_are_not_ordered_twice():
    supplied("A", "B")
    supplied("C", code="BRASS")
    stock({("LOOSE", "MAIN"): 0})
    suggest(A=20, B=30, C=40, LOOSE=50)
    drafts = do(draft_from_suggestions)
    assert [(d.supplier, [(x.sku, x.quantity) for x in d.lines]) for d in drafts] == [
        ("ACME", [("A", 20), ("B", 30)]),
        ("BRASS", [("C", 40)]),
    ]
    assert do(draft_from_suggestions) == []
    assert [(x.sku, x.supplier) for x in suggested(warehouses=None)] == [("LOOSE", None)]
    do(cancel_purchase, reference=drafts[1].reference)
    assert [d.supplier for d in do(draft_from_suggestions)] == ["BRASS"]
    assert do(draft_from_suggestions, within={"EAST"}) == []
    with pytest.raises(WarehouseNotAllowed):
        do(draft_from_suggestions, warehouse="MAIN", within={"EAST"})


def many(n, *, lines):
    names = [f"PO-{place}" for place in range(n)]
    skus = {f"S{place:03d}": 10 for place in range(lines)}
    stock({(sku, "MAIN"): 1 for sku in skus})
    for name in names:
        drafted(name, **skus)
    return names


@pytest.mark.parametrize(("n", "lines"), [(1, 1), (2, 30), (20, 5)])
def test_statements_do_not_grow_with_orders_or_lines(n, lines):
    names = many(n, lines=lines)
    assert len(sent_by(do, send_batch, references=names)) == 11
    assert len(sent_by(do, receive_purchases, references=names)) == 12
    assert counters("S000") == (10 * n + 1, 0, 0, 0)
    told = OutboxEvent.objects.filter(type="stock.received", reference__startswith="PO")
    assert sorted(told.values_list("reference", flat=True)) == sorted(names)
    assert verify_ledger() == []


def test_a_batch_is_sent_whole_or_not_at_all():
    many(2, lines=1)
    with pytest.raises(DocumentNotFound, match="PO-9"):
        do(send_batch, references=["PO-0", "PO-9"])
    due = {"PO-1": NOON + timedelta(days=3)}
    papers = do(send_batch, references=["PO-1", "PO-0"], expected_at=due, now=NOON)
    assert [(x.reference, x.expected_at) for x in papers] == [
        ("PO-1", NOON + timedelta(days=3)),
        ("PO-0", NOON + timedelta(days=7)),
    ]
    assert [paper.reference for paper in coming_to(warehouse="MAIN")] == ["PO-1", "PO-0"]


def test_pages_show_the_newest_first_and_only_what_may_be_seen():
    many(3, lines=2)
    page = purchase_page(limit=2)
    assert [paper.reference for paper in page] == ["PO-2", "PO-1"]
    assert [len(paper.lines) for paper in page] == [2, 2]
    assert [p.reference for p in purchase_page(limit=2, before=page[-1].id)] == ["PO-0"]
    assert purchase_page(limit=9, within={"EAST"}) == []
    assert purchase_page(limit=9, status="sent") == []
    assert len(purchase_page(limit=9, supplier="ACME", warehouse="MAIN", within={"MAIN"})) == 3


def test_a_receipt_can_name_its_bin():
    sent(A=10)
    BinFactory(warehouse=warehouse(), code="B-02-02")
    do(receive_purchase, reference="PO-1", lines=[ArrivedLine("a", 10, bin="b-02-02")])
    assert bins("A") == {"B-02-02": 10}
    assert item("A").primary_bin.code == "B-02-02"
