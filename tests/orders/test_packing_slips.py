"""The packing slip, read back: who gets what, what is still to come, and numbers to scan."""

import pytest

from orders.errors import NothingToShip, PickListNotFound
from orders.services.lettering import markup
from orders.services.packing import pack, pack_all, ship_packed
from orders.services.packing_slips import packing_slip, packing_slip_of, slip_lines, tote_slips
from orders.services.placing import NewLine, NewOrder, place
from orders.services.shipping import ShipLine, ship_order
from tests.factories import do, stock
from tests.marked import all_marked
from tests.orders.making import order, pick, pick_list
from tests.orders.printed import letters, pages
from tests.warehouse.statements import sent_by
from warehouse.errors import WarehouseNotAllowed

pytestmark = pytest.mark.django_db

PERSON = {
    "ship_to_name": "Zoë & Łukasz <Ñandú>",
    "ship_to_address": "1 Rue de l'Église\nParis (9e)",
    "notes": "Leave it with the neighbour",
}


def shipped(**fields):
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 1})
    order("ORDER-1", A=4, B=3, carrier="DHL", **fields)
    lines = [ShipLine("A", 3), ShipLine("B", 1)]
    return do(ship_order, reference="ORDER-1", lines=lines, tracking_number="TRACK-7")[0]


def test_it_says_what_is_in_the_parcel_and_what_is_to_come():
    parcel = shipped(**PERSON)
    (page,) = pages(packing_slip(shipment=parcel))
    for words in (
        "ORDER-1", parcel.reference, "from MAIN", "DHL", "TRACK-7", "Leave it with the neighbour",
        "A Product A 4 3 1", "B Product B 3 1 2", "Page 1 of 1", "Paris (9e)",
    ):  # fmt: skip
        assert words in page, words
    assert "ukasz" in page


def test_its_words_can_be_translated():
    parcel = shipped(**PERSON)
    with all_marked("~", "~"):
        (page,) = pages(packing_slip(shipment=parcel))
    for words in (
        "~Packing slip~", "~Ship to~", "~Order~: ORDER-1", "~Shipment~:", "~Shipped~:", "~Carrier~: DHL",
        "~Tracking~: TRACK-7", "from MAIN~", "~SKU~ ~Product~ ~Ordered", "~In this parcel~ ~Still to come~",
        "~Notes~", "~Page 1 of 1~",
    ):  # fmt: skip
        assert words in page, (words, page)
    assert page.count("~Order~") == 2, page


def test_names_of_any_script_can_be_printed():
    parcel = shipped(**PERSON)
    assert {"ë", "Ł", "Ñ", "ú", "É"} <= letters(packing_slip(shipment=parcel))
    assert markup("Żółć ę") == "Zółć e"
    assert markup("山田 <はな> 김") == (
        '<font name="STSong-Light">山田</font> &lt;<font name="HeiseiMin-W3">はな</font>&gt; '
        '<font name="HYSMyeongJo-Medium">김</font>'
    )
    assert markup("a\nb\x07🙂") == "a<br/>b ?"


def test_what_left_before_and_what_was_cancelled_is_not_named():
    from orders.queries.sales import order_view
    from orders.services.cancelling import cancel

    shipped()
    do(cancel, reference="ORDER-1", lines=[NewLine("B", 2)])
    (last,) = do(ship_order, reference="ORDER-1")
    here = {line.sku: line.quantity for line in last.lines}
    lines = slip_lines(here=here, order=order_view(reference="ORDER-1"))
    assert [(x.sku, x.ordered, x.here, x.to_come) for x in lines] == [("A", 4, 1, 0)]


def test_a_long_order_takes_several_pages_with_a_head_on_each():
    skus = [f"SKU-{n:03d}" for n in range(80)]
    stock({(sku, "MAIN"): 1 for sku in skus})
    lines = [NewLine(sku, 1) for sku in skus]
    do(place, order=NewOrder(reference="LONG", lines=lines))
    (parcel,) = do(ship_order, reference="LONG")
    read = pages(packing_slip(shipment=parcel))
    assert len(read) > 1
    assert all("In this parcel" in page and f"of {len(read)}" in page for page in read)
    assert all(any(sku in page for page in read) for sku in skus)


def test_the_same_parcel_gives_the_same_bytes_in_as_many_statements():
    parcel = shipped()
    first = packing_slip_of(reference=parcel.reference)
    assert first.startswith(b"%PDF-")
    assert packing_slip_of(reference=parcel.reference) == first
    assert len(sent_by(packing_slip_of, reference=parcel.reference)) == 5


@pytest.mark.parametrize("reference", ["O" * 120, "Żółw-1", "a<b>&c"])
def test_an_order_whose_number_is_no_barcode_is_printed_all_the_same(reference):
    stock({("A", "MAIN"): 1})
    do(place, order=NewOrder(reference=reference, lines=[NewLine("A", 1)]))
    (parcel,) = do(ship_order, reference=reference)
    assert len(pages(packing_slip(shipment=parcel))) == 1


@pytest.fixture
def walked():
    """Three picked totes: O-1 with 3 of its 4 A and its B, O-2 and O-3 with 1 A each."""
    stock({("A", "MAIN"): 9, ("B", "MAIN"): 9})
    order("O-1", A=4, B=1, carrier="DHL", **PERSON)
    order("O-2", A=1)
    order("O-3", A=1)
    pick_list(O_1={"A": 3, "B": 1}, O_2={"A": 1}, O_3={"A": 1})
    pick()


def test_a_packed_tote_has_its_slip_before_it_leaves(walked):
    with pytest.raises(NothingToShip, match="pack it first"):
        tote_slips(pick_list="PICK-1", totes=[1])
    do(pack, pick_list="PICK-1", order="O-1")
    (page,) = pages(tote_slips(pick_list="PICK-1", totes=[1]))
    for words in (
        "Order: O-1", "in MAIN", "Tote: 1 of PICK-1", "Carrier: DHL", "A Product A 4 3 1",
        "B Product B 1 1 0", "Page 1 of 1", "Paris (9e)", "Leave it with the neighbour",
    ):  # fmt: skip
        assert words in page, words
    assert "Shipment" not in page


def test_the_slips_of_a_list_are_one_file_with_a_page_each(walked):
    do(pack_all, pick_list="PICK-1")
    printed = tote_slips(pick_list="PICK-1")
    assert b"/Count 3" in printed
    read = pages(printed)
    assert [page.count("Page 1 of 1") for page in read] == [1, 1, 1]
    assert [f"Order: O-{n}" in page for n, page in enumerate(read, 1)] == [True] * 3
    assert len(sent_by(tote_slips, pick_list="PICK-1")) == 7
    do(ship_packed, pick_list="PICK-1", orders=["O-2"])
    assert len(pages(tote_slips(pick_list="PICK-1"))) == 2
    for wrong, error in (
        ({"pick_list": "PICK-9"}, PickListNotFound),
        ({"pick_list": "PICK-1", "within": ["EAST"]}, WarehouseNotAllowed),
    ):
        with pytest.raises(error):
            tote_slips(**wrong)
