"""A picker's whole way in a real Chromium: from the list to the parcel, by scanned input."""

import re

import pytest

from orders.models import PickLine, PickList, Shipment
from orders.services.cancelling import cancel
from orders.services.picking import pick_whole_lists
from tests.browser.floor import Device, person
from tests.browser.picking import GOODS, batch, furnish
from tests.browser.visiting import SCREENS, loaded
from tests.factories import BinFactory, do, warehouse
from tests.orders.picking_world import in_bin
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed_db, valkey, served):
    furnish()
    return served


@pytest.fixture
def reference(site):
    return batch()


def picks(device, reference):
    """Claim the list and stand before its first bin."""
    device.let_in()
    device.open(f"/floor/pick/{reference}/")
    device.tap("Take this list")
    return device


def present(device):
    """The bin that the page sends to, and the barcode of what is wanted from there."""
    bin_code = device.page.locator(".huge").inner_text()
    return bin_code, next(barcode for _, place, barcode in GOODS.values() if place == bin_code)


def test_a_batch_is_picked_packed_and_shipped(window, site, reference):
    device = Device(window, site).arrive()
    device.looks = [("phone", "light"), ("desk", "dark")]
    device.fit_for_everybody("home", picture="home")
    device.scan(reference)
    device.fit_for_everybody("list", picture="list")
    assert "is yours" in device.tap("Take this list")
    device.fit_for_everybody("task", picture="task")
    for _ in range(12):
        if "/task/" not in device.page.url:
            break
        bin_code, barcode = present(device)
        if device.page.get_by_text("Go to bin").count():
            assert device.scan(bin_code).startswith(f"Bin {bin_code}.")
            device.picture("goods-phone-light")
        device.scan(barcode)
        assert device.tone() == "ok"
    assert f"/floor/pick/{reference}/finish/" in device.page.url
    device.fit_for_everybody("finish", picture="finish")
    for tote in (1, 2):
        device.page.get_by_role("link", name=f"Tote {tote}").click()
        loaded(device.page)
        device.tap("Checked and packed")
        device.fit_for_everybody("tote", picture="tote")
        assert "shipped with 00340" in device.scan(f"0034012345{tote}")
    device.fit_for_everybody("done", picture="done")
    assert device.faults == []
    assert PickList.objects.get().status == "done"
    assert sorted(Shipment.objects.values_list("tracking_number", "carrier")) == [
        ("00340123451", "DHL"), ("00340123452", "DHL"),
    ]  # fmt: skip
    assert verify_ledger() == []


def test_a_carrier_typed_for_a_parcel_without_a_number_is_the_parcels(window, site, reference):
    do(pick_whole_lists, pick_lists=[reference])
    device = Device(window, site).let_in()
    device.open(f"/floor/pick/{reference}/tote/1/")
    device.tap("Checked and packed")
    device.page.get_by_text("Ship without a number", exact=True).click()
    device.fit()
    device.picture("no-number-phone-light")
    device.page.locator("form", has_text="No number").get_by_label("Carrier").fill("GLS")
    device.page.get_by_role("button", name="No number").click()
    device.tap("Without: tap again")
    assert list(Shipment.objects.values_list("carrier", "tracking_number")) == [("GLS", "")]
    assert device.faults == []


def test_a_short_pick_is_two_taps(window, site, reference):
    device = picks(Device(window, site), reference)
    device.page.get_by_role("link", name="Problem").click()
    loaded(device.page)
    device.fit()
    device.picture("problem-phone-light")
    device.page.get_by_role("button", name="Bin is empty").click()
    device.page.get_by_role("button", name="Bin empty: tap again").click()
    device.settle()
    assert "wait for stock" in device.said()
    assert re.search(r"/task/$", device.page.url)
    assert in_bin("HF-1008", "MISSING") == 20
    assert device.faults == []
    assert verify_ledger() == []


def test_scans_are_kept_without_network_and_sent_once_in_order(window, site, reference):
    device = picks(Device(window, site), reference)
    bin_code, barcode = present(device)
    device.context.set_offline(True)
    for code in (bin_code, barcode, barcode):
        device.scan(code, wait=False)
    assert device.kept() == 3
    badge = device.page.locator("#net")
    badge.filter(has_text="3 kept").wait_for()
    assert "kept" in device.said()
    device.picture("offline-phone-light")
    assert in_bin("HF-1008", "PACKING") == 0
    device.context.set_offline(False)
    device.settle()
    badge.filter(has_text="Online").wait_for()
    assert in_bin("HF-1008", "PACKING") == 2
    assert [x for x in device.faults if "ERR_INTERNET_DISCONNECTED" not in x] == []


