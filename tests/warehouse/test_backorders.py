"""A promise that may wait: made before there is stock, filled as it comes, the oldest first."""

import pytest
from django.db import connection

from notifications.models import OutboxEvent
from tests.factories import ProductFactory, counters, do, stock, warehouse
from warehouse.errors import InsufficientStock, NotReserved, ReferenceConflict, UnknownSku
from warehouse.lines import CountLine, Held, PlacedLine, ReservedLine, ReserveLine, ReserveRequest
from warehouse.models import LostDemand
from warehouse.queries import reservation
from warehouse.services.counting import count
from warehouse.services.movements import receive
from warehouse.services.proof import verify_ledger
from warehouse.services.releasing import expire_due, release
from warehouse.services.reservations import reserve, reserve_batch
from warehouse.services.shipping import ship

pytestmark = pytest.mark.django_db


def once_held(*codes):
    """A is known in these warehouses, and there is none of it."""
    stock({("A", code): 1 for code in codes})
    do(count, reference="EMPTY", lines=[CountLine("A", code, 0) for code in codes])


def wait(reference, quantity, **more):
    lines = [ReserveLine("A", quantity)]
    return do(reserve, reference=reference, lines=lines, backorder=True, **more)


def arrive(quantity, code="MAIN"):
    return do(receive, reference="IN", lines=[PlacedLine("A", code, quantity)])


def waiting(reference):
    return sum(line.backordered for line in reservation(reference=reference).lines)


def test_what_is_there_is_reserved_and_the_rest_waits():
    stock({("A", "MAIN"): 3, ("A", "EAST"): 2})
    held = wait("O", 9)
    told = [(line.warehouse, line.quantity, line.backordered) for line in held.lines]
    assert told == [("MAIN", 7, 4), ("EAST", 2, 0)]
    assert (held.status, held.short, held.created) == ("active", (), True)
    assert (counters("A"), counters("A", "EAST")) == ((3, 3, 0, 0), (2, 2, 0, 0))
    event = OutboxEvent.objects.order_by("-id")[0]
    assert event.details == {"backordered": [{"sku": "A", "warehouse": "MAIN", "quantity": 4}]}
    assert not LostDemand.objects.exists()
    again = wait("O", 9)
    assert (again.lines, again.created) == (held.lines, False)
    with pytest.raises(ReferenceConflict):
        do(reserve, reference="O", lines=[ReserveLine("A", 9)])
    assert verify_ledger() == []


def test_arrivals_fill_the_oldest_first_wherever_they_arrive():
    once_held("MAIN", "EAST")
    for reference in ("FIRST", "SECOND", "THIRD"):
        wait(reference, 4)
    filled = arrive(6, "EAST").filled
    assert [(x.reference, x.backordered) for x in filled] == [("FIRST", 0), ("SECOND", 2)]
    assert [waiting(x) for x in ("FIRST", "SECOND", "THIRD")] == [0, 2, 4]
    arrive(1)
    assert [waiting(x) for x in ("FIRST", "SECOND", "THIRD")] == [0, 1, 4]
    assert verify_ledger() == []


def test_a_new_order_never_overtakes_those_who_wait():
    once_held("MAIN")
    wait("OLD", 5)
    arrive(3)
    with pytest.raises(InsufficientStock):
        do(reserve, reference="NEW", lines=[ReserveLine("A", 1)])
    wait("NEW", 1)
    arrive(2)
    assert (waiting("OLD"), waiting("NEW")) == (0, 1)
    arrive(1)
    assert counters("A") == (6, 6, 0, 0)


def test_one_that_named_its_warehouse_waits_there():
    once_held("MAIN", "EAST")
    wait("PINNED", 2, warehouse="MAIN")
    assert arrive(5, "EAST").filled == []
    assert waiting("PINNED") == 2


def test_a_waiting_part_is_given_back_without_freeing_anything():
    stock({("A", "MAIN"): 3})
    wait("O", 9)
    held = do(release, reference="O", lines=[ReservedLine("A", 4)])
    assert (held.lines[0].released, held.lines[0].backordered) == (4, 2)
    assert counters("A") == (3, 3, 0, 0)
    held = do(release, reference="O")
    assert (held.status, counters("A")) == ("released", (3, 0, 0, 0))
    assert verify_ledger() == []


