"""Lists of more rows than anybody reads: counted so far, found by how a reference begins, done to no more."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory_site.core import office
from inventory_site.core.roles import MANAGER
from orders.admin import filters as order_filters
from orders.models import SalesOrder
from tests.confirming import confirmed
from tests.factories import stock, warehouse
from tests.orders.making import order
from tests.site.staff import at, person
from warehouse.admin import filters
from warehouse.models import Product, StockMovement

pytestmark = pytest.mark.django_db

MOVEMENTS, ORDERS = "/admin/warehouse/stockmovement/", "/admin/orders/salesorder/"
MORE = "there are more"


@pytest.fixture
def manager(client):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    return client


def listed(client, address):
    return {row.reference for row in client.get(address).context["cl"].result_list}


def test_no_more_is_counted_than_pages_show(manager, monkeypatch):
    stock({(f"A-{n}", "MAIN"): 1 for n in range(4)})
    monkeypatch.setattr(office, "MOST_COUNTED", 4)
    assert MORE not in manager.get(MOVEMENTS).content.decode()
    monkeypatch.setattr(office, "MOST_COUNTED", 3)
    page = manager.get(MOVEMENTS)
    assert page.context["cl"].result_count == 3
    assert MORE in page.content.decode()
    assert StockMovement.objects.count() == 4


def test_nothing_is_done_to_rows_that_were_not_counted(manager, monkeypatch):
    stock({("A", "MAIN"): 9})
    for n in range(3):
        order(f"O-{n}", A=1)
    chosen = list(SalesOrder.objects.values_list("pk", flat=True))
    sent = {"action": "cancel_orders", "_selected_action": chosen, "select_across": "1"}
    monkeypatch.setattr(office, "MOST_COUNTED", 2)
    told = manager.post(ORDERS, sent, follow=True).content.decode()
    assert "filter them first" in told
    assert not SalesOrder.objects.filter(status="cancelled").exists()
    monkeypatch.setattr(office, "MOST_COUNTED", 3)
    confirmed(manager, ORDERS, sent, follow=True)
    assert SalesOrder.objects.filter(status="cancelled").count() == 3


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("WEB-1", {"WEB-1", "WEB-12"}),
        ("web-12", {"WEB-12"}),
        ("lovelace", {"WEB-1"}),
        ("EB-12", {"WEB-12"}),
        ("mug", {"WEB-1", "SHOP-1"}),
        ("WEB nobody", set()),
        ("   ", {"WEB-1", "WEB-12", "SHOP-1"}),
    ],
)
@pytest.mark.parametrize("few", [True, False], ids=["by its key", "asked row by row"])
def test_a_document_is_found_by_its_start_or_else_by_any_part(
    manager, monkeypatch, typed, found, few
):
    monkeypatch.setattr(office, "MOST_BY_KEY", 20 if few else 0)
    stock({("MUG", "MAIN"): 9, ("JAR", "MAIN"): 9})
    order("WEB-1", MUG=1, ship_to_name="Ada Lovelace")
    order("WEB-12", JAR=1)
    order("SHOP-1", MUG=1)
    assert listed(manager, f"{ORDERS}?q={typed}") == found


def of_the_ledger(sent):
    return [one["sql"] for one in sent if 'FROM "warehouse_stockmovement"' in one["sql"]]


@pytest.mark.parametrize("typed", ["zzzqq", "Lighthuose", "B-0"])
def test_the_ledger_is_never_searched_for_a_part_of_a_word(manager, typed):
    stock({("B-01", "MAIN"): 9, ("C-01", "MAIN"): 9})
    Product.objects.filter(sku="C-01").update(name="Lighthouse")
    with CaptureQueriesContext(connection) as sent:
        page = manager.get(f"{MOVEMENTS}?q={typed}")
    skus = {move.item.product.sku for move in page.context["cl"].result_list}
    assert skus == {"zzzqq": set(), "Lighthuose": {"C-01"}, "B-0": {"B-01"}}[typed]
    assert of_the_ledger(sent)
    assert not any("UPPER(" in sql or " UNION " in sql for sql in of_the_ledger(sent))


@pytest.mark.parametrize("few", [True, False], ids=["by its key", "asked row by row"])
@pytest.mark.parametrize("topic", ["orders/salesorder", "warehouse/reservation"])
def test_a_document_of_two_warehouses_is_in_the_lists_of_both_and_once(
    manager, monkeypatch, topic, few
):
    monkeypatch.setattr(office, "MOST_BY_KEY", 20 if few else 0)
    stock({("A", "MAIN"): 1, ("A", "EAST"): 1, ("B", "EAST"): 9})
    warehouse("NEW")
    order("BOTH", A=2)
    order("EAST", B=1)
    for place, seen in (("MAIN", ["BOTH"]), ("EAST", ["BOTH", "EAST"]), ("NEW", [])):
        limited = at(person(f"of-{place}", MANAGER, within=[place]))
        for client, asked in ((limited, ""), (manager, f"?warehouse={place}")):
            rows = client.get(f"/admin/{topic}/{asked}").context["cl"].result_list
            assert sorted(row.reference for row in rows) == seen


def test_few_rows_are_taken_by_key_and_not_looked_for_in_the_order_of_the_list(manager):
    stock({("A", "MAIN"): 1, ("A", "EAST"): 1})
    with CaptureQueriesContext(connection) as sent:
        page = manager.get(f"{MOVEMENTS}?type__exact=receive")
    rows = list(page.context["cl"].result_list)
    shown = [sql for sql in of_the_ledger(sent) if "ORDER BY" in sql and '"on_hand_after"' in sql]
    assert len(rows) == 2
    assert shown
    assert all("= ANY('{" in sql for sql in shown)


def test_nobody_counts_what_each_choice_of_a_filter_would_leave(manager):
    stock({("A", "MAIN"): 1})
    page = manager.get(f"{MOVEMENTS}?type__exact=receive&_facets=True")
    assert not page.context["cl"].add_facets
    assert "_facets" not in manager.get(f"{MOVEMENTS}?type__exact=receive").content.decode()


def test_names_and_carriers_are_those_of_the_newest_of_all_rows(manager, monkeypatch):
    monkeypatch.setattr(filters, "LATEST", 1)
    monkeypatch.setattr(order_filters, "CARRIERS_OF", 1)
    stock({("A", "MAIN"): 9})
    stock({("B", "EAST"): 9})
    order("OLD", A=1, carrier="DHL")
    order("NEW", B=1, carrier="UPS")
    limited = at(person("of-main", MANAGER, within=["MAIN"]))
    for client, carriers, names in ((manager, {"UPS"}, 1), (limited, set(), 0)):
        offered = chosen(client, ORDERS, "carrier")
        assert set(offered) == carriers
        assert len(chosen(client, MOVEMENTS, "by")) == names


def chosen(client, address, parameter):
    """What the filter offers."""
    specs = client.get(address).context["cl"].filter_specs
    found = [one.lookup_choices for one in specs if getattr(one, "parameter_name", "") == parameter]
    return [name for choices in found for name, _words in choices]
