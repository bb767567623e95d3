"""The lists of documents, narrowed down as a manager thinks; nobody is offered a warehouse of others."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.roles import MANAGER
from orders import models as papers
from tests.factories import BinFactory, SupplierFactory, stock, warehouse
from tests.orders.making import order
from tests.site.every_address import no_trace
from tests.site.staff import person

DAY = timedelta(days=1)
BOTH = ("MAIN", "EAST")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Documents of two warehouses, late and not; who may see all, and who may see MAIN and WEST."""
    with django_db_blocker.unblock(), no_trace():
        for code in (*BOTH, "WEST"):
            warehouse(code)
        now = timezone.now()
        for make in (_orders, _walks, _buying, _coming_back, _carried, _counts):
            make(now)
        boss, limited = Client(), Client()
        boss.force_login(get_user_model().objects.create_superuser("boss"))
        limited.force_login(person("limited", MANAGER, within=["MAIN", "WEST"]))
        yield boss, limited


def _orders(now):
    stock({("A", "MAIN"): 2, ("A", "EAST"): 9})
    order("HAS", A=1, warehouse="MAIN", ship_by=now - DAY, carrier="DHL")
    order("WAITS", A=2, warehouse="MAIN", ship_by=now + 30 * DAY)
    order("EASTERN", A=1, warehouse="EAST")
    papers.SalesOrder.objects.filter(reference="EASTERN").update(placed_at=now - 40 * DAY)
    papers.SalesOrder.objects.create(reference="GONE", status="shipped", ship_by=now - DAY)


def _walks(now):
    for name, code, status in (
        ("P-OPEN", "MAIN", "open"), ("P-DONE", "MAIN", "done"), ("P-EAST", "EAST", "open"),
    ):  # fmt: skip
        made = papers.PickList.objects.create(
            reference=name, warehouse=warehouse(code), kind="batch", status=status
        )
        late = papers.SalesOrder.objects.get(reference="EASTERN" if code == "EAST" else "HAS")
        made.orders.create(order=late, tote=1)
        papers.Shipment.objects.create(
            reference=f"S-{name}", order=late, warehouse=made.warehouse, carrier=code,
            shipped_at=now - (DAY if status == "done" else 40 * DAY),
        )  # fmt: skip


def _buying(now):
    supplier = SupplierFactory(code="ACME")
    for name, code, status, days in (
        ("LATE", "MAIN", "sent", -1), ("PART", "MAIN", "partly_received", -1), ("SOON", "MAIN", "sent", 3),
        ("CAME", "MAIN", "received", -1), ("EAST", "EAST", "draft", -1), ("FAR", "EAST", "sent", 30),
    ):  # fmt: skip
        papers.PurchaseOrder.objects.create(
            reference=f"B-{name}", supplier=supplier, warehouse=warehouse(code), status=status,
            expected_at=now + days * DAY, actor="x",
        )  # fmt: skip


def _coming_back(now):
    for name, code, status, days in (
        ("NEW", "MAIN", "received", 1), ("OLD", "MAIN", "received", 3), ("LONG", "EAST", "received", 8),
        ("DONE", "MAIN", "graded", 9),
    ):  # fmt: skip
        papers.ReturnOrder.objects.create(
            reference=f"R-{name}", warehouse=warehouse(code), status=status,
            received_at=now - days * DAY, actor="x",
        )  # fmt: skip


def _carried(now):
    for name, ends, status, days in (
        ("LATE", ("MAIN", "EAST"), "in_transit", -1), ("ROAD", ("EAST", "MAIN"), "partly_received", 2),
        ("ASKED", ("MAIN", "WEST"), "requested", -1),
    ):  # fmt: skip
        source, destination = (warehouse(code) for code in ends)
        papers.TransferOrder.objects.create(
            reference=f"T-{name}", source=source, destination=destination, status=status,
            expected_at=now + days * DAY, actor="x",
        )  # fmt: skip


def _counts(now):
    for n, (name, code, status, days) in enumerate((
        ("NOW", "MAIN", "open", 0), ("OLD", "MAIN", "recount", 3), ("DECIDE", "MAIN", "approval", 3),
        ("EAST", "EAST", "approval", 0), ("LATER", "MAIN", "open", -5),
    )):  # fmt: skip
        place = BinFactory(warehouse=warehouse(code), code=f"C-{n}")
        papers.CountTask.objects.create(
            reference=f"C-{name}", warehouse=place.warehouse, bin=place, status=status, actor="x",
            reason="short_pick" if n == 0 else "schedule", due_at=now - days * DAY,
        )  # fmt: skip