def test_one_that_runs_out_waits_no_longer():
    stock({("A", "MAIN"): 3})
    wait("CART", 9, expires_in=60)
    wait("NEXT", 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE warehouse_reservation SET expires_at = now() - interval '1 hour'"
            " WHERE reference = 'CART'"
        )
    assert do(expire_due) == ["CART"]
    assert (waiting("CART"), waiting("NEXT")) == (0, 0)
    assert counters("A") == (3, 2, 0, 0)


def test_shipping_sends_what_is_there_and_refuses_where_nothing_is():
    once_held("MAIN")
    wait("O", 5)
    for lines in (None, [ReservedLine("A", 1)]):
        with pytest.raises(NotReserved):
            do(ship, reference="O", lines=lines)
    arrive(2)
    assert do(ship, reference="O").lines[0].shipped == 2
    arrive(3)
    assert do(ship, reference="O").status == "fulfilled"
    assert counters("A") == (0, 0, 0, 0)


def test_what_was_never_held_anywhere_is_refused_whole_and_recorded():
    stock({("A", "MAIN"): 1})
    ProductFactory(sku="NEVER")
    lines = [ReserveLine("A", 2), ReserveLine("NEVER", 1)]
    with pytest.raises(InsufficientStock) as refusal:
        do(reserve, reference="O", lines=lines, backorder=True)
    assert {item["sku"] for item in refusal.value.items} == {"A", "NEVER"}
    assert LostDemand.objects.count() == 2
    assert counters("A") == (1, 0, 0, 0)
    with pytest.raises(UnknownSku):
        do(reserve, reference="P", lines=[ReserveLine("NOPE", 1)], backorder=True)


def test_orders_of_a_batch_wait_in_its_order():
    stock({("A", "MAIN"): 3})
    requests = [ReserveRequest(f"B{n}", [ReserveLine("A", 2)], backorder=True) for n in range(3)]
    answers = do(reserve_batch, requests=requests)
    assert all(isinstance(answer, Held) for answer in answers)
    assert [waiting(f"B{n}") for n in range(3)] == [0, 1, 2]


@pytest.fixture
def split():
    """An order of which 4 are held in EAST and 3 wait in MAIN."""
    warehouse("MAIN")
    stock({("A", "MAIN"): 3, ("A", "EAST"): 4})
    do(reserve, reference="O", lines=[ReserveLine("A", 7)])
    do(count, reference="C", lines=[CountLine("A", "MAIN", 0)])


def test_what_waits_is_given_back_before_what_is_there_in_any_warehouse(split):
    held = do(release, reference="O", lines=[ReservedLine("A", 3)])
    assert held.lines == reservation(reference="O").lines
    assert [(x.warehouse, x.released, x.backordered) for x in held.lines] == [
        ("EAST", 0, 0),
        ("MAIN", 3, 0),
    ]
    assert counters("A", "EAST") == (4, 4, 0, 0)
    held = do(release, reference="O", lines=[ReservedLine("A", 1)])
    assert (held.lines[0].released, counters("A", "EAST")) == (1, (4, 3, 0, 0))


def test_what_it_gives_back_may_fill_its_own_waiting_part_and_the_answer_says_so(split):
    held = do(release, reference="O", lines=[ReservedLine("A", 2, "EAST")])
    assert held.lines == reservation(reference="O").lines
    assert sum(line.backordered for line in held.lines) == 1
    assert counters("A", "EAST") == (4, 4, 0, 0)
    assert verify_ledger() == []


def test_a_partial_order_sent_again_is_answered_alike_and_loses_nothing_more():
    stock({("A", "MAIN"): 3})
    order = {"reference": "O", "lines": [ReserveLine("A", 5)], "allow_partial": True}
    first = do(reserve, **order)
    arrive(1)
    again = do(reserve, **order)
    assert (again.lines, again.short, again.created) == (first.lines, first.short, False)
    lost = LostDemand.objects.get()
    assert (lost.requested, lost.available) == (5, 3)
    assert counters("A") == (4, 3, 0, 0)
