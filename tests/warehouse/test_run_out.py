"""What has run out is expired from that moment on, whether or not a sweep has come by."""

import threading
import time

import pytest
from django.db import connection

from inventory_site.core.db import unit_of_work
from notifications.models import OutboxEvent
from tests.factories import TESTER, counters, do, stock
from warehouse import locks
from warehouse.errors import InsufficientStock, NeverExpires, ReservationClosed
from warehouse.lines import CountLine, ReservedLine, ReserveLine
from warehouse.queries import reservation
from warehouse.services.counting import count
from warehouse.services.owning import adopt
from warehouse.services.proof import verify_ledger
from warehouse.services.releasing import expire_due, extend, release
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship

pytestmark = pytest.mark.usefixtures("committed_db")


def cart(reference, quantity=5, *, sku="A", expires_in=60, **more):
    lines = [ReserveLine(sku, quantity)]
    return do(reserve, reference=reference, lines=lines, expires_in=expires_in, **more)


def run_out(*references):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE warehouse_reservation SET expires_at = now() - interval '1 second'"
            " WHERE reference = ANY(%s)",
            [list(references)],
        )


def test_it_is_told_as_expired_and_nothing_can_be_done_to_it():
    stock({("A", "MAIN"): 10})
    cart("CART")
    run_out("CART")
    held = reservation(reference="CART")
    assert (held.status, held.lines[0].released) == ("expired", 5)
    steps = [
        lambda: cart("CART"),
        lambda: do(ship, reference="CART"),
        lambda: do(release, reference="CART"),
        lambda: do(extend, reference="CART", expires_in=900),
        lambda: do(adopt, reference="CART", owner="orders"),
    ]
    for step in steps:
        with pytest.raises(ReservationClosed, match="expired"):
            step()
    assert counters("A") == (10, 5, 0, 0)
    assert do(expire_due) == ["CART"]
    after = reservation(reference="CART")
    assert (after.status, after.lines) == (held.status, held.lines)
    assert counters("A") == (10, 0, 0, 0)


def test_who_needs_its_stock_does_not_wait_for_the_sweep():
    stock({("A", "MAIN"): 5, ("B", "MAIN"): 5})
    lines = [ReserveLine("A", 5), ReserveLine("B", 5)]
    do(reserve, reference="CART", lines=lines, expires_in=60)
    run_out("CART")
    assert cart("OTHER").lines[0].quantity == 5
    assert (counters("A"), counters("B")) == ((5, 5, 0, 0), (5, 5, 0, 0))
    freed, made = OutboxEvent.objects.order_by("-id")[:2][::-1]
    assert [(freed.type, freed.reference), (made.type, made.reference)] == [
        ("reservation.released", "CART"),
        ("reservation.created", "OTHER"),
    ]
    assert [event.levels[0]["available"] for event in (freed, made)] == [5, 0]
    assert made.levels[0]["version"] == freed.levels[0]["version"] + 1
    assert verify_ledger() == []
    assert do(expire_due) == ["CART"]
    assert (counters("A"), counters("B")) == ((5, 5, 0, 0), (5, 0, 0, 0))
    assert verify_ledger() == []


def test_what_it_held_goes_to_those_who_waited_before_anybody_new():
    stock({("A", "MAIN"): 5})
    cart("CART")
    cart("WAITS", 3, expires_in=None, backorder=True)
    run_out("CART")
    with pytest.raises(InsufficientStock):
        cart("NEW", 4)
    assert [line.backordered for line in reservation(reference="WAITS").lines] == [0]
    assert cart("NEWER", 2).status == "active"
    assert verify_ledger() == []


def test_a_cart_that_waits_and_has_run_out_is_not_filled():
    stock({("A", "MAIN"): 5})
    cart("FULL", expires_in=None)
    cart("CART", 2, backorder=True)
    run_out("CART")
    do(release, reference="FULL", lines=[ReservedLine("A", 2)])
    assert counters("A") == (5, 3, 0, 0)


def test_where_the_books_do_not_add_up_it_is_left_alone():
    stock({("A", "MAIN"): 5})
    cart("CART")
    run_out("CART")
    with unit_of_work(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # past every trigger
        cursor.execute("UPDATE warehouse_inventoryitem SET reserved = 1")
    with pytest.raises(InsufficientStock):
        cart("OTHER")
    assert counters("A") == (5, 1, 0, 0)


def test_extending_takes_no_time_away_and_makes_nothing_run_out():
    stock({("A", "MAIN"): 10})
    made = cart("CART", expires_in=900)
    assert do(extend, reference="CART", expires_in=60).expires_at == made.expires_at
    assert do(extend, reference="CART", expires_in=9000).expires_at > made.expires_at
    cart("KEPT", expires_in=None)
    with pytest.raises(NeverExpires):
        do(extend, reference="KEPT", expires_in=60)
    assert reservation(reference="KEPT").expires_at is None


def extended_across_its_end(meanwhile):
    """What comes of `meanwhile`, begun when the cart's time is over and its extension not committed yet."""
    stock({("A", "MAIN"): 5})
    cart("CART")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE warehouse_reservation SET expires_at = clock_timestamp() + interval '0.3 s'"
        )
    came: list[object] = []

    def go():
        try:
            came.append(meanwhile())
        except InsufficientStock as error:
            came.append(error.code)
        finally:
            connection.close()

    other = threading.Thread(target=go)
    with unit_of_work():
        extend(reference="CART", expires_in=900, actor=TESTER)
        time.sleep(0.4)
        other.start()
        other.join(0.5)
    other.join()
    return came


RACES = pytest.mark.parametrize(
    ("meanwhile", "right", "wrong"),
    [
        (lambda: do(expire_due, references=["CART"]), [[]], [["CART"]]),
        (lambda: cart("OTHER").status, ["insufficient_stock"], ["active"]),
    ],
    ids=["the sweep", "somebody who needs its stock"],
)


@RACES
def test_an_extension_made_in_time_holds_although_it_is_committed_late(meanwhile, right, wrong):
    assert extended_across_its_end(meanwhile) == right
    assert counters("A") == (5, 5, 0, 0)
    assert reservation(reference="CART").status == "active"
    assert verify_ledger() == []


@RACES
def test_control_without_its_lock_the_extended_reservation_loses_its_stock(
    meanwhile, right, wrong, monkeypatch
):
    for name in ("_RESERVATIONS", "_RUN_OUT"):
        with unit_of_work():
            unlocked = getattr(locks, name)().split(" FOR NO KEY UPDATE")[0]
        monkeypatch.setattr(locks, name, lambda unlocked=unlocked: unlocked)
    assert extended_across_its_end(meanwhile) == wrong


def test_a_shortage_takes_from_what_is_left_as_before():
    stock({("A", "MAIN"): 10})
    cart("CART")
    cart("KEPT", expires_in=None)
    run_out("CART")
    do(count, reference="C", lines=[CountLine("A", "MAIN", 4)])
    do(expire_due)
    assert counters("A") == (4, 4, 0, 0)
    assert verify_ledger() == []
