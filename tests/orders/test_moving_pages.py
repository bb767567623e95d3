"""Goods that pickers are sent to are moved by hand only with a warning."""

import pytest
from django.contrib.auth import get_user_model

from orders.services import picking
from tests.factories import do
from tests.orders.pages import act, said, signed_in
from tests.orders.picking_world import in_bin, orders, person, planned, shelve
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db

MOVE = "/floor/move/"


@pytest.fixture
def client():
    return signed_in(get_user_model().objects.get(pk=person("anna")))


@pytest.fixture
def lists():
    """Of 5 A in A-01-01, 3 are on two pick lists."""
    shelve({("A", "A-01-01"): 5, ("B", "B-01-01"): 0})
    orders({"O1": {"A": 2}, "O2": {"A": 1}})
    return planned("single")


def carry(client, quantity):
    act(client, MOVE, code="A-01-01")
    act(client, MOVE, code="A")
    act(client, MOVE, do="quantity", quantity=quantity)
    return act(client, MOVE, code="B-01-01")


def test_what_nobody_is_sent_to_is_moved_at_once(client, lists):
    assert said(carry(client, 2)) == ("ok", "2 of A from A-01-01 to B-01-01.")
    assert in_bin("A", "B-01-01") == 2


def test_units_on_pick_lists_are_warned_about_and_moved_anyway(client, lists):
    answer = carry(client, 4)
    assert said(answer) == (
        "note",
        f"Pickers are sent to A-01-01 for 2 of these ({lists[0]}, {lists[1]}). Move all 4 to B-01-01 "
        "anyway, or set a smaller number.",
    )
    assert (in_bin("A", "B-01-01"), answer.context["carried"]["to"]) == (0, "B-01-01")
    assert "Move anyway to B-01-01" in answer.content.decode()
    assert said(act(client, MOVE, do="anyway")) == ("ok", "4 of A from A-01-01 to B-01-01.")
    assert (in_bin("A", "A-01-01"), in_bin("A", "B-01-01")) == (1, 4)
    assert said(act(client, MOVE, do="anyway"))[0] == "refused"  # once
    assert verify_ledger() == []


def test_a_smaller_number_needs_no_warning(client, lists):
    carry(client, 4)
    answer = act(client, MOVE, do="quantity", quantity=2)
    assert "Move anyway" not in answer.content.decode()
    assert said(act(client, MOVE, do="anyway"))[0] == "refused"
    assert said(act(client, MOVE, code="B-01-01"))[0] == "ok"


def test_more_than_there_is_is_refused_as_ever(client, lists):
    tone, words = said(carry(client, 6))
    assert (tone, "held 5 of A" in words) == ("refused", True)


def test_lines_that_are_done_are_not_warned_about(client, lists):
    do(picking.pick_whole_lists, pick_lists=lists)
    assert said(carry(client, 2))[0] == "ok"
