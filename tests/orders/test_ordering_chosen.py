"""Order the chosen: drafts of the suggestions that are ticked, of no others, and once."""

import pytest

from inventory_site.core.roles import MANAGER, READ_ONLY, RECEIVER
from orders.models import PurchaseOrder
from tests.confirming import confirmed
from tests.factories import do, stock
from tests.orders.shipped import supplied
from tests.site.staff import at, person
from warehouse.models import Product, ReorderSuggestion
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch

pytestmark = pytest.mark.django_db

LIST = "/admin/warehouse/reordersuggestion/"


@pytest.fixture
def _wanted():
    """Four items under their reorder point, one of them without a supplier."""
    places = [("A", "MAIN"), ("B", "MAIN"), ("LOOSE", "MAIN"), ("A", "EAST")]
    stock(dict.fromkeys(places, 1))
    supplied("A", "B")
    Product.objects.filter(sku="LOOSE").update(supplier=None)
    do(set_reorder_batch, settings=[ReorderSetting(*place, 5, 12) for place in places])


def of(sku, code="MAIN"):
    return ReorderSuggestion.objects.get(item__product__sku=sku, item__warehouse__code=code)


def order(browser, *rows, sure=True, **more):
    chosen = [row.pk for row in rows]
    told = {"action": "order_chosen", "_selected_action": chosen, **more}
    if sure:
        told["confirmed"] = len(chosen)
    return browser.post(LIST, told, follow=True).content.decode()


def ordered():
    """Warehouse, SKU and units of every line there is."""
    found = PurchaseOrder.objects.values_list(
        "warehouse__code", "lines__product__sku", "lines__quantity", "status"
    )
    return sorted(found)


@pytest.mark.usefixtures("_wanted")
def test_the_chosen_alone_are_ordered_and_the_draft_is_a_link():
    page = order(at(person("kim", MANAGER)), of("A"))
    assert ordered() == [("MAIN", "A", 12, "draft")]
    made = PurchaseOrder.objects.get()
    assert "1 draft made; look and send:" in page
    assert f'href="/admin/orders/purchaseorder/{made.pk}/change/">{made.reference}</a>' in page


@pytest.mark.usefixtures("_wanted")
def test_it_asks_first():
    page = order(at(person("kim", MANAGER)), of("A"), sure=False)
    assert "Order the chosen" in page
    assert ordered() == []


@pytest.mark.usefixtures("_wanted")
def test_twice_orders_once_and_says_so():
    browser = at(person("kim", RECEIVER))
    order(browser, of("A"), of("A", "EAST"))
    page = order(browser, of("A"), of("B"))
    assert ordered() == [
        ("EAST", "A", 12, "draft"), ("MAIN", "A", 12, "draft"), ("MAIN", "B", 12, "draft"),
    ]  # fmt: skip
    assert "On an open purchase order already, or closed: A · MAIN." in page


@pytest.mark.usefixtures("_wanted")
def test_what_has_no_supplier_is_named_and_not_ordered():
    page = order(at(person("kim", MANAGER)), of("LOOSE"))
    assert "Without a supplier, so on no draft: LOOSE." in page
    assert ordered() == []


@pytest.mark.usefixtures("_wanted")
def test_another_warehouse_s_is_refused_and_nothing_is_ordered():
    browser = at(person("kim", MANAGER, within=["EAST"]))
    page = order(browser, of("A"), of("A", "EAST"))
    assert "1 that you ticked is not here any more." in page
    assert ordered() == []
    told = {
        "action": "order_chosen",
        "_selected_action": [of("A", "EAST").pk],
        "select_across": "1",
    }
    confirmed(browser, LIST, told)  # all of the list: its own
    assert [line[:2] for line in ordered()] == [("EAST", "A")]


@pytest.mark.usefixtures("_wanted")
def test_who_only_reads_orders_nothing():
    browser = at(person("kim", READ_ONLY))
    assert "order_chosen" not in browser.get(LIST).content.decode()
    order(browser, of("A"))
    assert ordered() == []
