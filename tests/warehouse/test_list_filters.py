"""What the lists of the stock engine are filtered by and searched for, and what an empty one says."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.utils import timezone

from inventory_site.core.roles import MANAGER
from tests.factories import BinFactory, ProductFactory, SupplierFactory, do, item, stock, warehouse
from tests.site.staff import at, person
from warehouse.lines import AdjustLine, CountLine, ReserveLine
from warehouse.models import (
    Bin,
    Clearance,
    ItemClass,
    LostDemand,
    Product,
    ReorderAdvice,
    ReorderSuggestion,
    StockMovement,
)
from warehouse.services.counting import count
from warehouse.services.movements import adjust
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

OWN_LISTS = (
    "inventoryitem", "stockmovement", "reservation", "inboundline", "lostdemand", "clearance",
    "reordersuggestion", "reorderadvice", "bin", "binstock",
)  # fmt: skip


@pytest.fixture
def house():
    """Enamel mugs in MAIN and EAST, teapots in MAIN."""
    stock({("MUG-1", "MAIN"): 9, ("MUG-1", "EAST"): 4, ("POT-1", "MAIN"): 5})
    Product.objects.filter(sku="MUG-1").update(
        name="Enamel mug", supplier=SupplierFactory(code="ACME")
    )
    Product.objects.filter(sku="POT-1").update(name="Copper teapot")


@pytest.fixture
def kim(house):
    return at(person("kim", MANAGER))


def listed(browser, name, **asked):
    """The rows that a list shows, as it names them."""
    answer = browser.get(f"/admin/warehouse/{name}/", asked)
    assert answer.status_code == 200, (name, asked)
    return sorted(str(row) for row in answer.context["cl"].result_list)


def hold(reference, minutes=None, code="MAIN"):
    seconds = None if minutes is None else minutes * 60
    lines = [ReserveLine("MUG-1", 1)]
    do(reserve, reference=reference, lines=lines, warehouse=code, expires_in=seconds)


def advise(sku, code="MAIN"):
    return ReorderAdvice.objects.create(
        item=item(sku, code), point=4, quantity=9, old_point=0, old_quantity=0, safety_stock=1, abc="A",
        pattern="smooth", method="ses", weekly_mean=1, weekly_deviation=1, lead_days=7, lead_deviation=1,
        deliveries=0, service=0.9, weeks=10, lost_units=0,
    )  # fmt: skip


def test_stock_by_bin_in_the_order_of_the_walk(kim, house):
    do(adjust, reference="X", reason="x", lines=[AdjustLine("POT-1", "MAIN", "A-01-01", -5)])
    answer = kim.get("/admin/warehouse/binstock/")
    told = [
        (row.bin.code, row.item.product.sku, row.quantity)
        for row in answer.context["cl"].result_list
    ]
    assert told == [("A-01-01", "MUG-1", 4), ("A-01-01", "MUG-1", 9)]  # of EAST, of MAIN
    assert "Enamel mug" in answer.content.decode()
    assert listed(kim, "binstock", holds="nothing") == ["0 in A-01-01"]
    assert len(listed(kim, "binstock", holds="all")) == 3
    assert listed(kim, "binstock", warehouse="EAST") == ["4 in A-01-01"]
    assert listed(kim, "binstock", kind="quarantine") == []
    assert len(listed(kim, "binstock", q="a-01")) == 2
    assert len(listed(kim, "binstock", q="enamle mug")) == 2
    assert listed(kim, "binstock", q="zzz") == []


def test_movements_by_day_kind_warehouse_and_who(kim):
    moved = [AdjustLine("MUG-1", "EAST", delta=-1, bin="A-01-01")]
    do(adjust, reference="LATE", reason="x", lines=moved, now=timezone.now() - timedelta(days=9))
    assert len(listed(kim, "stockmovement")) == 4
    assert len(listed(kim, "stockmovement", when="today")) == 3
    assert listed(kim, "stockmovement", when="yesterday") == []
    assert len(listed(kim, "stockmovement", when="7")) == 3
    assert len(listed(kim, "stockmovement", when="30")) == 4
    assert len(listed(kim, "stockmovement", when="nonsense")) == 4
    assert listed(kim, "stockmovement", type__exact="adjust") == ["Adjust -1 (LATE)"]
    assert len(listed(kim, "stockmovement", warehouse="EAST")) == 2
    (name,) = set(StockMovement.objects.values_list("actor", flat=True))
    assert len(listed(kim, "stockmovement", by=name)) == 4
    assert listed(kim, "stockmovement", by="nobody") == []
    page = kim.get("/admin/warehouse/stockmovement/").content.decode()
    assert f"by={name}" in page


def test_reservations_by_state_by_when_they_run_out_and_by_warehouse(kim):
    hold("SOON", 30)
    hold("LATER", 60 * 24 * 3)
    hold("FOR-GOOD")
    hold("EASTERN", 30, code="EAST")
    assert listed(kim, "reservation", expiring="hour") == ["EASTERN", "SOON"]
    assert "LATER" not in listed(kim, "reservation", expiring="today")
    assert listed(kim, "reservation", expiring="never") == ["FOR-GOOD"]
    assert listed(kim, "reservation", warehouse="EAST") == ["EASTERN"]
    assert listed(kim, "reservation", warehouse="EAST", expiring="never") == []
    assert listed(kim, "reservation", status__exact="expired") == []
    assert len(listed(kim, "reservation", status__exact="active")) == 4


def test_what_runs_out_today_is_what_ends_before_midnight(house, monkeypatch):
    noon = timezone.localtime().replace(hour=12, minute=0) + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    for reference, minutes in (("TODAY", 11 * 60), ("TOMORROW", 13 * 60)):
        do(
            reserve, reference=reference, lines=[ReserveLine("MUG-1", 1)], warehouse="MAIN",
            expires_in=minutes * 60, now=noon,
        )  # fmt: skip
    kim = at(person("kim", MANAGER))
    assert listed(kim, "reservation", expiring="today") == ["TODAY"]


def test_bins_that_are_empty_in_quarantine_and_not_counted(kim):
    main = warehouse("MAIN")
    BinFactory(warehouse=main, code="B-01-01")
    pick, empty = main.bins.get(code="A-01-01"), main.bins.get(code="B-01-01")
    shut = BinFactory(warehouse=main, code="Q-01-01", kind="quarantine")
    stock({("MUG-1", "MAIN"): 1}, bin="C-01-01")
    own = {"warehouse": "MAIN"}
    assert str(empty) in listed(kim, "bin", holds="nothing", **own)
    assert str(pick) not in listed(kim, "bin", holds="nothing", **own)
    assert listed(kim, "bin", holds="something", **own) == ["A-01-01", "C-01-01"]
    assert listed(kim, "bin", holds="quarantine", **own) == []
    assert listed(kim, "bin", kind__exact="quarantine", code=shut.code) == ["Q-01-01"]
    counted = [CountLine("MUG-1", "MAIN", 9, bin="A-01-01")]
    for days in (60, 10):
        do(
            count, reference=f"C{days}", lines=counted,
            now=timezone.now() - timedelta(days=days),
        )  # fmt: skip
        uncounted = listed(kim, "bin", holds="uncounted-30", **own)
        assert uncounted == (["A-01-01", "C-01-01"] if days == 60 else ["C-01-01"])
        assert listed(kim, "bin", holds="uncounted-90", **own) == ["C-01-01"]


def test_suggestions_are_open_ones_and_by_class_and_supplier(kim):
    places = [("MUG-1", "MAIN"), ("MUG-1", "EAST"), ("POT-1", "MAIN")]
    do(set_reorder_batch, settings=[ReorderSetting(*place, 50, 6) for place in places])
    ReorderSuggestion.objects.filter(item=item("POT-1")).update(closed_at=timezone.now())
    ItemClass.objects.create(
        item=item("MUG-1"), abc="A", xyz="X", weekly_mean=1, value=1, at=timezone.now()
    )

    def shown(**asked):
        rows = listed(kim, "reordersuggestion", **asked)
        return sorted(words.split(" of ")[1] for words in rows)

    assert shown() == ["MUG-1 @ EAST", "MUG-1 @ MAIN"]
    assert shown(state="closed") == ["POT-1 @ MAIN"]
    assert len(shown(state="all")) == 3
    assert shown(abc="A") == ["MUG-1 @ MAIN"]
    assert shown(warehouse="EAST") == ["MUG-1 @ EAST"]
    assert shown(q="enamel", warehouse="MAIN") == ["MUG-1 @ MAIN"]
    assert shown(q="enamle", warehouse="MAIN") == ["MUG-1 @ MAIN"]  # misspelt


def test_items_by_state_class_and_when_they_were_counted(kim):
    do(set_reorder_batch, settings=[ReorderSetting("MUG-1", "MAIN", 50, 6)])
    ItemClass.objects.create(
        item=item("POT-1"), abc="B", xyz="Z", weekly_mean=1, value=1, at=timezone.now()
    )
    assert listed(kim, "inventoryitem", stock="low") == ["MUG-1 @ MAIN"]
    assert len(listed(kim, "inventoryitem", stock="unwatched")) == 2
    assert listed(kim, "inventoryitem", warehouse="EAST") == ["MUG-1 @ EAST"]
    assert listed(kim, "inventoryitem", abc="B") == ["POT-1 @ MAIN"]
    assert listed(kim, "inventoryitem", xyz="X") == []
    assert len(listed(kim, "inventoryitem", uncounted="90")) == 3


def test_search_forgives_typos_in_every_list_about_products(kim):
    hold("ORD-1")
    advise("MUG-1")
    Clearance.objects.create(
        item=item("MUG-1"), way="bundle", units=9, opened_by="x", changed_by="x"
    )
    LostDemand.objects.create(
        reference="LOST-1", product=item("MUG-1").product, warehouse=warehouse("EAST"),
        requested=2, available=1, actor="x",
    )  # fmt: skip
    for name in ("product", "inventoryitem", "stockmovement", "reservation", "reorderadvice",
                 "clearance", "lostdemand"):  # fmt: skip
        assert listed(kim, name, q="enamle"), name
        assert not listed(kim, name, q="xylophone"), name
    assert not any("POT" in row for row in listed(kim, "stockmovement", q="enamle"))
    assert set(listed(kim, "bin", q="A0101")) == {"A-01-01"}
    assert Bin.objects.filter(code="A-01-01").count() == len(listed(kim, "bin", q="A0101"))


def test_refused_demand_by_day_and_warehouse(kim):
    for code, days in (("MAIN", 0), ("EAST", 9)):
        LostDemand.objects.create(
            reference=f"L-{code}", product=item("MUG-1").product, warehouse=warehouse(code),
            requested=2, available=1, actor="x", occurred_at=timezone.now() - timedelta(days=days),
        )  # fmt: skip
    assert listed(kim, "lostdemand", when="7") == ["L-MAIN: 1 of MUG-1"]
    assert listed(kim, "lostdemand", warehouse="EAST") == ["L-EAST: 1 of MUG-1"]


@pytest.mark.parametrize("name", OWN_LISTS)
def test_limited_staff_are_offered_their_own_warehouses_and_no_other(house, name):
    warehouse("WEST")
    browser = at(person("kim", MANAGER, within=["EAST", "WEST"]))
    page = browser.get(f"/admin/warehouse/{name}/").content.decode()
    assert "warehouse=EAST" in page
    assert "warehouse=WEST" in page
    assert "MAIN" not in page
    assert listed(browser, name, warehouse="MAIN") == []


def test_an_empty_list_says_what_would_be_there_and_what_to_do(db):
    browser = at(person("kim", MANAGER))
    for model, page in admin.site._registry.items():
        if model._meta.app_label == "warehouse":
            assert str(page.nothing_here), model
            shown = browser.get(f"/admin/warehouse/{model._meta.model_name}/").content.decode()
            assert "Nothing here yet" in shown, model
            assert str(page.nothing_here).split(",")[0].replace("'", "&#x27;") in shown, model


def test_products_that_are_off_are_found_too(kim):
    ProductFactory(sku="OLD-1", name="Old lamp")
    Product.objects.filter(sku="OLD-1").update(active=False)
    assert listed(kim, "product", active__exact="0") == ["OLD-1"]
