"""Which bins are counted when: by what sells, by what was counted last, and no more than a crew can do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import CountTask
from orders.services.count_results import approve, submit
from orders.services.count_work import claim_task
from orders.services.counting import CountPlace, open_tasks, schedule_due
from orders.tasks import open_due_counts
from tests.factories import do, stock
from tests.orders.counted import hand_in, opened, person
from tests.warehouse.statements import sent_by, skus
from warehouse.lines import ReservedLine, ReserveLine
from warehouse.models import BinStock, CycleCount, Product
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship
from warehouse.turnover import classes

pytestmark = pytest.mark.django_db


def sell(**units):
    lines = [ReserveLine(sku, n) for sku, n in units.items()]
    do(reserve, reference=f"O-{len(units)}", lines=lines)
    do(ship, reference=f"O-{len(units)}", lines=[ReservedLine(s, n) for s, n in units.items()])


def ahead(days):
    return timezone.now() + timedelta(days=days)


def test_classes_follow_the_value_that_was_shipped():
    stock({(sku, "MAIN"): 200 for sku in "ABCD"})
    Product.objects.filter(sku="A").update(unit_cost=70)
    Product.objects.filter(sku="B").update(unit_cost=20)
    sell(A=1, B=1, C=9)  # 70, 20, and 9 without a cost
    span = {"since": ahead(-1), "until": ahead(1)}
    assert [classes(**span)[sku, "MAIN"] for sku in "ABCD"] == ["A", "A", "B", "C"]
    assert classes(since=ahead(1), until=ahead(2), within={"MAIN"})["A", "MAIN"] == "C"
    assert classes(**span, within={"EAST"}) == {}


def test_what_sells_is_counted_more_often():
    stock({(sku, "MAIN"): 50 for sku in ("SELLS", "RESTS")})
    sell(SELLS=9)
    hand_in(opened(), SELLS=41, RESTS=50)
    assert do(schedule_due, now=ahead(29)) == 0
    assert do(schedule_due, now=ahead(31)) == 1
    assert CountTask.objects.get(reason="schedule").product.sku == "SELLS"
    assert do(schedule_due, now=ahead(181)) == 1  # it is no longer sold, and being counted already


def test_the_longest_overdue_first_and_no_more_than_a_day_s_work(settings):
    settings.COUNT_TASKS_A_DAY = 3
    stock({(sku, code): 5 for sku in skus(5) for code in ("MAIN", "EAST")})
    CycleCount.objects.bulk_create(
        CycleCount(
            item_id=s.item_id, bin_id=s.bin_id, reference="C", expected=5, counted=5, actor="x",
            counted_at=ahead(-200 - n),
        )
        for n, s in enumerate(_shelves("MAIN"))
    )  # fmt: skip
    now = timezone.now()
    assert do(schedule_due, now=now) == 6
    assert do(schedule_due, now=now) == 0
    chosen = CountTask.objects.filter(warehouse__code="MAIN").values_list("product__sku", flat=True)
    assert sorted(chosen) == ["S002", "S003", "S004"]
    assert do(schedule_due, now=ahead(1)) == 4


def _shelves(code):
    return BinStock.objects.filter(bin__warehouse__code=code).order_by("item__product__sku")


def test_a_bin_that_is_being_counted_whole_is_left_out():
    stock({("A", "MAIN"): 5})
    opened()
    assert open_due_counts.run() == 0


@pytest.mark.parametrize("n", [1, 10, 100])
def test_statements(n):
    """Pinned, whatever the number of products."""
    stock({(sku, "MAIN"): 100 for sku in skus(n)})
    kim = person("kim")
    who = {"user_id": kim.user_id, "actor": kim}
    reference = opened()
    few = [(sku, 10) for sku in skus(n)]
    pinned = {
        "claim": len(sent_by(do, claim_task, task=reference, **who)),
        "submit": len(sent_by(do, submit, task=reference, counts=few, **who)),
    }
    do(claim_task, task=reference, **who)
    do(submit, task=reference, counts=few, **who)
    pinned["approve"] = len(sent_by(do, approve, task=reference))
    places = [CountPlace("MAIN", "A-01-01", sku) for sku in skus(n)]
    pinned["open"] = len(sent_by(do, open_tasks, places=places))
    assert pinned == {"claim": 4, "submit": 7, "approve": 11, "open": 5}
