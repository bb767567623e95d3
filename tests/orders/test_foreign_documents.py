"""Every tap of the floor, sent for a document of another warehouse than the one where the person stands.

It is refused in words, and neither the books nor any document change.
"""

import pytest
from django.urls import reverse

from notifications.models import OutboxEvent
from orders.models import (
    CountTally,
    CountTask,
    PickLine,
    PickList,
    PickListOrder,
    PurchaseLine,
    PurchaseOrder,
    ReturnLine,
    ReturnOrder,
    Shipment,
    TransferLine,
    TransferOrder,
)
from orders.pages.base import FloorPage
from orders.pages.urls import urlpatterns
from orders.services import count_work, picking, purchasing, transferring
from orders.services.packing import pack
from orders.services.returning import ReturnedLine, expect_return, receive_return
from tests.factories import BinFactory, do, stock, warehouse
from tests.orders.counted import hand_in, opened
from tests.orders.pages import act, hold, said, signed_in
from tests.orders.picking_world import order, planned, scan, shelve
from tests.orders.shipped import shipped_order, supplied
from tests.orders.test_floor_pages import person
from warehouse.models import InventoryItem, StockMovement

pytestmark = pytest.mark.django_db

WALKED, PICKED = {"reference": "{walked}"}, {"reference": "{picked}", "tote": 1}
PACKED = {"reference": "{packed}"}
BOX = PACKED | {"tote": 1}
LINE = WALKED | {"line": "{line}"}
BUY, LEFT, FAR = ({"reference": x} for x in ("PO-1", "TR-1", "TR-2"))
TOLD, CAME = {"reference": "R-1"}, {"reference": "R-2"}
BACK, COUNT = {"reference": "SENT"}, {"reference": "{count}"}
GOODS = {"sku": "A", "quantity": 1, "step": "{step}"}
GRADED = GOODS | {"condition": "scrap"}

# Address and action; what the address names; what is sent.
CASES = [
    *[("home", "scan", {}, {"code": x}) for x in ("{walked}", "PO-1", "TR-2", "R-1", "{count}", "E-01-01")],
    ("pick-list", "claim", {"reference": "{free}"}, {}),
    ("pick-list", "hand_back", WALKED, {}),
    ("pick-list", "take_over", WALKED, {}),
    ("pick-list", "give", WALKED, {"to": "{anna}"}),
    ("pick-list", "put_back", {"reference": "{picked}"}, {"tote": 1}),
    ("pick-list", "cancel", {"reference": "{free}"}, {}),
    ("pick-task", "scan", WALKED, {"code": "A", "bin": "E-01-01"}),
    ("pick-task", "undo", WALKED, {}),
    ("pick-problem", "report", LINE, {"problem": "bin_empty"}),
    ("pick-finish", "pack_all", {"reference": "{picked}"}, {}),
    ("pick-finish", "ship", PACKED, {}),
    ("pick-tote", "pack", PICKED, {}),
    ("pick-tote", "ship", BOX, {"code": "T1"}),
    ("pick-tote", "ship_part", BOX, {"units:A": 1}),
    ("pick-tote", "put_back", PICKED, {}),
    ("tote-problem", "report", PICKED, {"sku": "A", "units": 1, "problem": "missing"}),
    *[("receive", "scan", {}, {"code": x}) for x in ("PO-1", "TR-1", "TR-2")],
    *[("receive-one", "scan", x, {"code": "A"}) for x in (BUY, LEFT, FAR)],
    *[("receive-one", "receive", x, GOODS) for x in (BUY, LEFT, FAR)],
    *[("receive-one", "receive", x, GOODS | {"quantity": 99, "over": 99}) for x in (BUY, LEFT, FAR)],
    ("receive-one", "drop", BUY, {}),
    ("put-away", "scan", {}, GOODS | {"from": "RECEIVING", "code": "E-01-01"}),
    *[("returns", "scan", {}, {"code": x}) for x in ("R-1", "R-2")],
    ("return-unknown", "scan", {}, GOODS | {"code": "E-01-01"}),
    *[("return", "bench", x, {}) for x in (TOLD, CAME)],
    *[("return", "scan", x, {"code": "A"}) for x in (TOLD, CAME)],
    *[("return", "scan", x, GOODS | {"code": "M-01-01"}) for x in (TOLD, CAME)],
    *[("return", "grade", x, GRADED) for x in (TOLD, CAME)],
    *[("return", "grade", x, GRADED | {"condition": "restock"}) for x in (TOLD, CAME)],
    *[("return", "leave", x, GOODS) for x in (TOLD, CAME)],
    ("return", "drop", TOLD, {}),
    ("count", "scan", {}, {"code": "E-01-01"}),
    ("count-task", "scan", {"reference": "{open}"}, {"code": "E-01-01"}),
    ("count-task", "item", COUNT, {"code": "A"}),
    ("count-task", "set", COUNT, {"sku": "A", "quantity": 7}),
    ("count-task", "finish", COUNT, {}),
    ("count-task", "back", COUNT, {}),
    ("count-here", "open", {}, {"bin": "E-01-01"}),
    ("count-approvals", "approve", {}, {"task": "{settled}"}),
    ("count-approvals", "reject", {}, {"task": "{settled}"}),
    ("move", "scan", {}, {"code": "E-01-01"}),
]  # fmt: skip