ASKED = [
    ("salesorder", "due=overdue", "HAS"),
    ("salesorder", "promise=waits", "WAITS"),
    ("salesorder", "promise=nonsense", "HAS WAITS EASTERN GONE"),
    ("salesorder", "warehouse=EAST", "EASTERN"),
    ("salesorder", "warehouse=MAIN&due=overdue", "HAS"),
    ("salesorder", "status__exact=backordered", "WAITS"),
    ("salesorder", "carrier=DHL", "HAS"),
    ("picklist", "cut_off=overdue", "P-OPEN"),
    ("picklist", "cut_off=week", "P-OPEN"),
    ("picklist", "status__exact=done", "P-DONE"),
    ("picklist", "warehouse=EAST", "P-EAST"),
    ("shipment", "carrier=EAST", "S-P-EAST"),
    ("shipment", "warehouse=MAIN", "S-P-OPEN S-P-DONE"),
    ("purchaseorder", "delivery=late", "B-LATE B-PART"),
    ("purchaseorder", "delivery=week", "B-LATE B-PART B-SOON"),
    ("purchaseorder", "delivery=coming", "B-LATE B-PART B-SOON B-FAR"),
    ("purchaseorder", "warehouse=EAST", "B-EAST B-FAR"),
    ("returnorder", "bench=2", "R-OLD R-LONG"),
    ("returnorder", "bench=7", "R-LONG"),
    ("returnorder", "warehouse=MAIN&bench=2", "R-OLD"),
    ("transferorder", "journey=coming", "T-LATE T-ROAD"),
    ("transferorder", "journey=late", "T-LATE"),
    ("transferorder", "source=MAIN", "T-LATE T-ASKED"),
    ("transferorder", "destination=MAIN", "T-ROAD"),
    ("counttask", "to_do=approve", "C-DECIDE C-EAST"),
    ("counttask", "to_do=count", "C-NOW C-OLD"),
    ("counttask", "to_do=late", "C-OLD"),
    ("counttask", "reason__exact=short_pick", "C-NOW"),
    ("counttask", "warehouse=EAST", "C-EAST"),
]


def listed(client, topic, ask=""):
    answer = client.get(f"/admin/orders/{topic}/?{ask}")
    assert answer.status_code == 200, answer.headers.get("Location")
    return answer


def names(answer):
    return {row.reference for row in answer.context["cl"].result_list}


@pytest.mark.parametrize(("topic", "ask", "found"), ASKED)
def test_a_list_is_narrowed_down(world, topic, ask, found):
    boss, _ = world
    assert names(listed(boss, topic, ask)) == set(found.split())


@pytest.mark.parametrize(
    ("topic", "field"), [("salesorder", "placed_at"), ("shipment", "shipped_at")]
)
def test_what_is_of_the_last_days_is_found(world, topic, field):
    boss, _ = world
    since = urlencode({f"{field}__gte": timezone.now() - 7 * DAY})
    shown = names(listed(boss, topic, since))
    assert shown == ({"HAS", "WAITS", "GONE"} if topic == "salesorder" else {"S-P-DONE"})


TOPICS = (
    "salesorder", "picklist", "shipment", "purchaseorder", "returnorder", "transferorder", "counttask",
)  # fmt: skip


@pytest.mark.parametrize("topic", TOPICS)
def test_whoever_is_limited_is_offered_their_own_warehouses(world, topic):
    boss, limited = world
    for client, codes in ((boss, {*BOTH, "WEST"}), (limited, {"MAIN", "WEST"})):
        page = listed(client, topic)
        filters = [x for x in page.context["cl"].filter_specs if isinstance(x, WarehouseFilter)]
        assert filters
        assert all({code for code, _ in one.lookup_choices} == codes for one in filters)
    if topic != "transferorder":  # the other end of a transfer may be anywhere
        assert "EAST" not in page.content.decode()
    for one in filters:
        assert names(listed(limited, topic, f"{one.parameter_name}=EAST")) == set()


@pytest.mark.parametrize("topic", [*TOPICS, "pickscan"])
def test_how_many_each_choice_would_leave_is_not_counted(world, topic):
    for client in world:
        page = listed(client, topic, "_facets=True")
        assert page.status_code == 200
        assert not page.context["cl"].add_facets


def test_where_there_is_one_warehouse_none_is_to_be_chosen(world):
    with no_trace():
        client = Client()
        client.force_login(person("of-main", MANAGER, within=["MAIN"]))
        page = listed(client, "returnorder")
    shown = {type(one).__name__ for one in page.context["cl"].filter_specs}
    assert "WarehouseFilter" not in shown
    assert names(page) == {"R-NEW", "R-OLD", "R-DONE"}


@pytest.mark.parametrize("topic", [*TOPICS, "pickscan"])
def test_an_empty_list_says_what_would_be_there(db, client, topic):
    client.force_login(get_user_model().objects.create_superuser("alone"))
    page = listed(client, topic)
    words = page.context["cl"].model_admin.nothing_here
    assert len(words) > 80
    assert str(words).split(".")[0] in page.content.decode()
