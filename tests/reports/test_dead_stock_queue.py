"""The queue of dead stock: filled from the report, worked off, and what came of it."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from tests.factories import counters, do, item
from tests.reports.asked import answered, csv_rows, figures, file_of, person, rows
from tests.warehouse.histories import NOW, leave, sold
from tests.warehouse.statements import sent_by
from warehouse.errors import AlreadyQueued, ClearanceNotFound, ItemNotFound, WarehouseNotAllowed
from warehouse.models import Clearance, ClearanceState, ClearanceWay, Product, StockMovement
from warehouse.services.clearing import change, queue

pytestmark = pytest.mark.django_db

LIST = "/admin/warehouse/clearance/"
ADD = f"{LIST}add/"


@pytest.fixture
def dead(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for sku, code in (("A", "MAIN"), ("B", "MAIN"), ("A", "EAST")):
        sold(sku, [2] + [0] * 29, left=40, code=code)
    Product.objects.filter(sku="A").update(unit_cost="2.50")


def queued(*items, way=ClearanceWay.MARK_DOWN, **more):
    return do(queue, items=[one.pk for one in items], way=way, **({"now": NOW} | more))


def test_the_report_says_what_lies_and_what_is_in_the_queue(dead):
    assert figures("dead-stock")["value at unit cost"] == 200
    assert figures("dead-stock")["not in the queue"] == 3
    queued(item("A"))
    found = {(x["sku"], x["warehouse"]): x for x in answered("dead-stock").rows}
    assert found["A", "MAIN"]["queue"] == "mark down: open"
    assert found["B", "MAIN"]["queue"] is None
    assert found["A", "MAIN"]["bin"] == "A-01-01"
    assert found["A", "MAIN"]["idle_days"] == 210
    assert str(found["A", "MAIN"]["here_since"]) == "2025-11-10"
    assert figures("dead-stock")["not in the queue"] == 2
    assert rows("dead-stock", "sku", idle=180, q="b") == ["B"]


def test_cash_recovered_is_what_was_sold_since_and_no_more_than_lay_there(dead):
    queued(item("A"))
    leave("A", 4, NOW + timedelta(hours=1))
    later = NOW + timedelta(days=1)
    assert figures("dead-stock", now=later)["cash recovered"] == 10
    assert figures("dead-stock", now=later, within={"EAST"})["cash recovered"] == 0
    Clearance.objects.update(units=3)
    assert figures("dead-stock", now=later)["cash recovered"] == 7.5
    Product.objects.update(unit_cost=100)
    assert figures("dead-stock", now=later)["cash recovered"] == 7.5


def test_queueing_writes_what_was_there_then_and_no_stock(dead):
    before = (counters("A"), StockMovement.objects.count())
    assert queued(item("A"), item("B"), way=ClearanceWay.WRITE_OFF, note="moths") == 2
    row = Clearance.objects.get(item=item("A"))
    assert (row.units, row.unit_cost, row.state, row.note) == (40, 2.5, "open", "moths")
    assert (row.opened_by, row.opened_at) == ("tester", NOW)
    assert (counters("A"), StockMovement.objects.count()) == before


def test_an_item_is_in_the_queue_once_until_it_is_done(dead):
    queued(item("A"))
    with pytest.raises(AlreadyQueued, match="A in MAIN"):
        queued(item("B"), item("A"))
    assert Clearance.objects.count() == 1
    row = Clearance.objects.get()
    assert do(change, clearances=[row.pk], state=ClearanceState.PLANNED, now=NOW) == 1
    assert do(change, clearances=[row.pk], state=ClearanceState.DONE) == 1
    assert do(change, clearances=[row.pk], state=ClearanceState.OPEN) == 0  # done stays done
    assert queued(item("A")) == 1


def test_what_is_not_there_or_not_theirs_is_refused(dead):
    with pytest.raises(ItemNotFound):
        do(queue, items=[item("A").pk, 999_999], way=ClearanceWay.BUNDLE)
    leave("B", 40, NOW)
    with pytest.raises(ItemNotFound):
        queued(item("B"))
    with pytest.raises(WarehouseNotAllowed):
        queued(item("A"), within={"EAST"})
    queued(item("A"))
    row = Clearance.objects.get()
    with pytest.raises(WarehouseNotAllowed):
        do(change, clearances=[row.pk], state=ClearanceState.DONE, within={"EAST"})
    with pytest.raises(ClearanceNotFound):
        do(change, clearances=[row.pk, 999], state=ClearanceState.DONE)


def test_it_takes_the_same_statements_however_many(dead):
    one = len(sent_by(queued, item("A")))
    assert len(sent_by(queued, item("B"), item("A", "EAST"))) <= one + 1


def test_a_manager_queues_what_is_ticked_and_works_it_off(client, dead):
    person(client)
    page = client.get("/admin/reports/dead-stock/").content.decode()
    assert f'name="item_id" value="{item("A").pk}"' in page
    ids = [item("A").pk, item("B").pk]
    page = client.get(ADD, {"item_id": ids}).content.decode()
    assert "A · Product A · MAIN · 40" in page
    done = client.post(ADD, {"item_id": ids, "way": "return", "note": "<b>ask</b>"}, follow=True)
    assert "2 queued." in done.content.decode()
    assert "&lt;b&gt;ask&lt;/b&gt;" in done.content.decode()
    again = client.post(ADD, {"item_id": ids, "way": "return"}).content.decode()
    assert "In the queue already" in again
    told = {"action": "finish", "_selected_action": [Clearance.objects.first().pk], "confirmed": 1}
    assert "1 done." in client.post(LIST, told, follow=True).content.decode()
    row = Clearance.objects.get(state="done")
    assert client.get(f"{LIST}{row.pk}/change/").status_code == 200


@pytest.mark.parametrize("role", ["read-only", "picker", "receiver"])
def test_whoever_is_no_manager_decides_nothing(client, dead, role):
    queued(item("B"))
    person(client, role)
    answer = client.post(ADD, {"item_id": [item("A").pk], "way": "bundle"})
    assert answer.status_code == 302
    assert list(get_messages(answer.wsgi_request))
    row = Clearance.objects.get()
    client.post(LIST, {"action": "finish", "_selected_action": [row.pk], "confirmed": 1})
    row.refresh_from_db()
    assert (row.state, Clearance.objects.count()) == ("open", 1)


def test_limited_managers_see_and_queue_their_own(client, dead):
    queued(item("A"))
    person(client, within=["EAST"])
    foreign, own = item("B").pk, item("A", "EAST").pk
    client.post(ADD, {"item_id": [foreign], "way": "bundle"})
    client.post(ADD, {"item_id": [foreign, own], "way": "bundle"})
    assert list(Clearance.objects.filter(way="bundle").values_list("item_id", flat=True)) == [own]
    assert client.get(LIST).context["cl"].result_count == 1
    row = Clearance.objects.get(way="mark_down")
    assert client.get(f"{LIST}{row.pk}/change/").status_code == 302
    client.post(LIST, {"action": "finish", "_selected_action": [row.pk], "confirmed": 1})
    row.refresh_from_db()
    assert row.state == "open"


def test_the_queue_goes_along_as_a_file_in_words(client, dead):
    queued(item("A"))
    person(client)
    titles, row = csv_rows(file_of(client.get(LIST, {"_file": "csv"})))
    assert row[:4] == ["A", "MAIN", "mark down", "open"]
    assert titles[3] == "state"
