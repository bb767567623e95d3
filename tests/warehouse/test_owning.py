"""Reservations that belong to a document: taken over, and its owner told of what becomes of them."""

import pytest

from notifications.models import OutboxEvent
from tests.factories import counters, do, stock
from warehouse.errors import (
    ReservationClosed,
    ReservationNotFound,
    ReservationOwned,
    WarehouseNotAllowed,
)
from warehouse.lines import CountLine, PlacedLine, ReservedLine, ReserveLine, ReserveRequest
from warehouse.queries import reservation
from warehouse.services import following
from warehouse.services.counting import count
from warehouse.services.following import follow
from warehouse.services.movements import receive
from warehouse.services.owning import adopt
from warehouse.services.releasing import extend, release
from warehouse.services.reservations import reserve, reserve_batch
from warehouse.services.shipping import ship

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    """What a follower of `orders` has been told, call by call."""
    monkeypatch.setattr(following, "_followers", {})
    calls = []
    follow(owner="orders", follower=lambda *, references, now: calls.append(sorted(references)))
    return calls


def promise(reference, quantity, **more):
    return do(reserve, reference=reference, lines=[ReserveLine("A", quantity)], **more)


def test_a_cart_that_became_an_order_no_longer_runs_out():
    stock({("A", "MAIN"): 5})
    promise("CART", 2, expires_in=60)
    held = do(adopt, reference="CART", owner="orders")
    assert held == reservation(reference="CART")
    assert held.expires_at is None
    assert do(adopt, reference="CART", owner="orders") == held
    events = OutboxEvent.objects.filter(type="reservation.adopted")
    assert [(event.reference, event.levels, event.details) for event in events] == [
        ("CART", [], {"owner": "orders"})
    ]
    with pytest.raises(ReservationOwned, match="another document"):
        do(adopt, reference="CART", owner="repairs")


def test_what_cannot_be_taken_over():
    stock({("A", "MAIN"): 5, ("A", "EAST"): 5})
    promise("GONE", 2, warehouse="MAIN")
    do(release, reference="GONE")
    with pytest.raises(ReservationClosed, match="released"):
        do(adopt, reference="GONE", owner="orders")
    with pytest.raises(ReservationNotFound):
        do(adopt, reference="NEVER", owner="orders")
    with pytest.raises(WarehouseNotAllowed):  # not even its state is told
        do(adopt, reference="GONE", owner="orders", within={"EAST"})


def test_an_owner_is_told_of_its_own_and_of_whatever_was_hurt_or_filled(told):
    stock({("A", "MAIN"): 10})
    promise("CART", 1)
    owned = ReserveRequest("ORDER", [ReserveLine("A", 9)], owner="orders")
    do(reserve_batch, requests=[owned])
    do(ship, reference="CART")
    assert told == []
    do(count, reference="C", lines=[CountLine("A", "MAIN", 5)])
    do(receive, reference="IN", lines=[PlacedLine("A", "MAIN", 4)])
    do(ship, reference="ORDER", lines=[ReservedLine("A", 2)], owner="orders")
    do(release, reference="ORDER", owner="orders")
    assert told == [["ORDER"]] * 4


def test_a_follower_is_told_in_the_same_transaction_and_may_refuse(told):
    stock({("A", "MAIN"): 10})
    promise("ORDER", 9)
    do(adopt, reference="ORDER", owner="orders")

    def refuse(*, references, now):
        raise ReservationClosed("The document is closed.")

    follow(owner="orders", follower=refuse)
    with pytest.raises(ReservationClosed, match="document"):
        do(ship, reference="ORDER", owner="orders")
    assert reservation(reference="ORDER").lines[0].shipped == 0


@pytest.mark.parametrize(
    ("service", "arguments"), [(ship, {}), (release, {}), (extend, {"expires_in": 60})]
)
def test_only_its_owner_ships_or_releases_a_promise(service, arguments):
    stock({("A", "MAIN"): 5})
    promise("ORDER", 2)
    do(adopt, reference="ORDER", owner="orders")
    with pytest.raises(ReservationOwned, match="document of orders"):
        do(service, reference="ORDER", **arguments)
    assert counters("A") == (5, 2, 0, 0)
