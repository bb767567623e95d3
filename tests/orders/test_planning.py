"""Pick lists as they are planned from what is promised and where it lies."""

from datetime import UTC, datetime

import pytest

from notifications.models import OutboxEvent
from orders.errors import NothingToPick, OrderNotFound
from orders.models import CountTask, PickLine, PickList, PickListOrder, SalesOrder
from orders.services import picking, planning
from tests.factories import do
from tests.orders.picking_world import order, orders, planned, shelve, walk
from warehouse.errors import InvalidLines, UnknownWarehouse, WarehouseNotAllowed
from warehouse.models import Bin, Warehouse

pytestmark = pytest.mark.django_db


def totes(reference: str) -> list[tuple[str, int]]:
    found = PickListOrder.objects.filter(pick_list__reference=reference)
    return list(found.values_list("order__reference", "tote"))


def test_a_batch_is_one_walk_with_a_tote_for_each_order():
    shelve({("A", "A-01-01"): 9, ("B", "B-02-01"): 9, ("C", "B-20-01"): 9})
    orders({"O1": {"A": 1, "B": 2}, "O2": {"C": 1, "A": 3}})
    (reference,) = planned()
    assert walk(reference) == [
        ("A-01-01", "A", 1), ("A-01-01", "A", 3), ("B-20-01", "C", 1), ("B-02-01", "B", 2),
    ]  # fmt: skip
    assert totes(reference) == [("O1", 1), ("O2", 2)]
    event = OutboxEvent.objects.get(type="picking.planned")
    assert (event.reference, event.details["orders"], event.details["units"]) == (reference, 2, 7)


def test_the_most_urgent_orders_are_planned_first():
    shelve({("A", "A-01-01"): 9})
    late = datetime(2026, 12, 2, tzinfo=UTC)
    orders({"LATER": {"A": 1}})
    orders({"BY": {"A": 1}}, ship_by=late)
    orders({"FIRST": {"A": 1}}, priority=1)
    assert [totes(x)[0][0] for x in planned("single")] == ["FIRST", "BY", "LATER"]


def test_what_is_on_a_list_is_not_planned_again():
    shelve({("A", "A-01-01"): 9})
    order("O1", A=2)
    assert len(planned()) == 1
    assert planned() == []
    with pytest.raises(NothingToPick, match="O1: what can be picked of it is on a list already"):
        planned(orders=["O1"])


def test_what_another_list_speaks_for_in_a_bin_is_taken_elsewhere():
    shelve({("A", "A-01-01"): 3, ("A", "B-01-01"): 3})
    orders({"O1": {"A": 2}, "O2": {"A": 2}, "O3": {"A": 2}})
    lists = [planned("single", most_orders=1)[0] for _ in range(3)]
    assert [walk(x) for x in lists] == [
        [("A-01-01", "A", 2)],
        [("A-01-01", "A", 1), ("B-01-01", "A", 1)],
        [("B-01-01", "A", 2)],
    ]


def test_an_order_in_two_warehouses_gets_a_list_in_each():
    shelve({("A", "A-01-01"): 1, ("B", "A-01-02"): 1})
    shelve({("C", "A-01-01"): 1}, code="EAST")
    order("O1", A=1, B=1, C=1)
    lists = planned(warehouse=None)
    assert [len(walk(x)) for x in lists] == [2, 1]
    assert list(PickList.objects.order_by("id").values_list("warehouse__code", flat=True)) == [
        "MAIN",
        "EAST",
    ]


def test_what_waits_for_stock_is_planned_when_it_is_there():
    shelve({("A", "A-01-01"): 2})
    order("O1", backorder=True, A=5)
    (first,) = planned()
    assert walk(first) == [("A-01-01", "A", 2)]
    with pytest.raises(NothingToPick):
        planned(orders=["O1"])
    shelve({("A", "A-01-01"): 3})
    assert walk(planned()[0]) == [("A-01-01", "A", 3)]


