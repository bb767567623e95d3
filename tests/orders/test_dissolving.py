"""A list that was planned wrongly is cancelled by a manager, and its orders are planned anew."""

import pytest
from django.contrib.auth import get_user_model

from notifications.models import OutboxEvent
from orders.errors import ListClaimed
from orders.models import PickList, SalesOrder
from orders.services import picking
from orders.states import WrongState
from tests.factories import do
from tests.orders.making import papers_agree_with_the_stock
from tests.orders.pages import act, said, signed_in
from tests.orders.picking_world import actor, in_bin, orders, person, planned, scan, shelve, walk
from warehouse.errors import WarehouseNotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books_are_right(db):
    yield
    papers_agree_with_the_stock()


@pytest.fixture
def wave() -> str:
    """A list of O1 with 2 A and O2 with 1 B, which nobody has."""
    shelve({("A", "A-01-01"): 5, ("B", "B-01-01"): 5})
    orders({"O1": {"A": 2}, "O2": {"B": 1}})
    return planned("wave")[0]


def device(name, **more):
    return signed_in(get_user_model().objects.get(pk=person(name, **more)))


def test_its_orders_are_planned_anew_as_if_it_had_not_been(wave):
    before = walk(wave)
    do(picking.cancel_list, pick_list=wave)
    cancelled = PickList.objects.get(reference=wave)
    assert (cancelled.status, cancelled.finished_at is None) == ("cancelled", False)
    assert {x.status for x in SalesOrder.objects.all()} == {"allocated"}
    told = OutboxEvent.objects.get(type="picking.cancelled")
    assert (told.reference, told.details) == (wave, {"warehouse": "MAIN", "orders": 2})
    assert walk(planned("batch")[0]) == before
    with pytest.raises(WrongState, match="is cancelled; there is nothing left to cancel"):
        do(picking.cancel_list, pick_list=wave)
    with pytest.raises(WrongState):
        do(picking.claim, pick_list=wave, staff_id=person("anna"))


def test_a_list_that_somebody_has_is_handed_back_first_and_its_totes_are_put_back(wave):
    anna = person("anna")
    do(picking.claim, pick_list=wave, staff_id=anna)
    with pytest.raises(ListClaimed, match=r"is picked by anna\. Have it handed back"):
        do(picking.cancel_list, pick_list=wave)
    scan(wave, anna)
    do(picking.hand_back, pick_list=wave, user_id=anna)
    with pytest.raises(WrongState, match="1 unit lies in a tote of"):
        do(picking.cancel_list, pick_list=wave)
    do(picking.put_back, pick_list=wave, order="O1", actor=actor(anna))
    do(picking.cancel_list, pick_list=wave)
    assert in_bin("A", "A-01-01") == 5
    assert sum(n for _, _, n in walk(planned("batch")[0])) == 3


def test_what_is_over_or_elsewhere_is_not_cancelled(wave):
    with pytest.raises(WarehouseNotAllowed):
        do(picking.cancel_list, pick_list=wave, within=["EAST"])
    do(picking.pick_whole_lists, pick_lists=[wave])
    with pytest.raises(WrongState, match="is picked"):
        do(picking.cancel_list, pick_list=wave)


def test_a_manager_does_it_on_the_floor_and_a_picker_does_not(wave):
    page = f"/floor/pick/{wave}/"
    anna, boss = device("anna"), device("boss", role="operations manager")
    assert "Cancel this list" not in anna.get(page).content.decode()
    assert act(anna, page, do="cancel").status_code == 403
    act(anna, page, do="claim")
    act(anna, f"{page}task/", code="A-01-01")
    act(anna, f"{page}task/", code="A")
    assert "is picked by anna" in said(act(boss, page, do="put_back", tote=1))[1]
    assert said(act(boss, page, do="cancel"))[0] == "refused"
    act(anna, page, do="hand_back")
    assert act(anna, page, do="put_back", tote=1).status_code == 403
    words = boss.get(page).content.decode()
    assert words.count('value="put_back"') == 1
    assert said(act(boss, page, do="cancel"))[1].startswith("1 unit lies in a tote")
    assert said(act(boss, page, do="put_back", tote=1))[0] == "note"
    answer = act(boss, page, do="cancel")
    assert said(answer) == ("note", f"{wave} is cancelled; its orders can be planned anew.")
    assert answer.context["said"].next == "/floor/"
    assert "This list was cancelled" in boss.get(f"{page}finish/").content.decode()
