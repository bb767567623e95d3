"""Order and parcel codes scanned at the start: to the tote, the list, the way back, or words why not."""

import pytest

from orders.models import Shipment
from orders.services import packing, picking
from orders.services.cancelling import cancel
from tests.factories import BinFactory, do, warehouse
from tests.orders.pages import act, said, signed_in
from tests.orders.picking_world import order, planned, shelve
from tests.orders.test_floor_pages import person
from tests.warehouse.statements import sent_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    shelve({("A", "A-01-01"): 9})
    return signed_in(person())


@pytest.fixture
def rita():
    return signed_in(person("rita", "receiver"))


def led(client, code):
    """Where a scan at the start leads, and what is said."""
    answer = act(client, "/floor/", code=code)
    return answer.context["said"].next, said(answer)


def test_an_order_leads_to_its_list_then_to_its_tote_then_to_its_parcel(anna, rita):
    order("O1", A=2)
    assert led(anna, "O1") == ("", ("note", "Order O1 is promised and waits for a pick list."))
    (reference,) = planned()
    assert led(anna, "O1")[0] == f"/floor/pick/{reference}/"
    assert led(rita, "O1")[1] == ("note", f"Order O1 is on list {reference}; that is for pickers.")
    act(anna, f"/floor/pick/{reference}/", do="claim")
    assert led(anna, "O1")[0] == f"/floor/pick/{reference}/task/"
    assert led(signed_in(person("ben")), "O1")[0] == f"/floor/pick/{reference}/"
    act(anna, f"/floor/pick/{reference}/task/", code="A-01-01")
    act(anna, f"/floor/pick/{reference}/task/", code="A", quantity=2)
    assert led(anna, "O1")[0] == f"/floor/pick/{reference}/tote/1/"
    do(packing.pack, pick_list=reference, order="O1")
    do(packing.ship_packed, pick_list=reference)
    parcel = Shipment.objects.get().reference
    assert led(anna, "O1") == (f"/floor/parcel/{parcel}/", ("ok", "Order O1 has left."))
    assert led(rita, "O1")[0] == "/floor/returns/order/O1/"


def test_what_has_no_page_is_said_in_words(anna):
    order("O1", A=9)
    order("O2", backorder=True, A=1)
    do(cancel, reference="O1")
    order("O3", backorder=True, A=99)
    told = (
        "Order O1 was cancelled. What was picked of it, if anything, lies in PACKING: put it away."
    )
    assert led(anna, "O1") == ("", ("note", told))
    assert led(anna, "O3") == ("", ("note", "Order O3 waits for stock."))
    page = anna.get("/floor/look-up/", {"q": "O3"})
    assert "Order O3 waits for stock." in page.content.decode()


def test_a_parcel_leads_to_its_slip_and_to_what_comes_back_of_it(anna, rita):
    order("O1", A=2)
    (reference,) = planned()
    do(picking.pick_whole_lists, pick_lists=[reference])
    do(packing.ship_packed, pick_list=reference)
    parcel = Shipment.objects.get().reference
    address = f"/floor/parcel/{parcel}/"
    assert led(anna, parcel.lower())[0] == led(rita, parcel)[0] == address
    assert anna.get("/floor/look-up/", {"q": parcel})["Location"] == address
    slip, back = f"/floor/slip/{parcel}/", "/floor/returns/order/O1/"
    for client, shown in ((anna, [True, False]), (rita, [False, True])):
        page = client.get(address).content.decode()
        assert [slip in page, back in page] == shown
    assert anna.get(slip)["Content-Type"] == "application/pdf"
    assert signed_in(person("ron", "read-only")).get(address).status_code == 403


def test_another_warehouse_is_named_and_hidden_from_who_is_limited(anna):
    warehouse("EAST")
    order("O1", A=2)
    (reference,) = planned()
    both = signed_in(person("bea"))
    both.post("/floor/warehouse/", {"warehouse": "EAST"})
    assert led(both, "O1")[1] == ("note", f"Order O1 is on list {reference} in MAIN.")
    do(picking.pick_whole_lists, pick_lists=[reference])
    do(packing.ship_packed, pick_list=reference)
    parcel = Shipment.objects.get().reference
    assert led(both, parcel)[1][1].endswith("It belongs to warehouse MAIN.")
    eva = signed_in(person("eva"), warehouses=["EAST"])
    for code in ("O1", parcel):
        assert led(eva, code)[1][1].startswith(f"Nobody knows the code {code}")
    assert eva.get(f"/floor/parcel/{parcel}/").status_code == 403


def test_an_order_s_code_is_one_statement_more(anna):
    order("O1", A=2)
    planned()
    goods, paper = (len(sent_by(act, anna, "/floor/", code=code)) for code in ("A", "O1"))
    assert paper == goods + 1


def test_look_up_leads_to_a_page_says_what_is_elsewhere_and_shows_what_is_like_it(anna):
    def looked_up(code):
        answer = act(anna, "/floor/look-up/", q=code)
        return answer.context["said"].next, said(answer)

    BinFactory(warehouse=warehouse("EAST"), code="E-01-1")
    anna.post("/floor/warehouse/", {"warehouse": "MAIN"})
    assert looked_up(" A ") == ("/floor/product/A/", ("ok", "Product A."))
    assert looked_up("E-01-1") == (
        "", ("refused", "Bin E-01-1. It belongs to warehouse EAST."),
    )  # fmt: skip
    assert looked_up("A-01") == ("/floor/look-up/?q=A-01", ("note", "This is like A-01."))
    nobody = "Nobody knows <i>, nor anything like it. Try a part of its name."
    assert looked_up("<i>") == ("", ("refused", nobody))