# An order is no warehouse's own: whoever may work everywhere takes its goods back anywhere.
OF_AN_ORDER = [
    ("return-of-order", "scan", BACK, {"code": "A"}),
    ("return-of-order", "scan", BACK, GOODS | {"code": "M-01-01"}),
    ("return-of-order", "grade", BACK, GRADED),
    ("return-of-order", "grade", BACK, GRADED | {"condition": "restock"}),
    ("return-of-order", "leave", BACK, GOODS),
    ("return-of-order", "drop", BACK, {}),
]

# These name no document, and work with what is in the hand, or with the warehouse where one stands.
OF_NO_DOCUMENT = {
    ("home", "plan"),
    ("plan", "plan"),
    ("receive-without", "scan"),
    ("receive-without", "receive"),
    ("receive-without", "drop"),
    ("put-away", "choose"),
    ("put-away", "drop"),
    ("return-unknown", "grade"),
    ("return-unknown", "leave"),
    ("return-unknown", "drop"),
    ("move", "choose"),
    ("move", "quantity"),
    ("move", "anyway"),
    ("move", "forget"),
    ("look-up", "scan"),
}


def taps():
    """Name and action of every tap that a floor page takes."""
    for address in urlpatterns:
        view = getattr(address.callback, "view_class", None)
        if view and issubclass(view, FloorPage):
            yield from ((address.name, x[3:]) for x in dir(view) if x.startswith("do_"))


def test_the_table_knows_every_tap():
    known = {(name, action) for name, action, *_ in [*CASES, *OF_AN_ORDER]}
    assert known.isdisjoint(OF_NO_DOCUMENT)
    assert set(taps()) == known | OF_NO_DOCUMENT


@pytest.fixture
def boss():
    return person("boss", "operations manager")


@pytest.fixture
def told(boss):
    """One of each in EAST, as far as it goes before the tap, and begun by the very person who taps."""
    BinFactory(warehouse=warehouse(), code="M-01-01")
    shelve({("A", "E-01-01"): 50, ("B", "E-02-01"): 5, ("B", "E-03-01"): 5}, code="EAST")
    made = _walks(boss)
    supplied("A")
    lines = [purchasing.PurchaseLine("A", 3)]
    do(purchasing.draft, reference="PO-1", supplier="ACME", warehouse="EAST", lines=lines)
    do(purchasing.send, reference="PO-1")
    stock({("A", "MAIN"): 50}, bin="M-01-01")
    for reference, source, destination in (("TR-1", "MAIN", "EAST"), ("TR-2", "EAST", "WEST")):
        warehouse(destination)
        ways = {"source": source, "destination": destination}
        do(
            transferring.request,
            reference=reference,
            lines=[transferring.WantedLine("A", 2)],
            **ways,
        )
        do(transferring.dispatch, reference=reference)
    shipped_order("SENT", {"A": 3}, code="EAST")
    for reference in ("R-1", "R-2"):
        do(expect_return, warehouse="EAST", reference=reference, lines=[ReturnedLine("A", 1)])
    do(receive_return, reference="R-2")
    return made | _counts(boss) | {"anna": person("anna").pk}


