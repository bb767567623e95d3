"""What of the stock is alerted: from events and from a look everywhere alike."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory_site.core.db import unit_of_work
from inventory_site.core.sql import rows
from notifications.models import Alert, SetAside
from tests.factories import do, item, stock
from tests.notifications.told import after_a_look_everywhere, after_events, standing
from warehouse.lines import CountLine, PlacedLine, ReserveLine
from warehouse.models import ItemClass, Product
from warehouse.services.counting import count
from warehouse.services.movements import receive
from warehouse.services.proof import verify_ledger
from warehouse.services.releasing import release
from warehouse.services.replenishment import set_reorder
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship
from warehouse.services.watching import tell_of_dead_stock, tell_of_drifts
from warehouse.tasks import verify_ledger_nightly

pytestmark = pytest.mark.usefixtures("committed_db")


def watched(sku="A", units=30, point=20, **more):
    stock({(sku, "MAIN"): units})
    do(set_reorder, sku=sku, warehouse="MAIN", reorder_point=point, reorder_quantity=50, **more)


def take(units, reference="R", sku="A"):
    do(reserve, reference=reference, lines=[ReserveLine(sku, units)])


def come(units, reference="PO", sku="A"):
    do(receive, reference=reference, lines=[PlacedLine(sku, "MAIN", units, "A-01-01")])


def both():
    """The same is seen by the events and by a look everywhere."""
    told = after_events()
    assert after_a_look_everywhere() == told
    return told


def test_at_the_reorder_point_an_item_is_low_until_it_is_well_above():
    watched()
    assert both() == {}
    take(10)
    assert both() == {"low_stock": ["A is low in MAIN: 20 available, reorder point 20"]}
    come(2)
    assert [*both()] == ["low_stock"], "22 of 20 is not yet well above"
    come(1, "PO-2")
    assert both() == {}


def test_just_above_the_point_nothing_opens():
    watched(units=21)
    assert both() == {}


def test_setting_the_point_is_enough():
    stock({("A", "MAIN"): 5})
    assert both() == {}
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=5, reorder_quantity=50)
    assert both() == {"low_stock": ["A is low in MAIN: 5 available, reorder point 5"]}


def test_out_of_stock_is_urgent_where_it_is_watched():
    watched(units=30)
    stock({("B", "MAIN"): 3})
    take(30)
    take(3, "R-2", "B")
    told = both()
    assert told["out_of_stock"] == [
        "A is out of stock in MAIN, nothing on the way",
        "B is out of stock in MAIN, nothing on the way",
    ]
    found = dict(Alert.objects.filter(rule="out_of_stock").values_list("subject", "severity"))
    assert found == {"A in MAIN": "urgent", "B in MAIN": "warning"}
    do(release, reference="R-2", lines=None)
    assert both()["out_of_stock"] == ["A is out of stock in MAIN, nothing on the way"]
    come(1)
    assert both()["out_of_stock"] == [
        "A was out of stock in MAIN and has 1 again, nothing on the way"
    ]
    classed("C")
    assert after_a_look_everywhere()["out_of_stock"][0].endswith("nothing on the way (class CX)")
    assert Alert.objects.get(rule="out_of_stock", resolved_at=None).severity == "warning"


def classed(letter, sku="A"):
    given = {"xyz": "X", "weekly_mean": 1, "value": 1, "at": timezone.now(), "abc": letter}
    ItemClass.objects.update_or_create(item=item(sku), defaults=given)


@pytest.mark.parametrize(
    ("letter", "point", "severity"),
    [
        ("A", 20, "urgent"), ("B", 20, "urgent"), ("C", 20, "warning"), (None, 20, "urgent"),
        ("A", 0, "urgent"), ("B", 0, "warning"), ("C", 0, "info"), (None, 0, "warning"),
    ],
)  # fmt: skip
def test_how_bad_it_is_to_be_out_of_stock_is_a_matter_of_class(letter, point, severity):
    watched(units=3, point=point)
    if letter:
        classed(letter)
    take(3)
    assert "out_of_stock" in both()
    alert = Alert.objects.get(rule="out_of_stock")
    assert (alert.severity, alert.details.get("class")) == (severity, letter and f"{letter}X")
    assert alert.title.endswith(f" (class {letter}X)") == bool(letter)


def test_another_class_is_another_severity_of_the_same_alert():
    watched(units=3, point=0)
    take(3)
    both()
    (before,) = Alert.objects.filter(rule="out_of_stock")
    classed("A")
    after_a_look_everywhere()
    (after,) = Alert.objects.filter(rule="out_of_stock")
    assert (before.severity, after.severity, after.pk) == ("warning", "urgent", before.pk)
    classed("C")
    after_a_look_everywhere()
    assert Alert.objects.get(rule="out_of_stock").severity == "info"


def test_low_stock_names_its_class():
    watched(units=20)
    classed("B")
    assert both() == {"low_stock": ["A is low in MAIN: 20 available, reorder point 20 (class BX)"]}
    assert Alert.objects.get().details["class"] == "BX"


def test_what_is_kept_as_safety_stock_is_not_for_sale():
    watched(units=6, point=0, safety_stock=4)
    take(2)
    assert both()["out_of_stock"] == [
        "A is out of stock in MAIN (4 kept as safety stock), nothing on the way"
    ]


def test_what_never_was_here_or_is_sold_no_more_is_not_out_of_stock():
    stock({("A", "MAIN"): 0, ("B", "MAIN"): 2})
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=0, reorder_quantity=0)
    take(2, sku="B")
    Product.objects.filter(sku="B").update(active=False)
    assert both() == {}


def test_a_shortage_names_the_orders_that_wait_and_stands_until_they_are_served():
    stock({("A", "MAIN"): 10})
    take(6, "ORDER-1")
    take(4, "ORDER-2")
    do(count, reference="CC", lines=[CountLine("A", "MAIN", counted=7, bin="A-01-01")])
    told = both()
    assert told["shortage_found"] == ["MAIN holds less of A than was promised: ORDER-2 waits for 3"]
    assert Alert.objects.get(rule="shortage_found").details["orders"] == ["ORDER-2"]
    come(1)
    assert [*both()] == ["order_backordered", "out_of_stock", "shortage_found"]
    come(5, "PO-2")
    assert both() == {}


def test_a_shortage_of_several_orders_is_told_of_several():
    stock({("A", "MAIN"): 10})
    for n in range(5):
        take(2, f"ORDER-{n}")
    do(count, reference="CC", lines=[CountLine("A", "MAIN", counted=0)])
    assert both()["shortage_found"] == [
        "MAIN holds less of A than was promised: ORDER-0, ORDER-1, ORDER-2 and others wait for 10"
    ]


def test_a_backorder_that_was_taken_knowingly_is_no_shortage():
    stock({("A", "MAIN"): 2})
    do(reserve, reference="R", lines=[ReserveLine("A", 5)], backorder=True)
    assert "shortage_found" not in both()


def test_a_proof_that_finds_drift_is_alerted_until_one_finds_none():
    stock({("A", "MAIN"): 10})
    broken = item("A").pk
    with unit_of_work():
        rows("SET LOCAL session_replication_role = replica", [])
        rows("UPDATE warehouse_inventoryitem SET on_hand = 11 WHERE id = %s", [broken])
    assert verify_ledger_nightly() > 0
    alert = Alert.objects.get(rule="ledger_drift")
    assert alert.severity == "urgent"
    assert "The books do not add up" in alert.title
    with unit_of_work():
        rows("SET LOCAL session_replication_role = replica", [])
        rows("UPDATE warehouse_inventoryitem SET on_hand = 10 WHERE id = %s", [broken])
    drifts = verify_ledger()
    do(tell_of_drifts, drifts=drifts)
    assert Alert.objects.filter(resolved_at=None).count() == 0


def test_dead_stock_is_one_alert_for_each_warehouse_until_it_sells():
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 5, ("C", "EAST"): 1})
    Product.objects.filter(sku="A").update(unit_cost=2)
    later = timezone.now() + timedelta(days=91)
    do(tell_of_dead_stock, now=later)
    assert standing()["dead_stock"] == [
        "1 products lie unsold for 90 days in EAST: 1 units, 0 at cost"
        " (1 without a cost is not in the sum)",
        "2 products lie unsold for 90 days in MAIN: 15 units, 20 at cost"
        " (1 without a cost is not in the sum)",
    ]
    do(reserve, reference="R", lines=[ReserveLine("C", 1)])
    do(ship, reference="R")
    do(tell_of_dead_stock, now=later)
    assert len(standing()["dead_stock"]) == 1
    after_a_look_everywhere()
    assert len(standing()["dead_stock"]) == 1, (
        "a look everywhere leaves alone what it does not look at"
    )


def test_what_lies_for_half_a_year_makes_the_same_alert_a_warning():
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 0})
    Product.objects.update(unit_cost=2)
    came = timezone.now()
    more = [PlacedLine("B", "MAIN", 5, "A-01-01")]
    do(receive, reference="PO", lines=more, now=came + timedelta(days=60))
    do(tell_of_dead_stock, now=came + timedelta(days=91))
    known = Alert.objects.get()
    assert known.severity == "info"
    assert "180" not in known.title
    do(tell_of_dead_stock, now=came + timedelta(days=181))
    (alert,) = Alert.objects.all()
    assert (alert.pk, alert.severity) == (known.pk, "warning")
    assert alert.title == (
        "2 products lie unsold for 90 days in MAIN: 15 units, 30 at cost;"
        " 1 of them for 180 days, 20 at cost"
    )


def test_reading_events_takes_as_many_statements_for_many_items_as_for_one():
    skus = [f"S{n}" for n in range(50)]
    stock({(sku, "MAIN"): 1 for sku in skus})
    after_events()
    counts = []

    for n, some in enumerate((skus[:1], skus[1:])):
        do(reserve, reference=f"R{n}", lines=[ReserveLine(sku, 1) for sku in some])
        with CaptureQueriesContext(connection) as sent:
            after_events()
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert not SetAside.objects.exists()
