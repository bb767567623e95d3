"""A list changes hands on the floor: the manager's form, and what the one before is told."""

import pytest
from django.contrib.auth import get_user_model

from orders.models import PickLine, PickList
from tests.orders.pages import act, said, signed_in
from tests.orders.picking_world import in_bin, order, person, planned, shelve

pytestmark = pytest.mark.django_db


def device(name, **more):
    pk = person(name, **more)
    return signed_in(get_user_model().objects.get(pk=pk)), pk


@pytest.fixture
def reference():
    shelve({("A", "A-01-01"): 5})
    order("O1", A=2)
    return planned()[0]


@pytest.fixture
def boss():
    return device("boss", role="operations manager")[0]


def owner():
    return PickList.objects.get().claimed_by.username


def test_a_manager_gives_a_list_that_nobody_has(boss, reference):
    page, (_, ben) = f"/floor/pick/{reference}/", device("ben")
    device("rita", role="receiver")
    assert [x.name for x in boss.get(page).context["people"]] == ["ben"]
    assert said(act(boss, page, do="give", to=ben)) == ("ok", f"{reference} is ben's list now.")
    assert owner() == "ben"
    assert boss.get(page).context["people"] == []
    assert said(act(boss, page, do="give", to="nobody"))[0] == "refused"
    assert said(act(boss, page, do="give", to=999_999))[0] == "refused"


def test_who_had_the_list_is_told_at_the_next_scan(boss, reference):
    page, (anna, _), (ben, to) = f"/floor/pick/{reference}/", device("anna"), device("ben")
    act(anna, page, do="claim")
    assert said(act(anna, f"{page}task/", code="A-01-01"))[0] == "ok"
    act(boss, page, do="give", to=to)
    line = PickLine.objects.get().pk
    for where, sent in (
        ("task/", {"code": "A"}),
        (f"problem/{line}/", {"do": "report", "problem": "bin_empty"}),
    ):
        answer = act(anna, page + where, **sent)
        assert said(answer) == (
            "refused",
            f"{reference} is picked by ben now. Nothing was booked; put back what is in your hand "
            "and give ben the totes.",
        )
        assert answer.context["said"].next == page
    assert said(act(anna, f"{page}task/", do="undo"))[0] == "refused"
    assert in_bin("A", "PACKING") == 0
    assert said(act(ben, f"{page}task/", code="A-01-01"))[0] == "ok"


def test_who_handed_a_list_back_is_told_so(reference):
    page, (anna, _) = f"/floor/pick/{reference}/", device("anna")
    act(anna, page, do="claim")
    act(anna, page, do="hand_back")
    assert "is nobody's list now" in said(act(anna, f"{page}task/", code="A-01-01"))[1]


def test_a_picker_gives_nothing_away(reference):
    page, (anna, _), (_, ben) = f"/floor/pick/{reference}/", device("anna"), device("ben")
    act(anna, page, do="claim")
    assert anna.get(page).context["people"] == []
    assert act(anna, page, do="give", to=ben).status_code == 403
    assert owner() == "anna"
