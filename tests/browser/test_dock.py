"""The dock and the bench, on a phone: a lorry received and put away, a parcel that is sellable again."""

import pytest

from orders.services.purchasing import PurchaseLine, draft, send
from orders.services.returning import ReturnedLine, expect_return
from orders.services.transferring import WantedLine, dispatch, request
from tests.browser.floor import Device, person
from tests.browser.visiting import until
from tests.factories import BinFactory, ProductFactory, counters, do, stock, warehouse
from tests.orders.shipped import shipped_order, supplied
from warehouse.models import BinStock, Product
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.browser

ORDERED = [PurchaseLine("85123A", 10), PurchaseLine("22423", 4)]


@pytest.fixture
def site(committed_db, valkey, served):
    stock({("85123A", "MAIN"): 5, ("71053", "MAIN"): 5, ("71053", "EAST"): 9})
    stock({("22423", "MAIN"): 0})
    BinFactory(warehouse=warehouse(), code="A-01-02")
    ProductFactory(sku="STRAY")
    Product.objects.get(sku="85123A").barcodes.create(code="5012345678900")
    supplied("85123A", "22423", unit_cost="2.55")
    do(draft, reference="PO-1", supplier="ACME", warehouse="MAIN", lines=ORDERED)
    do(send, reference="PO-1")
    carried = [WantedLine("71053", 3)]
    do(request, reference="TR-1", source="EAST", destination="MAIN", lines=carried)
    do(dispatch, reference="TR-1")
    shipped_order("O-1", {"85123A": 3})
    back = [ReturnedLine("85123A", 1)]
    do(expect_return, reference="R-1", warehouse="MAIN", order="O-1", lines=back)
    person("receiver", role="receiver", within=["MAIN"])
    return served


@pytest.fixture
def device(window, site):
    device = Device(window, site).let_in("receiver")
    yield device
    assert [x for x in device.faults if "ERR_INTERNET_DISCONNECTED" not in x] == []
    assert verify_ledger() == []


def bins(sku):
    held = BinStock.objects.filter(item__product__sku=sku, item__warehouse__code="MAIN")
    return dict(held.filter(quantity__gt=0).values_list("bin__code", "quantity"))


def receive(device, code, quantity, *, damaged=None, button="Book it"):
    device.scan(code)
    device.page.fill("#quantity", str(quantity))
    if damaged:
        device.page.click("summary")
        device.page.fill("#damaged", str(damaged))
    return device.tap(button)


def test_a_lorry_is_received_and_put_away(device):
    device.open("/floor/receive/")
    device.scan("PO-1")
    assert device.page.url.endswith("/floor/receive/PO-1/")
    assert "10 to come" in device.scan("5012345678900")
    device.page.fill("#quantity", "10")
    device.page.click("summary")
    device.page.fill("#damaged", "2")
    assert device.tap("Book it") == ("10 of 85123A received. 2 damaged: put them into QUARANTINE.")
    assert bins("85123A") == {"A-01-01": 2, "RECEIVING": 8, "QUARANTINE": 2}
    assert receive(device, "22423", 3).endswith("1 still to come.")
    device.page.get_by_role("link", name="Put away", exact=True).click()
    device.page.wait_for_url("**/put-away/")
    assert "A-01-01 and scan its label" in device.scan("85123A")
    assert device.scan("A-01-01") == "8 of 85123A put into A-01-01."
    assert "Carry it to A-01-02" in device.scan("22423")
    assert device.scan("A-01-02") == "3 of 22423 put into A-01-02."
    assert device.page.locator("text=All is put away.").is_visible()
    assert (bins("85123A"), bins("22423")) == (
        {"A-01-01": 10, "QUARANTINE": 2},
        {"A-01-02": 3},
    )


