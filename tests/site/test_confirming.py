"""What is done to many rows at once is asked about first, on a page of its own."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from inventory_site.core.confirming import NAMED
from notifications.models import Alert
from orders.models import SalesOrder
from tests.confirming import carried
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
    manager.post(LIST, carried(cancel(manager, order("O-1", A=1))))
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
    asked = manager.post(LIST, carried(asked))
    page = asked.content.decode()
    assert "Meanwhile there are others. Nothing was done" in page
    assert "all 3" in page
    assert cancelled() == set()
    manager.post(LIST, carried(asked))
    assert cancelled() == {"O-0", "O-1", "O-NEW"}


def test_as_many_others_are_others(manager):
    orders = [order(f"O-{n}", A=1, ship_to_name="Ada") for n in range(2)]
    chosen = {"action": "cancel_orders", "_selected_action": pks(*orders), "select_across": "1"}
    asked = manager.post(f"{LIST}?q=Ada", chosen)
    SalesOrder.objects.filter(reference="O-0").update(ship_to_name="Ben")
    order("O-NEW", A=1, ship_to_name="Ada")
    again = manager.post(f"{LIST}?q=Ada", carried(asked))
    assert "Meanwhile there are others." in again.content.decode()
    assert cancelled() == set()


def test_what_is_done_to_all_asks_even_where_it_is_undone_easily(manager):
    for n in range(2):
        Alert.objects.create(
            rule="low_stock", subject=f"S{n}", warehouse="MAIN", severity="info", title=f"S{n}",
            rings_at=timezone.now(),
        )  # fmt: skip
    told = {"action": "acknowledge", "_selected_action": [Alert.objects.first().pk]}
    asked = manager.post("/admin/notifications/alert/", told | {"select_across": "1"})
    assert "all 2" in asked.content.decode()
    assert not Alert.objects.filter(status="acknowledged").exists()
    manager.post("/admin/notifications/alert/", told)
    assert Alert.objects.filter(status="acknowledged").count() == 1


def test_what_is_gone_is_not_counted_among_what_is_there(manager):
    (one,) = pks(order("O-1", A=1))
    told = {"action": "cancel_orders", "_selected_action": [one, 999999]}
    page = manager.post(LIST, told).content.decode()
    assert "This is done to 1 sales order:" in page
    assert "1 that you ticked is not here any more." in page
    told["_selected_action"] = [999999]
    assert (
        "None of these rows is here any more."
        in manager.post(LIST, told, follow=True).content.decode()
    )


def test_the_first_are_named_and_the_others_counted(manager):
    orders = [order(f"O-{n:02}", A=1) for n in range(NAMED + 2)]
    page = cancel(manager, *orders).content.decode()
    assert page.count("<li>O-") == NAMED
    assert "and 2 more" in page


@pytest.mark.parametrize("index", ["7", "-3", "x", ""])
def test_no_index_goes_round_it(manager, index):
    one = order("O-1", A=1)
    asked = cancel(manager, one, index=index)
    assert "This is done to 1 sales order:" in asked.content.decode()
    assert cancelled() == set()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"_selected_action": [], "index": "0"}, "Items must be selected"),
        ({"_selected_action": ["x"]}, "These rows are not known."),
        ({"_selected_action": ["1"], "action": "no such"}, "No action selected."),
    ],
)
def test_nonsense_is_answered_and_does_nothing(manager, told, words):
    order("O-1", A=1)
    answer = manager.post(LIST, {"action": "cancel_orders", "confirmed": "1", **told}, follow=True)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert cancelled() == set()
