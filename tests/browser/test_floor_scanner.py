"""A scanner types into whatever has the focus: its speed tells it from a hand, and nothing is misfiled."""

import pytest
from django.contrib.auth import get_user_model

from orders.models import Shipment
from orders.services import packing, picking
from tests.browser.floor import Device
from tests.browser.picking import GOODS, batch, furnish
from tests.browser.visiting import until
from tests.factories import do
from tests.orders.picking_world import in_bin

pytestmark = pytest.mark.browser

BARCODE = GOODS["HF-1008"][2]
BY_HAND = 120  # milliseconds from key to key
OUT_OF_RANGE = "Nothing was booked. Give a whole number from 1 to 2, then scan again."
SCANNED = """JSON.parse(
    Object.entries(localStorage).find(([key]) => key.startsWith("holdfast.floor.queue."))[1]
).label"""


@pytest.fixture
def reference(committed_db, valkey, served):
    furnish()
    return batch()


@pytest.fixture
def device(window, served, reference):
    """Time stands still while its scanner types, however slow the machine is."""
    device = Device(window, served)
    device.page.clock.install()
    return device.let_in()


def at_the_goods(device, reference):
    """Before 2 of HF-1008, with the number of the next scan in sight."""
    picker = get_user_model().objects.get(username="picker")
    do(picking.claim, pick_list=reference, staff_id=picker.pk)
    device.open(f"/floor/pick/{reference}/task/")
    device.scan("A-02-2")
    device.page.get_by_text("Several at once").click()
    return device.page.get_by_label("How many with the next scan")


def at_a_packed_tote(device, reference):
    do(picking.pick_whole_lists, pick_lists=[reference])
    do(packing.pack, pick_list=reference, order="1049")
    device.open(f"/floor/pick/{reference}/tote/2/")
    return device.page


def test_a_scan_while_the_number_has_the_focus_is_a_scan(device, reference):
    number = at_the_goods(device, reference)
    number.click()
    device.burst(BARCODE)
    assert (device.tone(), in_bin("HF-1008", "PACKING")) == ("ok", 1)
    assert device.faults == []


def test_letters_leave_a_number_as_it_was(device, reference):
    number = at_the_goods(device, reference)
    number.fill("2")
    number.focus()
    device.page.route("**/task/", lambda route: route.abort())
    device.burst("A-02-2", wait=False)
    assert number.input_value() == "2"
    assert device.kept() == 1


def test_a_number_typed_by_hand_counts_with_the_next_scan(device, reference):
    number = at_the_goods(device, reference)
    number.fill("")
    number.press_sequentially("2", delay=BY_HAND)
    number.press("Enter")
    assert number.input_value() == "2"
    device.page.get_by_role("button", name="Type code").click()
    device.burst(BARCODE)
    assert in_bin("HF-1008", "PACKING") == 2


def test_a_number_that_cannot_be_is_said_and_nothing_is_booked(device, reference):
    number = at_the_goods(device, reference)
    for typed in ("14006", "0"):
        number.fill("")
        number.press_sequentially(typed, delay=BY_HAND)
        number.press("Enter")
        assert device.said() == OUT_OF_RANGE, typed
        device.page.get_by_text("Several at once").click()
        device.page.get_by_role("button", name="Type code").click()
        assert device.burst(BARCODE) == OUT_OF_RANGE, typed
        assert (device.tone(), number.is_visible()) == ("refused", True), typed
        assert device.page.locator("#scan").input_value() == "", typed
        assert in_bin("HF-1008", "PACKING") == 0, typed
    number.fill("2")
    device.burst(BARCODE)
    assert in_bin("HF-1008", "PACKING") == 2


def test_a_label_scanned_into_the_carrier_is_the_tracking_number(device, reference):
    page = at_a_packed_tote(device, reference)
    page.locator("#carrier").click()
    assert "shipped with 00340123451" in device.burst("00340123451")
    assert list(Shipment.objects.values_list("tracking_number", "carrier")) == [
        ("00340123451", "DHL")
    ]


def test_a_tracking_label_scanned_twice_ships_once(device, reference):
    page = at_a_packed_tote(device, reference)
    held = []
    page.route("**/tote/2/", lambda route: held.append(route))
    device.burst("00340123451", wait=False)
    until(lambda: len(held) == 1, "nothing is sent")
    assert device.burst("00340123451", wait=False).startswith("The scan before is on its way")
    assert (device.tone(), device.kept()) == ("refused", 1)
    held.pop().continue_()
    device.settle()
    assert Shipment.objects.count() == 1


def test_a_carrier_typed_by_hand_is_the_carrier(device, reference):
    page = at_a_packed_tote(device, reference)
    page.locator("#carrier").fill("")
    page.locator("#carrier").press_sequentially("Post", delay=BY_HAND)
    page.get_by_role("button", name="Type number").click()
    device.burst("00340123451")
    assert Shipment.objects.get().carrier == "Post"


def test_a_label_scanned_into_the_number_of_a_part_stays_there(device, reference):
    page = at_a_packed_tote(device, reference)
    page.get_by_text("Ship only a part").click()
    page.locator("#tracking").click()
    device.burst("00340123451")
    assert page.locator("#tracking").input_value() == "00340123451"
    assert not Shipment.objects.exists()


def test_a_label_scanned_into_the_number_of_a_part_taps_nothing(device, reference):
    page = at_a_packed_tote(device, reference)
    page.get_by_text("Ship only a part").click()
    page.locator("#tracking").click()
    device.burst("00340123451\n")  # its scanner ends with two
    assert page.get_by_role("button", name="Ship this part").is_visible()
    assert page.locator("[data-armed]").count() == 0
    assert page.locator("#tracking").input_value() == "00340123451"


