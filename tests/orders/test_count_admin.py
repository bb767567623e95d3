"""Counts in the back office: looked at and decided; labels of what was chosen."""

import pytest
from django.contrib.auth import get_user_model

from orders.models import CountTask
from tests.factories import BinFactory, ProductFactory, counters, stock, warehouse
from tests.orders.counted import claimed, hand_in, opened, task
from warehouse.models import Bin, Product

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    return client


def act(client, page, action, *rows):
    chosen = [row.pk for row in rows]
    told = {"action": action, "_selected_action": chosen, "confirmed": len(chosen)}
    return client.post(page, told, follow=True)


@pytest.fixture
def waiting():
    stock({("A", "MAIN"): 20})
    reference = opened()
    for who in ("kim", "lee"):
        hand_in(reference, who, A=9)
    return task(reference)


def test_a_manager_approves(manager, waiting):
    page = manager.get(f"/admin/orders/counttask/{waiting.pk}/change/").content.decode()
    assert "-11" in page
    page = act(manager, "/admin/orders/counttask/", "approve", waiting).content.decode()
    assert "1 booked." in page
    assert counters("A")[0] == 9
    page = act(manager, "/admin/orders/counttask/", "approve", waiting).content.decode()
    assert f"{waiting.reference} is done" in page


def test_a_manager_has_it_counted_again_taken_back_and_cancelled(manager, waiting):
    for action, status in (
        ("count_again", "recount"),
        ("hand_back", "recount"),
        ("cancel", "cancelled"),
    ):
        if action == "hand_back":
            claimed(waiting.reference)
        act(manager, "/admin/orders/counttask/", action, waiting)
        assert (task(waiting.reference).status, task(waiting.reference).claimed_by) == (
            status,
            None,
        )
    assert counters("A")[0] == 20


def test_the_number_of_statements_does_not_depend_on_the_tasks(
    manager, django_assert_max_num_queries
):
    stock({(f"S{n}", "MAIN"): 5 for n in range(30)})
    for n in range(30):
        opened(sku=f"S{n}")
    with django_assert_max_num_queries(13):
        manager.get("/admin/orders/counttask/")


@pytest.mark.parametrize("paper", ["sheet", "roll"])
def test_labels_of_chosen_products_and_bins(manager, paper):
    ProductFactory(sku="A")
    BinFactory(warehouse=warehouse("MAIN"), code="A-01-01")
    for page, action, rows in (
        ("/admin/warehouse/product/", f"product_{paper}", Product.objects.all()),
        ("/admin/warehouse/bin/", f"bin_{paper}", Bin.objects.all()),
    ):
        answer = act(manager, page, action, *rows)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")


def test_bins_are_chosen_to_be_counted(manager):
    stock({("A", "MAIN"): 20})
    rows = Bin.objects.filter(code="A-01-01")
    page = act(manager, "/admin/warehouse/bin/", "count_bins", *rows).content.decode()
    assert "1 bin waits to be counted." in page
    assert CountTask.objects.count() == 1
    missing = Bin.objects.filter(code="MISSING")
    page = act(manager, "/admin/warehouse/bin/", "count_bins", *missing).content.decode()
    assert "Nothing lies in MISSING" in page