def test_more_than_ordered_is_asked_about_and_then_booked(device):
    device.open("/floor/receive/PO-1/")
    assert receive(device, "22423", 6) == "6 is 2 more than ordered. Count again."
    assert device.tone() == "note"
    assert counters("22423") == (0, 0, 0, 4)
    assert device.tap("Book it all the same") == "6 of 22423 received. 2 more than ordered."
    assert bins("22423") == {"RECEIVING": 6}


def test_a_label_scanned_into_the_number_is_asked_about_and_not_booked(device):
    device.open("/floor/receive/without-order/")
    device.scan("STRAY")
    device.page.fill("#quantity", "522423")
    assert device.tap("Book it").startswith("522423 ends like the label 22423.")
    device.fit_for_everybody("doubted", picture="receive-doubted")
    assert bins("STRAY") == {}
    device.page.fill("#quantity", "5")
    assert device.tap("Book it all the same").startswith("5 of STRAY received without an order")
    assert bins("STRAY") == {"RECEIVING": 5}


def test_a_transfer_arrives_damaged_and_in_part_lost(device):
    device.open("/floor/receive/TR-1/")
    device.scan("71053")
    device.page.fill("#quantity", "2")
    device.page.click("summary")
    device.page.fill("#damaged", "1")
    device.page.fill("#lost", "1")
    device.tap("Book it")
    assert counters("71053") == (7, 0, 1, 0)
    assert device.page.url.endswith("/floor/receive/")


WRONG = [
    ("/floor/receive/", "NOPE", "Nothing comes here under NOPE."),
    ("/floor/receive/", "STRAY", "No open order brings STRAY. Choose below."),
    ("/floor/receive/PO-1/", "71053", "71053 Product 71053 is not on PO-1."),
    ("/floor/receive/PO-1/", "A-01-01", "A-01-01 is a bin. Scan the barcode"),
    ("/floor/receive/PO-1/", "X", "Nobody knows the code X."),
    ("/floor/put-away/", "71053", "No 71053 Product 71053 waits to be put away."),
    ("/floor/returns/", "NOPE", "No return, order or product is called NOPE."),
    ("/floor/returns/order/O-1/", "71053", "was not shipped with this order"),
]


def test_a_wrong_scan_says_what_it_was_and_what_to_do(device):
    for page, code, words in WRONG:
        device.open(page)
        assert words in device.scan(code), page
        assert device.tone() == "refused", (page, code)


def test_a_wrong_bin_is_refused_and_the_goods_stay_where_they_are(device):
    device.open("/floor/receive/without-order/")
    assert "received without an order (IN-" in receive(device, "STRAY", 2)
    device.open("/floor/put-away/")
    device.scan("STRAY")
    assert device.scan("QUARANTINE").startswith("QUARANTINE is not a shelf.")
    assert device.scan("71053").startswith("This is a product, 71053")
    assert device.scan("Z-99").startswith("Nobody knows the code Z-99.")
    assert bins("STRAY") == {"RECEIVING": 2}
    device.page.click("summary")
    device.page.click("[data-step='-1']")
    assert device.scan("A-01-02") == "1 of STRAY put into A-01-02."
    assert bins("STRAY") == {"RECEIVING": 1, "A-01-02": 1}


def test_a_returned_parcel_is_sellable_again_and_the_rest_is_put_aside(device):
    device.open("/floor/returns/")
    device.scan("O-1")
    assert device.page.url.endswith("/floor/returns/order/O-1/")
    device.scan("5012345678900")
    assert "Good" in device.page.locator("main").inner_text()
    device.page.click("[value=restock]")
    device.settle()
    assert device.said() == "1 good. Put them into a bin and scan its label."
    assert device.page.locator(".huge").inner_text() == "A-01-01"
    assert "Sellable now, in A-01-01." in device.scan("A-01-01")
    assert counters("85123A") == (3, 0, 0, 10)
    assert "/floor/returns/RMA-" in device.page.url
    device.scan("85123A")
    device.page.click("[value=scrap]")
    device.tap("Scrap: tap again")
    assert counters("85123A") == (3, 0, 0, 10)
    assert device.scan("85123A") == "All 85123A of this order came back already."


