"""The page of one item: the product's story in one warehouse, and the way to the others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory_site.core.roles import MANAGER, READ_ONLY
from orders.queries.purchases import suggested
from tests.factories import do, item, stock
from tests.reports.asked import csv_rows, file_of
from tests.site.staff import at, person
from warehouse.lines import ExpectedLine, ReserveLine
from warehouse.models import LostDemand, Product, ReorderAdvice, ReorderSuggestion, Warehouse
from warehouse.services.inbound import expect
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Ten in MAIN of which two are promised, and three in EAST."""
    stock({("A", "MAIN"): 10, ("A", "EAST"): 3})
    Product.objects.filter(sku="A").update(name="<b>Mug")
    hold("HELD", 2)
    lines = [ExpectedLine("A", "MAIN", 7)]
    do(expect, reference="PO-7", lines=lines, expected_at=timezone.now() + timedelta(days=3))
    do(set_reorder_batch, settings=[ReorderSetting("A", "MAIN", 20, 6)])
    ReorderAdvice.objects.create(
        item=item("A"), point=44, quantity=55, old_point=20, old_quantity=6, safety_stock=0, abc="A",
        pattern="smooth", method="ses", weekly_mean=9, weekly_deviation=1, lead_days=7,
        lead_deviation=1, deliveries=0, service=0.9, weeks=10, lost_units=0,
    )  # fmt: skip


def hold(reference, units, code="MAIN"):
    do(
        reserve, reference=reference, lines=[ReserveLine("A", units)], warehouse=code,
        expires_in=7200,
    )  # fmt: skip


def page_of(code="MAIN"):
    return f"/admin/warehouse/inventoryitem/{item('A', code).pk}/change/"


def seen(role=MANAGER, within=(), code="MAIN"):
    browser = at(person(f"{role} of {within}", role, within=within))
    return browser.get(page_of(code))


def test_it_tells_levels_holders_what_comes_what_moved_and_what_is_advised(house):
    answer = seen()
    page = answer.content.decode()
    assert [int(units) for _, units in answer.context["totals"]] == [10, 2, 0, 8, 7]
    assert answer.context["item"].suggested == 6  # 8 there and 7 coming of 20 wanted: 6 at least
    for words in ("HELD", "PO-7", "OPENING", "A-01-01", "order 6", "point 44, quantity 55"):
        assert words in page, words
    assert "asks for 9 a week (smooth)" in page
    assert [one.bin for one, _ in answer.context["bins"]] == ["A-01-01"]


def test_what_to_order_is_the_same_wherever_it_is_asked():
    """An item has sunk further since its suggestion opened, and is bought in packs of four."""
    stock({("A", "MAIN"): 13})
    Product.objects.update(pack_size=4)
    do(set_reorder_batch, settings=[ReorderSetting("A", "MAIN", 20, 6)])
    assert ReorderSuggestion.objects.get().quantity == 8
    hold("HELD", 13)
    browser = at(person("kim", MANAGER))
    told = [one.quantity for one in suggested(warehouses=None)]
    for name, pk in (("product", item("A").product_id), ("inventoryitem", item("A").pk)):
        answer = browser.get(f"/admin/warehouse/{name}/{pk}/change/")
        told += [one.suggested for one in answer.context["story"].items]
        assert "order 24" in answer.content.decode()
    file = browser.get("/admin/warehouse/reordersuggestion/", {"_file": "csv"})
    titles, row = csv_rows(file_of(file))
    told.append(int(row[titles.index("to order")]))
    assert told == [24, 24, 24, 24]


def test_it_leads_to_the_product_and_to_the_same_elsewhere(house):
    page = seen().content.decode()
    assert f"/admin/warehouse/product/{item('A').product_id}/change/" in page
    assert page_of("EAST") in page
    assert "In EAST: 3 available" in page
    assert "?q=A&amp;warehouse=MAIN" in page


def test_it_tells_of_its_own_warehouse_alone(house):
    answer = seen(code="EAST")
    page = answer.content.decode()
    assert [int(units) for _, units in answer.context["totals"]] == [3, 0, 0, 3, 0]
    assert "HELD" not in page
    assert "PO-7" not in page
    assert answer.context["advice"] is None


def test_refused_demand_is_what_was_asked_of_this_warehouse(house):
    for code, units in (("MAIN", 5), ("EAST", 900), (None, 70)):
        LostDemand.objects.create(
            reference=f"L-{code}", product=item("A").product, requested=units, available=0, actor="x",
            warehouse=Warehouse.objects.filter(code=code).first(),
        )  # fmt: skip
    demand = seen().context["story"].demand
    assert sum(refused for _, refused in demand.values()) == 5


def test_a_name_with_markup_is_shown_as_it_is_written(house):
    page = seen().content.decode()
    assert "&lt;b&gt;Mug" in page
    assert "<b>Mug" not in page


def test_an_item_of_another_warehouse_is_not_there_and_not_named(house):
    answer = seen(within=["EAST"])
    assert answer.status_code == 302
    page = seen(READ_ONLY, within=["EAST"], code="EAST").content.decode()
    assert page_of() not in page
    assert "In MAIN" not in page


def test_who_only_reads_is_offered_no_handling(house):
    assert "Write off" in seen().content.decode()
    assert "Write off" not in seen(READ_ONLY).content.decode()


def test_it_costs_as_many_statements_for_much_as_for_little(house):
    browser = at(person("kim", MANAGER))
    address = page_of()

    def cost():
        with CaptureQueriesContext(connection) as sent:
            assert browser.get(address).status_code == 200
        return len(sent)

    cost()
    few = cost()
    for n in range(12):
        stock({("A", "MAIN"): 9}, bin=f"A-01-{n + 2:02}")
        do(expect, reference=f"E{n}", lines=[ExpectedLine("A", "MAIN", 1)], expected_at=None)
        hold(f"R{n}", 1)
        stock({("A", f"W{n}"): 1})
    assert cost() == few <= 19
