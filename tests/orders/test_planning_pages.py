"""Managers make pick lists on the floor: by kind, and waves by cut-off, carrier and zone."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from orders.models import PickList, PickListOrder
from orders.services import planning
from orders.services.planning import Foreseen
from tests.orders.pages import act, said, signed_in
from tests.orders.picking_world import orders, shelve
from tests.warehouse.statements import sent_by

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def person(name, role):
    user = get_user_model().objects.create_user(name, password="x")
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


@pytest.fixture
def manager():
    return signed_in(person("boss", "operations manager"))


@pytest.fixture
def waiting():
    shelve({("A", "A-01-01"): 9, ("B", "B-01-01"): 9})
    shelve({("A", "E-01-01"): 0}, code="EAST")
    orders({"POST": {"A": 1, "B": 1}}, carrier="Post", ship_by=NOON)
    orders({"DHL1": {"A": 1}, "DHL2": {"B": 2}}, carrier="DHL", ship_by=NOON.replace(hour=18))


@pytest.fixture
def at_main(manager, waiting):
    manager.post("/floor/warehouse/", {"warehouse": "MAIN"})
    return manager


def planned() -> set[str]:
    return set(PickListOrder.objects.values_list("order__reference", flat=True))


def test_the_form_offers_what_waits_and_counts_it(at_main):
    shown = at_main.get("/floor/plan/").context
    assert shown["carriers"] == {"DHL": 2, "Post": 1}
    assert shown["zones"] == ["A", "B"]  # not those of another warehouse
    assert shown["foreseen"] == Foreseen(lists=1, orders=3, lines=4, units=5)
    page = at_main.get("/floor/plan/?kind=wave&carrier=DHL&zone=B").content.decode()
    assert "<strong>1 order</strong> on 1 list: 1 stop, 2 units." in page
    assert PickList.objects.count() == 0


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({"carrier": "DHL"}, {"DHL1", "DHL2"}),
        ({"zone": "b"}, {"POST", "DHL2"}),
        ({"ship_before": "2026-12-01T12:00"}, {"POST"}),
        ({"ship_before": "2026-12-01T12:00", "carrier": "Post", "zone": "A"}, {"POST"}),
        (
            {"kind": "batch", "carrier": "Post"},
            {"POST", "DHL1", "DHL2"},
        ),  # hidden fields say nothing
    ],
)
def test_what_is_foreseen_is_planned(at_main, wish, found):
    wish = {"kind": "wave", **wish}
    told = at_main.get("/floor/plan/", wish).context["foreseen"]
    tone, text = said(act(at_main, "/floor/plan/", do="plan", **wish))
    assert (tone, planned()) == ("ok", found)
    made = PickList.objects.get()
    assert text == f"1 pick list made: {made.reference}."
    assert (told.orders, told.lines) == (len(found), made.lines.count())


def test_the_cut_off_is_a_time_of_the_warehouse(at_main):
    from warehouse.models import Warehouse

    Warehouse.objects.update(time_zone="Asia/Tokyo")
    tone, text = said(act(at_main, "/floor/plan/", do="plan", ship_before="2026-12-01T20:59"))
    assert (tone, text) == ("note", "No order to leave by 01 Dec 20:59 waits to be picked here.")
    act(at_main, "/floor/plan/", do="plan", ship_before="2026-12-01T21:00")
    assert planned() == {"POST"}


def test_nothing_waits_is_said_in_words(at_main):
    act(at_main, "/floor/plan/", do="plan")
    answer = act(at_main, "/floor/plan/", do="plan", carrier="DHL", zone="A")
    assert said(answer) == ("note", "No order for DHL in zone A waits to be picked here.")
    assert "No order for DHL in zone A waits" in answer.content.decode()
    assert said(act(at_main, "/floor/", do="plan", kind="single"))[1].startswith("No order waits")


@pytest.mark.parametrize(
    "wish", [{"kind": "heap"}, {"ship_before": "noon"}, {"ship_before": "2026-13-01T12:00"}]
)
def test_a_wish_that_makes_no_sense_is_refused(at_main, wish):
    assert act(at_main, "/floor/plan/", do="plan", **wish).status_code == 422
    assert at_main.get("/floor/plan/", wish).status_code == 422
    assert planned() == set()


def test_only_managers_plan(waiting):
    picker = signed_in(person("anna", "picker"), warehouses=["MAIN"])
    assert picker.get("/floor/plan/").status_code == 403
    assert act(picker, "/floor/plan/", do="plan").status_code == 403
    assert "/floor/plan/" not in picker.get("/floor/").content.decode()


@pytest.mark.parametrize("count", [3, 60])
def test_the_preview_takes_as_many_statements_whatever_waits(waiting, count):
    orders({f"X{n}": {"A": 1} for n in range(count // 3)}, backorder=True)
    sent = sent_by(planning.foresee, warehouse="MAIN", kind="wave")
    assert len(sent) == 4
