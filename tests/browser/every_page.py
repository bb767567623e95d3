"""Every page of the floor in every state that looks different, and a warehouse in which all of them are.

A state is an address, and what was scanned and tapped there before; `{names}` are what `furnish` made.
"""

from django.contrib.auth import get_user_model

from orders.models import Shipment
from orders.services import count_work, packing, picking
from orders.services.cancelling import cancel
from orders.services.purchasing import PurchaseLine, draft, send
from orders.services.receiving import ArrivedLine, receive_without_order
from orders.services.returning import ReturnedLine, expect_return, receive_return
from orders.services.transferring import WantedLine, dispatch, request
from tests.browser.floor import person
from tests.browser.picking import GOODS, furnish
from tests.factories import BinFactory, do, stock, warehouse
from tests.orders.counted import hand_in, opened
from tests.orders.picking_world import orders, planned, scan
from tests.orders.shipped import supplied

State = tuple[str | dict[str, object], ...]

PICK = "/floor/pick/{walked}/"
GRADE = {"do": "grade", "sku": "HF-1008", "quantity": 1, "condition": "restock"}

STATES: dict[str, list[State]] = {
    "sign-in": [("/floor/sign-in/",), ("/floor/sign-in/?next=/floor/pick/",)],
    "warehouse": [("/floor/warehouse/",)],
    "home": [
        ("/floor/",),
        ("/floor/", {"code": "NOBODY"}),
        ("/floor/", {"code": "1066"}),
    ],
    "pick-lists": [("/floor/pick/",)],
    "plan": [("/floor/plan/",), ("/floor/plan/?kind=wave",), ("/floor/plan/?kind=batch",)],
    "pick-list": [("/floor/pick/{open}/",), (PICK,), ("/floor/pick/{begun}/",)],
    "pick-task": [
        (PICK + "task/",),
        (PICK + "task/", {"code": "{bin}"}),
        (PICK + "task/", {"code": "A"}),
    ],
    "pick-problem": [(PICK + "problem/{line}/",)],
    "pick-finish": [("/floor/pick/{picked}/finish/",), ("/floor/pick/{sent}/finish/",)],
    "pick-tote": [
        ("/floor/pick/{picked}/tote/1/",),
        ("/floor/pick/{picked}/tote/2/",),
        ("/floor/pick/{picked}/tote/3/",),
        ("/floor/pick/{sent}/tote/1/",),
    ],
    "tote-problem": [
        ("/floor/pick/{picked}/tote/1/problem/",),
        (
            "/floor/pick/{picked}/tote/1/problem/",
            {"do": "report", "sku": "HF-2040", "units": 9, "problem": "missing"},
        ),
    ],
    "parcel": [("/floor/parcel/{parcel}/",)],
    "receive": [("/floor/receive/",), ("/floor/receive/", {"code": "NOBODY"})],
    "receive-without": [
        ("/floor/receive/without-order/",),
        ("/floor/receive/without-order/", {"code": "HF-1008"}),
        ("/floor/receive/without-order/", {"do": "receive", "sku": "HF-1008", "quantity": 2}),
    ],
    "receive-one": [
        ("/floor/receive/PO-3118/",),
        ("/floor/receive/PO-3118/", {"code": "HF-1008"}),
        ("/floor/receive/PO-3118/", {"do": "receive", "sku": "HF-1008", "quantity": 62}),
        ("/floor/receive/TR-0412/", {"code": "HF-2040"}),
    ],
    "delivery-labels": [("/floor/delivery-labels/PO-3118/",)],
    "put-away": [
        ("/floor/put-away/", {"do": "drop"}),
        ("/floor/put-away/", {"code": "HF-1008"}),
    ],
    "returns": [("/floor/returns/",)],
    "return-unknown": [
        ("/floor/returns/unknown/",),
        ("/floor/returns/unknown/", {"code": "HF-1008"}),
        ("/floor/returns/unknown/", {"code": "HF-1008"}, GRADE),
        ("/floor/returns/unknown/", {"code": "HF-1008"}, GRADE | {"quantity": 90_000}),
    ],
    "return-of-order": [
        ("/floor/returns/order/1047/",),
        ("/floor/returns/order/1047/", {"code": "HF-1008"}),
        ("/floor/returns/order/1047/", {"code": "HF-1008"}, GRADE),
    ],
    "return": [("/floor/returns/RMA-2207/",), ("/floor/returns/RMA-2205/",)],
    "count": [("/floor/count/",)],
    "count-approvals": [("/floor/count/approvals/",)],
    "count-task": [
        ("/floor/count/{count}/",),
        ("/floor/count/{again}/",),
        (
            "/floor/count/{count}/",
            {"code": "A-04-1"},
            {"do": "item", "code": "HF-2040"},
            {"do": "set", "sku": "HF-2040", "quantity": 9},
        ),
    ],
    "move": [
        ("/floor/move/", {"do": "forget"}),
        ("/floor/move/", {"code": "A-02-2"}),
        ("/floor/move/", {"code": "HF-1008"}),
    ],
    "look-up": [("/floor/look-up/",), ("/floor/look-up/?q=jar",), ("/floor/look-up/?q=nothing",)],
    "product": [("/floor/product/HF-1008/",)],
    "bin": [("/floor/bin/MAIN/A-02-2/",), ("/floor/bin/MAIN/E-09-9/",)],
    "labels": [("/floor/labels/?sku=HF-1008",), ("/floor/labels/?bin=A-02-2",)],
}

