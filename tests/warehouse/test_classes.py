"""Classes that are kept from night to night, and what the nights do twice or at once."""

import json
import math
import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.factories import do
from tests.warehouse.histories import NOW, refused, sold
from tests.warehouse.statements import sent_by
from warehouse import tasks
from warehouse.models import ItemClass, Product, ReorderAdvice
from warehouse.services.classifying import classify
from warehouse.services.replenishment import set_reorder

db = pytest.mark.django_db

EVEN, UNEVEN, WILD = [10, 12, 9, 11], [10, 0, 10, 10], [0, 0, 0, 40]


def kinds():
    found = ItemClass.objects.order_by("item__product__sku")
    return {x.item.product.sku: str(x) for x in found.select_related("item__product")}


@db
def test_value_and_evenness_each_give_a_class():
    sold("A", [u * 100 for u in EVEN], left=0)
    sold("B", UNEVEN)
    sold("C", WILD)
    sold("IDLE", [0] * 9)
    Product.objects.filter(sku="B").update(unit_cost="20")
    assert do(classify, now=NOW) == {"AX": 1, "BY": 1, "CZ": 2}
    assert kinds() == {"A": "AX", "B": "BY", "C": "CZ", "IDLE": "CZ"}
    b = ItemClass.objects.get(item__product__sku="B")
    assert (b.weekly_mean, b.value, b.at) == (7.5, 600, NOW)
    assert b.variation == pytest.approx(math.sqrt(sum((u - 7.5) ** 2 for u in UNEVEN) / 4) / 7.5)
    assert ItemClass.objects.get(item__product__sku="IDLE").variation is None


@db
def test_what_was_refused_counts_for_evenness():
    sold("A", WILD)
    do(classify, now=NOW)
    assert kinds() == {"A": "AZ"}
    for week in (2, 3, 4):
        refused("A", 40, weeks_ago=week)
    do(classify, now=NOW)
    assert kinds() == {"A": "AX"}


@db
@pytest.mark.parametrize("n", [1, 30])
def test_two_statements_whatever_the_number_of_items(n):
    for place in range(n):
        sold(f"S{place}", EVEN)
    assert len(sent_by(do, classify, now=NOW)) == 2
    assert len(sent_by(do, classify, now=NOW)) == 2
    assert ItemClass.objects.count() == n


@pytest.fixture
def at_night(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.mark.usefixtures("committed_db", "valkey", "at_night")
class TestNights:
    def test_they_may_run_twice_and_at_once(self):
        sold("A", EVEN * 3)
        done = []

        def night():
            done.append((tasks.classify_items_nightly(), tasks.advise_reorder_nightly()["made"]))
            connection.close()

        nights = [threading.Thread(target=night) for _ in range(2)]
        for one in nights:
            one.start()
        for one in nights:
            one.join()
        assert sorted(done, key=str) == [({"AX": 1}, 0), ({"AX": 1}, 1)]
        assert (kinds(), ReorderAdvice.objects.count()) == ({"A": "AX"}, 1)

    def test_by_hand_it_says_what_it_did(self, capsys):
        sold("A", EVEN * 3)
        sold("NEW", EVEN)
        call_command("advise_reorder")
        told = capsys.readouterr().out
        assert "1 new advice" in told
        assert "1 too new to say" in told
        call_command("advise_reorder", json=True)
        told = json.loads(capsys.readouterr().out)
        assert (told["items"], told["made"], told["kept"]) == (2, 0, 1)
        do(set_reorder, sku="A", warehouse="MAIN", reorder_point=9999, reorder_quantity=1)
        call_command("advise_reorder", json=True)
        assert json.loads(capsys.readouterr().out)["superseded"] == 1
