"""Managers on the floor, and what goes otherwise than planned: waves, lists that change hands, totes."""

import pytest
from django.contrib.auth import get_user_model

from orders.models import PickList, SalesOrder
from orders.services import picking
from orders.services.cancelling import cancel
from orders.services.placing import NewLine
from tests.browser.floor import PASSWORD, Device, person
from tests.browser.picking import ORDERS, batch, furnish
from tests.browser.visiting import loaded
from tests.factories import do
from tests.orders.picking_world import in_bin, orders
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed_db, valkey, served):
    furnish()
    person("boss", role="operations manager")
    return served


def right(device, name=""):
    """Fit to be shown to a customer, as far as a program can tell, by light and in the dark."""
    device.page.wait_for_timeout(350)  # what shakes has come to rest
    device.fit_for_everybody(name, picture=name)
    assert device.faults == []


def test_a_wave_is_chosen_counted_and_made(window, site):
    orders({"1048": ORDERS["1048"]}, carrier="DHL")
    orders({"1049": ORDERS["1049"]}, carrier="Post")
    device = Device(window, site).arrive("boss")
    right(device, "home-boss")
    device.page.get_by_role("link", name="Wave").click()
    page = device.page
    page.wait_for_url("**/floor/plan/")
    page.get_by_text("2 orders on 1 list").wait_for()
    page.get_by_label("Carrier").select_option("Post")
    page.get_by_text("1 order on 1 list: 3 stops, 5 units.").wait_for()
    page.get_by_label("Zone").select_option("B")
    page.get_by_text("1 order on 1 list: 1 stop, 1 unit.").wait_for()
    right(device, "plan")
    assert "1 pick list made" in device.tap("Make 1 list")
    assert "No order for Post in zone B waits" in page.locator("main").inner_text()
    right(device, "plan-empty")
    page.get_by_label("Batch").check()
    page.get_by_text("2 orders on 1 list").wait_for()
    assert not page.get_by_label("Carrier").is_visible()
    right(device, "plan-batch")


def test_a_list_is_given_to_somebody_else_who_goes_on(window, site):
    reference = batch()
    person("ben")
    kim = Device(window, site).let_in()
    kim.open(f"/floor/pick/{reference}/")
    kim.tap("Take this list")
    kim.scan("A-02-2")
    boss = Device(window, site).let_in("boss")
    boss.open(f"/floor/pick/{reference}/")
    boss.page.get_by_text("Give to somebody else").click()
    boss.page.get_by_label("Who picks it instead of picker?").select_option("ben")
    right(boss, "give")
    boss.page.get_by_role("button", name="Give it").click()
    assert boss.tap("It changes hands: tap again") == f"{reference} is ben's list now."
    right(boss)
    told = kim.scan("HF-1008")
    assert told.startswith(f"{reference} is picked by ben now. Nothing was booked;")
    assert (kim.tone(), in_bin("HF-1008", "PACKING")) == ("refused", 0)
    assert kim.page.url.endswith(f"/floor/pick/{reference}/")
    right(kim, "given-away")
    ben = Device(window, site).let_in("ben")
    ben.open(f"/floor/pick/{reference}/task/")
    ben.scan("A-02-2")
    ben.scan("HF-1008")
    assert in_bin("HF-1008", "PACKING") == 1
    right(ben)


def test_in_the_back_office_whom_lists_are_given_to_is_asked_beside_the_action(window, site):
    reference = batch()
    get_user_model().objects.create_superuser("office", password=PASSWORD)
    desk = Device(window, site, screen="desk")
    desk.let_in("office")
    page = desk.open("/admin/orders/picklist/")
    page.locator("input.action-select").check()
    to = page.get_by_label("Give to")
    assert not to.is_visible()
    page.get_by_label("Select action to run").select_option("give")
    to.wait_for()
    to.select_option(label="picker")
    desk.picture("give-desk-light")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Yes, do it").click()
    page.get_by_text("1 given away.").wait_for()
    assert PickList.objects.get(reference=reference).claimed_by.username == "picker"
    assert desk.faults == []


def test_all_totes_are_packed_in_one_tap_and_one_leaves_in_two_parts(window, site):
    reference = batch()
    do(picking.pick_whole_lists, pick_lists=[reference])
    device = Device(window, site).let_in()
    device.open(f"/floor/pick/{reference}/finish/")
    right(device, "pack-all")
    assert device.tap("Pack all 2").startswith("2 packed.")
    right(device, "packed")
    page = device.open(f"/floor/pick/{reference}/tote/2/")
    page.get_by_text("Ship only a part").click()
    page.get_by_role("button", name="One less of HF-2040").click(click_count=2)
    page.get_by_role("button", name="One less of HF-4110").click()
    right(device, "part")
    page.get_by_role("button", name="Ship this part").click()
    assert " shipped: " in device.tap("The rest stays: tap again")
    assert device.said().endswith("3 stay in tote 2.")
    assert SalesOrder.objects.get(reference="1049").status == "partly_shipped"
    right(device, "part-shipped")
    assert "shipped with 0034" in device.scan("00340012345")
    assert SalesOrder.objects.get(reference="1049").status == "shipped"
    right(device)
    assert verify_ledger() == []


def test_an_order_cancelled_while_in_the_tote_the_goods_go_back_into_the_bin(window, site):
    reference = batch()
    do(picking.pick_whole_lists, pick_lists=[reference])
    do(cancel, reference="1048")  # 2 of HF-1008 and 1 of HF-3075
    do(cancel, reference="1049", lines=[NewLine("HF-2040", 2)])
    device = Device(window, site).let_in()
    page = device.open(f"/floor/pick/{reference}/tote/2/")
    assert "Part of the order was cancelled" in page.locator("main").inner_text()
    right(device, "tote-part-cancelled")
    page = device.open(f"/floor/pick/{reference}/tote/1/")
    assert "The order was cancelled" in page.locator("main").inner_text()
    right(device, "tote-cancelled")
    page.get_by_role("link", name="Put away").click()
    page.wait_for_url("**/floor/put-away/")
    loaded(page)
    for sku, place in (("HF-1008", "A-02-2"), ("HF-3075", "B-01-3"), ("HF-2040", "A-04-1")):
        assert " from PACKING." in device.scan(sku)
        assert f"put into {place}." in device.scan(place)
    right(device)
    held = [in_bin(sku, place) for sku, place in (("HF-1008", "A-02-2"), ("HF-3075", "B-01-3"))]
    assert held == [19, 20]  # 1 of HF-1008 is in the other tote
    page = device.open(f"/floor/pick/{reference}/tote/1/")
    assert page.get_by_role("link", name="Put away").count() == 0
    right(device, "tote-emptied")
    assert verify_ledger() == []


def test_goods_that_pickers_are_sent_to_are_moved_only_when_warned(window, site):
    reference = batch()
    device = Device(window, site).let_in()
    page = device.open("/floor/move/")
    device.scan("A-02-2")
    device.scan("HF-1008")
    page.fill("#quantity", "18")
    device.tap("Set the number")
    told = device.scan("A-04-1")
    assert told.startswith(f"Pickers are sent to A-02-2 for 1 of these ({reference}).")
    right(device, "move-warned")
    assert device.tap("Move anyway to A-04-1") == "18 of HF-1008 from A-02-2 to A-04-1."
    assert in_bin("HF-1008", "A-04-1") == 18
    right(device)
    assert PickList.objects.get().status == "open"