# No pages to look at: a fragment of look-up, files, and addresses that only take a tap.
NO_PAGES = {
    "look-up-hits",
    "labels-pdf",
    "delivery-labels-pdf",
    "packing-slip",
    "list-slips",
    "tote-slip",
    "count-here",
    "sign-out",
}


def furnish_all() -> dict[str, object]:
    """All of it, for the manager `boss`; what the states name."""
    furnish()
    boss = person("boss", role="operations manager")
    BinFactory(warehouse=warehouse(), code="E-09-9")
    told = _walks()
    _dock()
    begun = opened("A-02-2")
    do(count_work.claim_task, task=begun, user_id=boss.pk)
    return told | _counts()


def _walks() -> dict[str, object]:
    made = orders(
        {
            name: {"HF-1008": 2, "HF-2040": 3, "HF-3075": 1}
            for name in ("1051", "1052", "1053", "1054", "1055", "1047")
        }
    )
    orders({"1050": {"HF-1008": 2, "HF-3075": 1}})
    orders({"1066": {"HF-4110": 999}}, backorder=True)
    walked, open_, begun, picked, sent = (
        planned("batch", orders=names)[0]
        for names in (["1051"], ["1052"], ["1050"], ["1053", "1054", "1055"], ["1047"])
    )
    _begin(begun)
    do(picking.pick_whole_lists, pick_lists=[picked, sent])
    do(packing.pack, pick_list=picked, order="1054")
    do(cancel, reference="1055")
    do(packing.ship_packed, pick_list=sent, carrier="DHL", tracking_number="0034012345")
    assert len(made) == 6
    parcel = Shipment.objects.get().reference
    told = {"walked": walked, "open": open_, "begun": begun, "picked": picked}
    return told | {"sent": sent, "parcel": parcel}


def _begin(reference: str) -> None:
    """Somebody picked something, and handed the list back."""
    picker = get_user_model().objects.get(username="picker").pk
    do(picking.claim, pick_list=reference, staff_id=picker)
    scan(reference, picker)
    do(picking.hand_back, pick_list=reference, user_id=picker)


def _dock() -> None:
    supplied(*GOODS, unit_cost="2.55")
    lines = [PurchaseLine("HF-1008", 60), PurchaseLine("HF-3075", 24)]
    do(draft, reference="PO-3118", supplier="ACME", warehouse="MAIN", lines=lines)
    do(send, reference="PO-3118")
    stock({("HF-2040", "EAST"): 5})
    do(
        request,
        reference="TR-0412",
        source="EAST",
        destination="MAIN",
        lines=[WantedLine("HF-2040", 3)],
    )
    do(dispatch, reference="TR-0412")
    arrived = [ArrivedLine(sku, 24, "RECEIVING", 0) for sku in GOODS]
    do(receive_without_order, warehouse="MAIN", lines=arrived)
    for reference, order in (("RMA-2207", "1047"), ("RMA-2205", None)):
        back = [ReturnedLine("HF-3075", 1)]
        do(expect_return, reference=reference, warehouse="MAIN", order=order, lines=back)
    do(receive_return, reference="RMA-2205")


def _counts() -> dict[str, object]:
    again, settled = opened("B-01-3"), opened("B-02-1")
    hand_in(again, "kim", **{"HF-3075": 1})
    for name in ("kim", "lee"):
        hand_in(settled, name, **{"HF-4110": 2})
    return {"count": opened("A-04-1"), "again": again}
