"""From an empty database to the first order that a shop reserves, by the steps of the dashboard."""

import pytest

from inventory_site.core.models import ApiKey
from tests.browser.floor import Device
from tests.browser.office import add, called, follow, import_sheet, manager, new_key, steps
from tests.factories import counters
from warehouse.models import Reservation
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.browser

STEPS = [
    "Open a warehouse", "Add its bins", "Add products", "Import the opening stock",
    "Print the labels of the bins", "Say when to reorder",
    "Make an API key", "Reserve for the first time", "Pick for the first time",
]  # fmt: skip
SHEET = ["SKU,Warehouse,Bin,Quantity", "71053,MAIN,A-03-12,9"]


@pytest.fixture
def desk(window, served, committed_db, valkey):
    manager()
    seen = Device(window, served, screen="desk")
    seen.sign_in()
    return seen


def test_an_empty_house_reserves_its_first_order_with_a_key_made_in_the_browser(desk):
    assert steps(desk) == STEPS
    follow(desk, "Open a warehouse")
    add(desk.page, code="MAIN", name="Main house", time_zone="Europe/Berlin")
    assert steps(desk) == STEPS[1:]
    page = follow(desk, "Add products")
    page.locator("a[href*='/warehouse/product/add/']").first.click()
    add(page, sku="71053", name="White metal lantern")
    assert steps(desk) == [STEPS[1], *STEPS[3:]]
    page = follow(desk, "Import the opening stock")
    import_sheet(page, kind="opening_stock", name="stock.csv", lines=SHEET)
    assert steps(desk) == STEPS[4:]
    page = follow(desk, "Make an API key")
    page.locator("a[href*='/core/apikey/add/']").first.click()
    secret = new_key(page, name="shop", scopes=["stock:read", "reservations:write"])
    assert steps(desk) == [*STEPS[4:6], *STEPS[7:]]
    order = {"reference": "WEB-1", "lines": [{"sku": "71053", "quantity": 2}]}
    path = "/api/v1/reservations"
    status, told = called(desk.site, path, secret=secret, key="web-1", **order)
    assert (status, told["reference"]) == (201, "WEB-1")
    assert steps(desk) == [*STEPS[4:6], STEPS[8]]
    assert counters("71053") == (9, 2, 0, 0)
    assert (Reservation.objects.get().actor, ApiKey.objects.get().name) == ("api:shop", "shop")
    assert verify_ledger() == []
    assert desk.faults == []