def keys(device, *pressed):
    """Keys of a scanner, at once; a number is a pause of so many milliseconds."""
    page = device.page
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 0.1)
    for each in pressed:
        if isinstance(each, int):
            page.clock.run_for(each)
        elif len(each) > 1 and each.isdigit():
            page.keyboard.type(each)
        else:
            page.keyboard.press(each)
    page.clock.resume()


@pytest.mark.parametrize("pause", [0, 70])
def test_a_separator_inside_a_code_and_a_pause_do_not_cut_it(device, reference, pause):
    number = at_the_goods(device, reference)
    number.fill("2")
    number.focus()
    device.page.route("**/task/", lambda route: route.abort())
    keys(device, BARCODE[:1], pause, "Shift", "Control+]", BARCODE[1:], "Enter")
    until(lambda: device.kept() == 1, "nothing was scanned")
    assert device.page.evaluate(SCANNED) == BARCODE
    assert number.input_value() == "2"


def test_a_separator_does_not_cut_a_code_in_the_scan_field(device, reference):
    at_the_goods(device, reference)
    device.page.route("**/task/", lambda route: route.abort())
    device.page.locator("#scan").focus()
    device.page.clock.run_for(2000)
    keys(device, BARCODE[:6], "Control+]", BARCODE[6:], "Enter")
    until(lambda: device.kept() == 1, "nothing was scanned")
    assert device.page.evaluate(SCANNED) == BARCODE


def test_a_number_typed_fast_by_hand_stays_typed(device, reference):
    number = at_the_goods(device, reference)
    number.fill("")
    number.focus()
    keys(device, "1", 80, "0", 80, "0", 80, "Enter")
    assert (number.input_value(), device.kept()) == ("100", 0)


def test_the_second_enter_of_a_scanner_taps_nothing(device, reference):
    at_the_goods(device, reference)
    device.follow("Problem")
    device.page.get_by_role("button", name="Too few").focus()
    assert device.burst(BARCODE + "\n").startswith("This page takes no scans")
    assert (device.kept(), device.page.locator("[data-armed]").count()) == (0, 0)


def test_a_code_that_began_in_a_field_that_is_gone_is_not_lost(device, reference):
    at_the_goods(device, reference)
    page = device.page
    page.locator("#scan").focus()
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 0.1)
    page.keyboard.type(BARCODE)
    page.evaluate("document.querySelector('#stage').replaceChildren()")
    page.keyboard.press("Enter")
    page.clock.resume()
    assert device.said().startswith(f"This page takes no scans: nothing was done with {BARCODE}.")


def test_a_page_that_takes_no_scans_says_so(device, reference):
    at_the_goods(device, reference)
    device.follow("Problem")
    number = device.page.locator("#found")
    number.wait_for()
    for place in (number, device.page.get_by_role("button", name="Too few")):
        place.focus()
        told = device.burst(BARCODE)
        assert told.startswith(f"This page takes no scans: nothing was done with {BARCODE}.")
        assert (device.tone(), number.input_value(), device.kept()) == ("refused", "0", 0)
    device.fit()
    assert device.faults == []


def armed(device, reference):
    """Before a button that waits for its second tap."""
    at_the_goods(device, reference)
    device.follow("Problem")
    device.page.get_by_role("button", name="Bin is empty").click()
    button = device.page.get_by_role("button", name="Bin empty: tap again")
    button.wait_for()
    return button


def test_the_other_half_of_a_double_tap_confirms_nothing(device, reference):
    at_the_goods(device, reference)
    device.follow("Problem")
    device.page.get_by_role("button", name="Bin is empty").dblclick()
    button = device.page.get_by_role("button", name="Bin empty: tap again")
    button.wait_for()
    device.fit()
    assert (device.kept(), in_bin("HF-1008", "MISSING")) == (0, 0)
    button.click()
    device.settle()
    assert in_bin("HF-1008", "MISSING") == 20
    assert device.faults == []


def test_before_the_page_can_ask_twice_the_button_does_nothing(device, reference):
    at_the_goods(device, reference)
    device.page.route("**/floor.js", lambda route: route.abort())
    device.page.get_by_role("link", name="Problem").click()
    device.page.get_by_role("button", name="Bin is empty").dblclick()
    device.page.wait_for_timeout(300)  # what would be sent, would have been
    assert device.page.get_by_role("button", name="Bin is empty").is_visible()
    assert in_bin("HF-1008", "MISSING") == 0


@pytest.mark.parametrize("code", ["A-02-2", ""])
def test_a_scan_and_an_enter_confirm_nothing(device, reference, code):
    button = armed(device, reference)
    device.page.clock.run_for(600)
    assert device.page.evaluate("document.activeElement === document.body")
    device.burst(code)
    assert button.count() == (0 if code else 1)
    assert (device.kept(), in_bin("HF-1008", "MISSING")) == (0, 0)
    device.page.clock.run_for(5000)
    assert device.page.get_by_role("button", name="Bin is empty").is_visible()


def test_a_scan_beside_an_armed_button_is_booked_and_the_button_asks_anew(device, reference):
    page = at_a_packed_tote(device, reference)
    page.get_by_text("Ship without a number").click()
    page.get_by_role("button", name="No number").click()
    page.get_by_role("button", name="Without: tap again").wait_for()
    assert page.locator("#scan").evaluate("e => e === document.activeElement")
    page.route("**/tote/2/", lambda route: route.abort())
    device.burst("00340123451", wait=False)
    assert page.get_by_role("button", name="No number").is_enabled()
    assert device.kept() == 1