def test_an_announced_return_waits_on_the_bench_and_is_graded(device):
    device.open("/floor/returns/")
    device.scan("R-1")
    assert device.tap("All came; look at it later") == "R-1 lies on the bench. The clock runs."
    page = device.open("/floor/returns/")
    assert "1 · 2.55" in page.locator(".line", has_text="R-1").inner_text()
    device.open("/floor/returns/R-1/")
    device.scan("85123A")
    device.page.click("[value=quarantine]")
    device.settle()
    assert "Put it into QUARANTINE." in device.said()
    assert counters("85123A") == (3, 0, 1, 10)


def test_a_tap_while_the_next_page_is_on_its_way_books_nothing_more(device):
    device.open("/floor/returns/order/O-1/")
    device.scan("85123A")
    asked = []
    device.page.route("**/floor/returns/RMA-*/", lambda route: asked.append(route))
    device.page.click("[value=quarantine]")
    until(lambda: "Put it into QUARANTINE." in device.said(), "what was done is not said")
    assert device.tone() == "ok"
    device.page.click("[value=quarantine]")
    assert device.kept() == 0
    until(lambda: len(asked) == 1, "the next page is not asked for")
    asked.pop().continue_()
    device.settle()
    assert "/floor/returns/RMA-" in device.page.url
    assert "Put it into QUARANTINE." in device.said()
    assert bins("85123A")["QUARANTINE"] == 1


def at_the_bin(device, page):
    """Goods in hand, before the label of their bin is scanned."""
    device.open(page)
    device.scan("85123A")
    if page.startswith("/floor/returns/"):
        device.page.click("[value=restock]")
        device.settle()
    else:
        device.page.click("summary")
        device.page.fill("#quantity", "3")


ON_ITS_WAY = "The scan before is on its way already: nothing was done with A-01-01."


@pytest.mark.parametrize(
    ("page", "booked"), [("/floor/returns/order/O-1/", 3), ("/floor/put-away/", 5)]
)
def test_a_bin_label_scanned_twice_books_once(device, page, booked):
    device.open("/floor/receive/PO-1/")
    receive(device, "85123A", 8)
    at_the_bin(device, page)
    device.context.set_offline(True)
    device.scan("A-01-01", wait=False)
    device.page.locator("#net").filter(has_text="1 kept").wait_for()
    assert device.scan("A-01-01", wait=False).startswith(ON_ITS_WAY)
    assert (device.tone(), device.kept()) == ("refused", 1)
    device.fit()
    device.picture("scanned-twice-phone-light")
    device.context.set_offline(False)
    device.settle()
    assert bins("85123A")["A-01-01"] == booked


def test_a_page_whose_reference_is_written_otherwise_in_its_address_goes_on(device):
    for number, reference in enumerate(["PO 1", "PO#3", "Bestellung Süd (2)"], start=1):
        do(draft, reference=reference, supplier="ACME", warehouse="MAIN", lines=ORDERED)
        do(send, reference=reference)
        device.open("/floor/receive/")
        device.scan(reference)
        there = device.page.evaluate("decodeURIComponent(location)")
        assert there.endswith(f"/receive/{reference}/")
        assert "1 still to come" in receive(device, "22423", 3), reference
        device.scan("85123A")
        assert device.page.locator("#quantity").is_visible(), reference
        assert bins("22423") == {"RECEIVING": 3 * number}, reference


def test_a_tap_without_a_network_is_named_by_what_it_is_for(device):
    at_the_bin(device, "/floor/returns/order/O-1/")
    device.context.set_offline(True)
    device.page.locator("#net").filter(has_text="offline").wait_for()
    device.page.get_by_role("button", name="To RETURNS").click()
    assert device.said().startswith("No network. 85123A to RETURNS is kept here")
