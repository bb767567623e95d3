"""How many statements planning, a scan and the picker's page send: pinned, whatever the size."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from orders.queries.picking import lists_to_do, pick_list_view, pick_task
from orders.services import picking, planning
from tests.factories import do
from tests.orders.picking_world import actor, line, orders, person, shelve
from tests.warehouse.statements import sent_by

pytestmark = pytest.mark.django_db

SIZES = pytest.mark.parametrize("lines", [10, 500])


def world(lines: int, *, of_an_order: int = 5) -> None:
    """So many lines to pick, five to an order, each of another product in a bin of its own."""
    skus = [f"S{n:03d}" for n in range(lines)]
    shelve({(sku, f"A-{n // 20 + 1:02d}-{n % 20:02d}"): 9 for n, sku in enumerate(skus)})
    parts = [skus[n : n + of_an_order] for n in range(0, lines, of_an_order)]
    orders({f"O{n}": dict.fromkeys(part, 2) for n, part in enumerate(parts)})
    connection.cursor().execute("ANALYZE")


def listed(lines: int) -> tuple[str, int]:
    world(lines)
    (reference,) = do(planning.plan, warehouse="MAIN", kind="batch", most_orders=200)
    anna = person()
    do(picking.claim, pick_list=reference, staff_id=anna)
    return reference, anna


@SIZES
@pytest.mark.parametrize(("kind", "most"), [("single", 200), ("batch", 200), ("wave", 20)])
def test_planning(lines, kind, most):
    world(lines)
    sent = sent_by(do, planning.plan, warehouse="MAIN", kind=kind, most_orders=most)
    assert len(sent) == 9


@SIZES
def test_the_pick_task_page(lines):
    reference, _ = listed(lines)
    assert len(sent_by(pick_task, reference=reference)) == 2
    assert len(sent_by(pick_list_view, reference=reference)) == 3
    assert len(sent_by(lists_to_do, warehouses=["MAIN"])) == 1
    task = pick_task(reference=reference)
    assert (task.line.bin, len(task.coming), task.pick_list.line_count) == ("A-01-00", 3, lines)


@SIZES
def test_a_scan(lines):
    reference, anna = listed(lines)
    first = line(reference, item__product__sku="S000")
    told = {"line_id": first.pk, "bin": "A-01-00", "code": "S000", "user_id": anna}
    sent = sent_by(do, picking.pick, pick_list=reference, **told)
    assert len(sent) == 10
    assert len(sent_by(do, picking.undo, pick_list=reference, user_id=anna)) == 14


@SIZES
def test_claiming_and_picking_a_whole_list(lines):
    world(lines)
    (reference,) = do(planning.plan, warehouse="MAIN", kind="batch", most_orders=200)
    anna = person()
    assert len(sent_by(do, picking.claim, pick_list=reference, staff_id=anna)) == 8
    assert get_user_model().objects.count() == 1
    whole = {"pick_lists": [reference], "actor": actor(anna)}
    assert len(sent_by(do, picking.pick_whole_lists, **whole)) == 15


@SIZES
def test_a_short_pick(lines):
    reference, anna = listed(lines)
    first = line(reference, item__product__sku="S000")
    told = {"line_id": first.pk, "found": 0, "problem": "short", "user_id": anna}
    sent = sent_by(do, picking.short, pick_list=reference, **told)
    assert len(sent) == 35