def test_an_answer_that_is_lost_counts_once(window, site, reference):
    """The server has booked the scan, but its answer never arrives: the device sends it again."""
    device = picks(Device(window, site), reference)
    bin_code, barcode = present(device)
    device.scan(bin_code)
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    device.page.route("**/task/", lose)
    device.scan(barcode)
    assert len(lost) == 1
    assert in_bin("HF-1008", "PACKING") == 1
    assert device.tone() == "ok"


def test_what_is_refused_is_said_and_changes_nothing(window, site, reference):
    BinFactory(warehouse=warehouse("EAST"), code="E-01-1")
    device = Device(window, site).arrive()
    device.fit()
    device.picture("warehouse-phone-light")
    device.page.get_by_role("button", name="Main").click()
    device.open(f"/floor/pick/{reference}/")
    device.tap("Take this list")
    bin_code, barcode = present(device)
    for code, words in (
        ("B-01-3", "This is bin B-01-3. Go to bin A-02-2"),
        ("NEVER-SEEN", "Nobody knows the code NEVER-SEEN"),
        (barcode, "This is a product, HF-1008"),
        ("E-01-1", "E-01-1 is a bin of warehouse EAST"),
    ):
        assert words in device.scan(code)
        assert device.tone() == "refused"
    device.picture("refused-phone-light")
    device.scan(bin_code)
    assert "Put it back and take HF-1008" in device.scan(GOODS["HF-2040"][2])
    assert in_bin("HF-1008", "PACKING") == 0
    assert device.faults == []


def test_two_fast_scans_and_a_double_tap(window, site, reference):
    device = picks(Device(window, site), reference)
    bin_code, barcode = present(device)
    device.page.keyboard.type(f"{bin_code}\n{barcode}\n{barcode}\n")
    device.settle()
    assert in_bin("HF-1008", "PACKING") == 2
    device.page.get_by_role("button", name="Undo last").dblclick()
    device.settle()
    assert in_bin("HF-1008", "PACKING") == 1
    assert device.faults == []


def test_many_at_once(window, site, reference):
    device = picks(Device(window, site), reference)
    bin_code, barcode = present(device)
    device.scan(bin_code)
    device.page.get_by_text("Several at once").click()
    device.page.get_by_role("button", name="All 2").click()
    device.fit()
    device.scan(barcode)
    assert in_bin("HF-1008", "PACKING") == 2
    assert device.faults == []


def test_a_cancelled_order_and_a_list_of_somebody_else(window, site, reference):
    device = picks(Device(window, site), reference)
    bin_code, barcode = present(device)
    device.scan(bin_code)
    do(cancel, reference="1048")
    assert device.scan(barcode).startswith("Order 1048 was cancelled.")
    assert in_bin("HF-1008", "PACKING") == 0
    person("ben")
    other = Device(window, site).let_in("ben")
    other.open(f"/floor/pick/{reference}/")
    assert other.page.get_by_text("picker has this list.").count() == 1
    assert other.page.get_by_role("button", name="Take this list").count() == 0
    other.open(f"/floor/pick/{reference}/task/")
    assert other.page.url.endswith(f"/floor/pick/{reference}/")
    assert device.faults + other.faults == []


def test_a_session_that_ended_keeps_the_scans(window, site, reference):
    device = picks(Device(window, site), reference)
    bin_code, barcode = present(device)
    device.context.clear_cookies(name="sessionid")
    device.scan(bin_code, wait=False)
    device.scan(barcode, wait=False)
    link = device.page.get_by_role("link", name="Sign in")
    link.wait_for()
    assert device.kept() == 2
    device.picture("signed-out-phone-light")
    link.click()
    loaded(device.page)
    device.page.fill("input[name=username]", "picker")
    device.page.fill("input[name=password]", "a-long-password-7")
    device.page.get_by_role("button", name="Sign in").click()
    loaded(device.page)
    device.settle()
    assert device.page.url.endswith("/task/")
    assert PickLine.objects.filter(picked=1).count() == 1
    assert in_bin("HF-1008", "PACKING") == 1


def test_every_screen_has_room(window, site, reference):
    for screen in SCREENS:
        device = Device(window, site, screen=screen)
        picks(device, reference)
        small = device.page.evaluate(
            "[...document.querySelectorAll('button, a.button, a.back, a.tile, input:not([type=hidden])')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 56)"
            ".map(e => e.outerHTML.slice(0, 80))"
        )
        assert small == []
        PickList.objects.update(status="open", claimed_by=None, claimed_at=None)
