"""The pages of a manager's Monday, on a phone by night and at a desk by day: readable, and not too wide."""

import pytest

from tests.browser.office import manager
from tests.browser.visiting import Visit
from tests.factories import do, item, stock
from tests.notifications.alarms import stand
from tests.warehouse.histories import sold, supplied
from warehouse.lines import ReserveLine
from warehouse.models import Product
from warehouse.services.replenishment import set_reorder
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.browser

WORDS = "White hanging heart T-light holder, with a name that goes on and on <b>and on</b>"
# Words that stand in cells too low for them.
CUT = """[...document.querySelectorAll("td")]
    .filter(cell => cell.innerText && cell.scrollHeight > cell.clientHeight + 1)
    .map(cell => cell.innerText)"""


@pytest.fixture
def site(committed_db, valkey, served):
    supplied("71053", "OLD")
    sold("71053", [10, 12, 9, 11], left=30)
    sold("OLD", [3] + [0] * 30, left=40)
    stock({("85123A", "MAIN"): 0})
    Product.objects.update(unit_cost="2.50", name=WORDS)
    do(set_reorder, sku="71053", warehouse="MAIN", reorder_point=50, reorder_quantity=24)
    do(reserve, reference="WEB-1", lines=[ReserveLine("71053", 2)])
    stand("71053 in MAIN", "85123A in MAIN", warehouse="MAIN", title=WORDS)
    manager()
    return served


def addresses():
    """Each page with the name that its pictures have."""
    product = Product.objects.get(sku="71053").pk
    stocked = "?sku=71053&warehouse=MAIN"
    return {
        "dashboard": "/admin/",
        "product": f"/admin/warehouse/product/{product}/change/",
        "health": "/admin/health/",
        **{
            way: f"/admin/stock/{way}/{stocked}"
            for way in ("correct", "write-off", "move", "count")
        },
        "alerts": "/admin/notifications/alert/",
        "delivery": "/admin/notifications/feedreader/",
        "dead-stock": "/admin/warehouse/inventoryitem/dead-stock/?days=90",
        "levels": "/admin/warehouse/inventoryitem/",
        "item": f"/admin/warehouse/inventoryitem/{item('71053').pk}/change/",
        "movements": "/admin/warehouse/stockmovement/",
        "to-order": "/admin/warehouse/reordersuggestion/",
    }


def test_each_page_can_be_used_by_everybody(window, site):
    desk = Visit(window, site)
    desk.let_in()
    for name, address in addresses().items():
        desk.open(address)
        desk.fit_for_everybody(name, picture=f"office-{name}", finds=CUT)
    assert desk.faults == []