def _walks(boss):
    lists = {}
    for name in ("walked", "picked", "packed", "free"):
        order(name.upper(), warehouse="EAST", A=3)
        (lists[name],) = planned(warehouse="EAST")
    do(picking.claim, pick_list=lists["walked"], staff_id=boss.pk)
    scan(lists["walked"], boss.pk)
    do(picking.pick_whole_lists, pick_lists=[lists["picked"], lists["packed"]])
    do(pack, pick_list=lists["packed"], order="PACKED")
    line = PickLine.objects.get(pick_list__reference=lists["walked"])
    return lists | {"line": line.pk}


def _counts(boss):
    begun, free, settled = (opened(bin, code="EAST") for bin in ("E-02-01", "E-01-01", "E-03-01"))
    do(count_work.claim_task, task=begun, user_id=boss.pk)
    for name in ("kim", "lee"):
        hand_in(settled, name, B=2)
    assert CountTask.objects.get(reference=settled).status == "approval"
    return {"count": begun, "open": free, "settled": settled}


def world():
    """All that a tap might change."""
    tables = (
        StockMovement, InventoryItem, OutboxEvent, PickList, PickLine, PickListOrder,
        Shipment, PurchaseOrder, PurchaseLine, ReturnOrder, ReturnLine, TransferOrder, TransferLine,
        CountTask, CountTally,
    )  # fmt: skip
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}


def filled(names, told):
    return {key: str(value).format(**told) for key, value in names.items()}


def went_wrong(client, told, cases):
    """The taps that were not refused in words, or changed something, with what was said."""
    wrong = []
    for name, action, names, sent in cases:
        before = world()
        path = reverse(f"floor:{name}", kwargs=filled(names, told))
        step = hold(client, path, sku="A", name="Product A", bin="RECEIVING")
        answer = said(act(client, path, do=action, **filled(sent, told | {"step": step})))
        if answer[0] != "refused" or not answer[1] or world() != before:
            wrong.append((path, action, sent, answer))
    return wrong


def test_by_who_works_in_both_and_stands_in_the_other(boss, told):
    client = signed_in(boss)
    client.post("/floor/warehouse/", {"warehouse": "MAIN"})
    assert went_wrong(client, told, CASES) == []


def test_by_who_is_limited_to_another(boss, told):
    client = signed_in(boss, warehouses=["MAIN"])
    assert went_wrong(client, told, [*CASES, *OF_AN_ORDER]) == []


def test_where_they_belong_the_same_taps_do_something(boss, told):
    """Or they would be refused for another reason than the warehouse."""
    client = signed_in(boss, warehouses=["EAST"])
    done = [
        ("pick-task", "scan", WALKED, {"code": "A", "bin": "E-01-01"}),
        ("pick-task", "undo", WALKED, {}),
        ("pick-list", "cancel", {"reference": "{free}"}, {}),
        ("tote-problem", "report", PICKED, {"sku": "A", "units": 1, "problem": "missing"}),
        ("pick-tote", "pack", PICKED, {}),
        ("pick-finish", "ship", {"reference": "{picked}"}, {}),
        ("pick-tote", "ship_part", BOX, {"units:A": 1}),
        ("pick-tote", "ship", BOX, {"code": "T1"}),
        ("receive-one", "receive", BUY, GOODS),
        ("receive-one", "receive", LEFT, GOODS),
        ("return", "bench", TOLD, {}),
        ("return", "leave", CAME, GOODS),
        ("return-of-order", "leave", BACK, GOODS),
        ("count-task", "set", COUNT, {"sku": "B", "quantity": 7}),
        ("count-approvals", "approve", {}, {"task": "{settled}"}),
        ("count-here", "open", {}, {"bin": "E-01-01"}),
    ]
    assert len(went_wrong(client, told, done)) == len(done)
