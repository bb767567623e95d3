"""What is done to many rows at once is asked about first, on a page of its own."""

import pytest
from django.contrib.auth import get_user_model

from inventory_site.core.confirming import NAMED
from orders.models import SalesOrder
from tests.factories import stock
from tests.orders.making import order

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/salesorder/"


@pytest.fixture
def manager(client):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    stock({("A", "MAIN"): 99})
    return client


def pks(*orders):
    references = [one.reference for one in orders]
    return list(SalesOrder.objects.filter(reference__in=references).values_list("pk", flat=True))


def cancel(client, *orders, **more):
    told = {"action": "cancel_orders", "_selected_action": pks(*orders), **more}
    return client.post(LIST, told, follow=True)


def cancelled():
    return set(SalesOrder.objects.filter(status="cancelled").values_list("reference", flat=True))


def test_nothing_is_done_before_it_is_confirmed(manager):
    one, other = order("O-1", A=1), order("O-<b>", A=1)
    asked = cancel(manager, one, other)
    page = asked.content.decode()
    assert "This is done to 2 sales orders:" in page
    assert "O-1" in page
    assert "O-&lt;b&gt;" in page
    assert cancelled() == set()
    cancel(manager, one, other, confirmed="2")
    assert cancelled() == {"O-1", "O-<b>"}


def test_the_page_carries_what_was_chosen(manager):
    asked = cancel(manager, order("O-1", A=1))
    shown = asked.context
    told = {**shown["carried"], "_selected_action": shown["ticked"], "confirmed": shown["count"]}
    manager.post(LIST, told)
    assert cancelled() == {"O-1"}


def test_what_is_confirmed_twice_is_done_once(manager):
    one = order("O-1", A=1)
    cancel(manager, one, confirmed="1")
    again = cancel(manager, one, confirmed="1").content.decode()
    assert "O-1" in again
    assert SalesOrder.objects.get().lines.get().cancelled == 1


def test_whoever_chose_all_is_asked_again_when_there_are_others(manager):
    orders = [order(f"O-{n}", A=1) for n in range(2)]
    asked = cancel(manager, orders[0], select_across="1")
    assert "all 2" in asked.content.decode()
    order("O-NEW", A=1)
    asked = cancel(manager, orders[0], select_across="1", confirmed="2")
    page = asked.content.decode()
    assert "Meanwhile there are others. Nothing was done" in page
    assert "all 3" in page
    assert cancelled() == set()
    cancel(manager, orders[0], select_across="1", confirmed="3")
    assert cancelled() == {"O-0", "O-1", "O-NEW"}


def test_the_first_are_named_and_the_others_counted(manager):
    orders = [order(f"O-{n:02}", A=1) for n in range(NAMED + 2)]
    page = cancel(manager, *orders).content.decode()
    assert page.count("<li>O-") == NAMED
    assert "and 2 more" in page


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"_selected_action": [], "index": "0"}, "Items must be selected"),
        ({"_selected_action": ["x"]}, "These rows are not known."),
        ({"_selected_action": ["1"], "action": "no such"}, "No action selected."),
        ({"_selected_action": ["1"], "index": "7"}, ""),
    ],
)
def test_nonsense_is_answered_and_does_nothing(manager, told, words):
    order("O-1", A=1)
    answer = manager.post(LIST, {"action": "cancel_orders", "confirmed": "1", **told}, follow=True)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert cancelled() == set()
