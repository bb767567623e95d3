"""A count that differs is approved at the desk, by the action of the list of counts."""

import pytest

from orders.models import CountEntry
from tests.browser.floor import Device
from tests.browser.office import act, manager
from tests.browser.visiting import loaded
from tests.factories import item, stock
from tests.orders.counted import hand_in, opened, task
from warehouse.models import MovementType, StockMovement
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.browser

COUNTS = "/admin/orders/counttask/"


@pytest.fixture
def desk(window, served, committed_db, valkey):
    stock({("71053", "MAIN"): 9, ("85123A", "MAIN"): 40})
    manager()
    seen = Device(window, served, screen="desk")
    seen.let_in("manager")
    return seen


def counted_twice(**found):
    """A task that two people have counted, so that it waits for a manager."""
    reference = opened("A-01-01", "71053")
    for name in ("kim", "lee"):
        hand_in(reference, name, **found)
    return reference


def row(page, reference):
    return page.locator("#result_list tbody tr", has_text=reference)


def test_a_difference_is_looked_at_approved_and_booked(desk):
    reference = counted_twice(**{"71053": 4})
    assert item("71053").on_hand == 9
    page = desk.open(COUNTS)
    row(page, reference).get_by_role("link", name=reference).click()
    loaded(page)
    assert page.get_by_text("-5", exact=True).first.is_visible()
    page = desk.open(COUNTS)
    act(page, row(page, reference), "approve")
    assert page.get_by_text("1 booked.").is_visible()
    assert (item("71053").on_hand, item("85123A").on_hand) == (4, 40)
    booked = StockMovement.objects.filter(type=MovementType.CYCLE_COUNT).get()
    assert (booked.quantity, booked.actor) == (-5, "manager")
    assert CountEntry.objects.get(booked=True).counted == 4
    act(page, row(page, reference), "approve")
    assert page.get_by_text(f"{reference}: ").is_visible()
    assert item("71053").on_hand == 4
    assert verify_ledger() == []
    assert desk.faults == []


def test_a_count_that_nobody_believes_is_counted_again(desk):
    reference = counted_twice(**{"71053": 4})
    page = desk.open(COUNTS)
    act(page, row(page, reference), "count_again")
    assert page.get_by_text("1 to be counted again.").is_visible()
    assert task(reference).status == "recount"
    assert item("71053").on_hand == 9
    assert desk.faults == []
