"""Advice is accepted or declined by a person, all or nothing, and never what is out of date."""

import threading

import pytest
from django.db import connection

from notifications.models import OutboxEvent
from tests.factories import do, item, stock
from tests.warehouse.histories import NOW, settings, sold
from tests.warehouse.statements import sent_by
from warehouse.errors import AdviceNotFound, AdviceStale, InvalidLines, WarehouseNotAllowed
from warehouse.models import InventoryItem, ReorderAdvice, ReorderSuggestion
from warehouse.reordering import advice_waiting
from warehouse.services.advising import advise
from warehouse.services.deciding import accept, decline
from warehouse.services.replenishment import set_reorder

EVEN = [10, 12, 9, 11, 10, 8, 12, 10, 11, 9]

db = pytest.mark.django_db


def advised(*skus, code="MAIN"):
    for sku in skus:
        sold(sku, EVEN, code=code)
    do(advise, now=NOW)
    found = ReorderAdvice.objects.filter(decided_at=None).order_by("item__product__sku")
    return list(found.values_list("id", flat=True))


@db
def test_many_are_accepted_at_once_with_one_event():
    ids = advised("A", "B")
    levels = do(accept, advice=ids)
    assert [level.sku for level in levels] == ["A", "B"]
    for row in ReorderAdvice.objects.all():
        assert settings(row.item.product.sku) == (row.point, row.quantity)
        assert (row.decision, row.decided_by) == ("accepted", "tester")
        assert row.decided_at is not None
    (event,) = OutboxEvent.objects.filter(type="item.reorder_set")
    assert {level["sku"] for level in event.levels} == {"A", "B"}


@db
def test_what_is_accepted_is_watched_at_once():
    sold("A", EVEN, left=5)
    do(advise, now=NOW)
    assert not ReorderSuggestion.objects.exists()
    do(accept, advice=[ReorderAdvice.objects.get().pk])
    assert ReorderSuggestion.objects.get(closed_at=None).quantity >= 20


@db
def test_advice_for_settings_that_were_changed_since_is_refused_and_named():
    ids = advised("A", "B", "C")
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=7, reorder_quantity=9)
    InventoryItem.objects.filter(product__sku="B").update(safety_stock=3)
    with pytest.raises(AdviceStale, match="A in MAIN has been set to 7 / 9 since") as refusal:
        do(accept, advice=ids)
    assert [(x["sku"], x["advice"]) for x in refusal.value.items] == [("A", ids[0]), ("B", ids[1])]
    assert (settings("C"), ReorderAdvice.objects.filter(decided_at=None).count()) == ((0, 0), 3)


@db
def test_advice_is_decided_once():
    ids = advised("A", "B")
    do(accept, advice=ids[:1])
    for service in (accept, decline):
        with pytest.raises(AdviceStale, match="A in MAIN was accepted already"):
            do(service, advice=ids)
    do(set_reorder, sku="B", warehouse="MAIN", reorder_point=1, reorder_quantity=9)
    do(advise, now=NOW)
    with pytest.raises(AdviceStale, match="B in MAIN was superseded already"):
        do(accept, advice=ids[1:])


@db
def test_what_waits_is_counted_by_warehouse():
    ids = advised("A", "B")
    advised("A", code="EAST")
    assert advice_waiting() == {"MAIN": 2, "EAST": 1}
    do(accept, advice=ids)
    assert advice_waiting() == {"EAST": 1}
    assert advice_waiting(within={"MAIN"}) == {}


@db
def test_declining_leaves_the_item_as_it_is():
    ids = advised("A")
    assert do(decline, advice=ids) == 1
    assert settings("A") == (0, 0)
    row = ReorderAdvice.objects.get()
    assert (row.decision, row.decided_by) == ("declined", "tester")


@db
@pytest.mark.parametrize("service", [accept, decline])
def test_each_refusal(service):
    ids = advised("A")
    with pytest.raises(InvalidLines):
        do(service, advice=[])
    with pytest.raises(AdviceNotFound, match="no advice 999999"):
        do(service, advice=[*ids, 999_999])
    with pytest.raises(WarehouseNotAllowed):
        do(service, advice=ids, within={"EAST"})
    stock({("A", "EAST"): 1})
    do(service, advice=ids, within={"MAIN"})


@db
@pytest.mark.parametrize("n", [1, 20])
def test_accepting_takes_the_same_number_of_statements_for_any_number(n):
    ids = advised(*(f"S{place}" for place in range(n)))
    assert len(sent_by(do, accept, advice=ids)) == 11
    ids = advised("Z")
    assert len(sent_by(do, decline, advice=ids)) == 2


@pytest.mark.usefixtures("committed_db", "valkey")
def test_of_two_that_decide_at_once_one_is_told():
    ids = advised("A")
    told = []

    def work(service):
        try:
            do(service, advice=ids)
            told.append("done")
        except AdviceStale as error:
            told.append(error.code)
        connection.close()

    both = [threading.Thread(target=work, args=(service,)) for service in (accept, decline)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(told) == ["advice_stale", "done"]
    row = ReorderAdvice.objects.get()
    assert (item("A").reorder_point == row.point) is (row.decision == "accepted")