def test_waves_by_carrier_cut_off_and_zone():
    shelve({("A", "A-01-01"): 9, ("B", "B-01-01"): 9})
    noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
    orders({"POST": {"A": 1, "B": 1}}, carrier="Post", ship_by=noon)
    orders({"DHL": {"A": 1}, "DHL2": {"B": 1}}, carrier="DHL", ship_by=noon.replace(hour=18))
    (early,) = planned("wave", ship_before=noon)
    assert totes(early) == [("POST", 1)]
    assert PickList.objects.get().label == "until 01 Dec 12:00"
    (zone,) = planned("wave", carrier="DHL", zone="b")
    assert (walk(zone), totes(zone)) == ([("B-01-01", "B", 1)], [("DHL2", 1)])
    assert [totes(x) for x in planned("wave", carrier="DHL", label="evening")] == [[("DHL", 1)]]


def test_a_wave_is_as_many_walks_as_it_takes():
    shelve({("A", "A-01-01"): 99})
    orders({f"O{n}": {"A": 1} for n in range(7)})
    assert [len(totes(x)) for x in planned("wave", most_orders=3)] == [3, 3, 1]


def test_a_zone_leaves_the_rest_of_an_order_to_another_list():
    shelve({("A", "A-01-01"): 9, ("B", "B-01-01"): 9})
    order("O1", A=1, B=1)
    assert walk(planned(zone="B")[0]) == [("B-01-01", "B", 1)]
    assert walk(planned()[0]) == [("A-01-01", "A", 1)]


def test_a_suspect_bin_is_avoided():
    shelve({("A", "A-01-01"): 5, ("A", "B-01-01"): 5})
    CountTask.objects.create(
        reference="C", warehouse=Warehouse.objects.get(), bin=Bin.objects.get(code="A-01-01"),
        reason="short_pick",
    )  # fmt: skip
    order("O1", A=1)
    assert walk(planned()[0]) == [("B-01-01", "A", 1)]


def test_orders_that_cannot_be_planned_do_not_stand_in_the_way_of_others():
    shelve({("A", "PACKING"): 5}, kind="packing")
    shelve({("B", "B-01-01"): 5})
    orders({"O1": {"A": 1}, "O2": {"A": 1}, "O3": {"B": 1}})
    assert totes(planned(most_orders=1)[0]) == [("O3", 1)]
    with pytest.raises(
        NothingToPick, match="O1: other lists take what is in the bins, or the rest"
    ):
        planned(orders=["O1"])


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"orders": ["NO"]}, OrderNotFound),
        ({"warehouse": "NO"}, UnknownWarehouse),
        ({"warehouse": "MAIN", "within": {"EAST"}}, WarehouseNotAllowed),
        ({"kind": "heap"}, InvalidLines),
        ({"most_orders": 0}, InvalidLines),
        ({"label": "x" * 81}, InvalidLines),
    ],
)
def test_bad_wishes(given, error):
    shelve({("A", "A-01-01"): 5})
    with pytest.raises(error):
        planned(**given)
    assert PickList.objects.count() == 0


def test_somebody_limited_to_a_warehouse_plans_there_alone():
    shelve({("A", "A-01-01"): 1})
    shelve({("B", "A-01-01"): 1}, code="EAST")
    order("O1", A=1, B=1)
    assert len(planned(warehouse=None, within={"EAST"})) == 1
    assert PickList.objects.get().warehouse.code == "EAST"


def test_a_promise_that_gives_way_leaves_its_list():
    shelve({("A", "A-01-01"): 5, ("A", "B-01-01"): 5})
    order("O1", A=2)
    (reference,) = planned()
    do(picking.pick_whole_lists, pick_lists=[reference])
    assert SalesOrder.objects.get().status == "picking"
    assert PickLine.objects.get().left == 0
    assert do(planning.plan, warehouse="MAIN", kind="batch") == []
