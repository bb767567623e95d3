"""What of the documents is alerted: orders that wait, returns that lie, suppliers that are late."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from notifications.models import Alert
from orders.models import PurchaseOrder
from orders.services.cancelling import cancel
from orders.services.purchasing import ArrivedLine, PurchaseLine, draft, receive_purchase, send
from orders.services.returning import (
    GradedLine,
    ReturnedLine,
    expect_return,
    grade,
    receive_return,
)
from tests.factories import do, stock
from tests.notifications.told import after_a_look_everywhere, after_events
from tests.orders.making import order
from tests.orders.shipped import shipped_order, supplied
from warehouse.lines import Disposition, PlacedLine, ReserveLine
from warehouse.models import Warehouse
from warehouse.services.movements import receive
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.usefixtures("committed_db")

RULES = ("order_backordered", "return_waiting", "purchase_late")


def both(now=None):
    """Of the documents' rules, the same is seen by the events and by a look everywhere."""
    told = {rule: titles for rule, titles in after_events().items() if rule in RULES}
    everywhere = after_a_look_everywhere(now)
    assert {rule: titles for rule, titles in everywhere.items() if rule in RULES} == told
    return told


def test_an_order_that_waits_is_told_until_it_is_served():
    stock({("A", "MAIN"): 2})
    order("O-1", A=5)
    assert both() == {"order_backordered": ["O-1 waits for stock: 3 of A"]}
    assert Alert.objects.get(rule="order_backordered").warehouse == "MAIN"
    do(receive, reference="PO", lines=[PlacedLine("A", "MAIN", 1, "A-01-01")])
    assert both() == {"order_backordered": ["O-1 waits for stock: 2 of A"]}
    do(receive, reference="PO-2", lines=[PlacedLine("A", "MAIN", 2, "A-01-01")])
    assert both() == {}


def test_a_cancelled_order_waits_no_more():
    stock({("A", "MAIN"): 2})
    order("O-1", A=5)
    assert both() != {}
    do(cancel, reference="O-1")
    assert both() == {}


def test_a_cart_that_waits_is_known_by_its_order_once_there_is_one():
    stock({("A", "MAIN"): 2})
    do(reserve, reference="CART-7", lines=[ReserveLine("A", 3)], backorder=True)
    assert both() == {"order_backordered": ["CART-7 waits for stock: 1 of A"]}
    order("O-1", A=3, reservation="CART-7")
    assert both() == {"order_backordered": ["O-1 waits for stock: 1 of A"]}


@pytest.fixture
def lying():
    """A return that has lain on the bench for two days and a bit."""
    stock({("A", "MAIN"): 10})
    shipped_order("O-1", {"A": 5})
    lines = [ReturnedLine("A", 3)]
    do(expect_return, reference="R-1", order="O-1", warehouse="MAIN", lines=lines)
    do(receive_return, reference="R-1", now=timezone.now() - timedelta(hours=49))


def test_a_return_that_lies_too_long_is_told_until_it_is_graded(lying):
    (title,) = both()["return_waiting"]
    assert title.startswith("Return R-1 of O-1 lies ungraded in MAIN since ")
    assert title.endswith(": 3 units")
    do(grade, reference="R-1", lines=[GradedLine("A", 3, Disposition.RESTOCK)])
    assert both() == {}


def test_a_return_gets_too_old_by_time_alone(lying, settings):
    settings.RETURN_WAITING_HOURS = 72
    assert both() == {}
    later = timezone.now() + timedelta(hours=24)
    assert [*after_a_look_everywhere(later)] == ["return_waiting"]


def test_a_late_supplier_is_told_until_the_goods_are_there():
    supplied("A")
    do(draft, reference="PO-1", supplier="ACME", warehouse="MAIN", lines=[PurchaseLine("A", 10)])
    yesterday = timezone.now() - timedelta(days=1)
    do(send, reference="PO-1", expected_at=yesterday)
    (title,) = both()["purchase_late"]
    assert title.startswith("ACME is late with PO-1 for MAIN: 10 units, expected on ")
    do(receive_purchase, reference="PO-1", lines=[ArrivedLine("A", 10)])
    assert both() == {}


def test_a_supplier_is_late_once_the_day_is_over_where_the_goods_are_awaited():
    supplied("A")
    do(draft, reference="PO-1", supplier="ACME", warehouse="MAIN", lines=[PurchaseLine("A", 10)])
    Warehouse.objects.update(time_zone="America/New_York")
    noon = datetime(2026, 6, 1, 16, tzinfo=UTC)
    do(send, reference="PO-1", expected_at=noon)
    for hours, late in ((1, False), (11.9, False), (12.1, True)):
        found = after_a_look_everywhere(noon + timedelta(hours=hours))
        assert ("purchase_late" in found) == late, hours


def test_a_delivery_becomes_late_by_time_alone():
    supplied("A")
    do(draft, reference="PO-1", supplier="ACME", warehouse="MAIN", lines=[PurchaseLine("A", 10)])
    do(send, reference="PO-1", expected_at=timezone.now() + timedelta(days=1))
    assert both() == {}
    assert [*after_a_look_everywhere(timezone.now() + timedelta(days=2))] == ["purchase_late"]
    PurchaseOrder.objects.update(expected_at=timezone.now() + timedelta(days=9))
    assert after_a_look_everywhere() == {}
