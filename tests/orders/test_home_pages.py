"""The start: what somebody has begun is there, however much waits."""

import pytest
from django.contrib.auth import get_user_model

from orders.models import CountTask, PickList, PickListOrder
from orders.services import count_work, picking
from tests.factories import do, stock, warehouse
from tests.orders.counted import opened
from tests.orders.pages import signed_in
from tests.orders.picking_world import order, orders, planned, shelve
from tests.orders.test_floor_pages import person
from tests.warehouse.statements import sent_by

pytestmark = pytest.mark.django_db


def test_one_s_own_list_is_there_behind_five_hundred_that_are_more_urgent():
    shelve({("A", "A-01-01"): 9})
    order("MINE", A=1)
    (mine,) = planned()
    order("PACK", A=1)
    (to_pack,) = planned()
    anna = person()
    do(picking.claim, pick_list=mine, staff_id=anna.pk)
    do(picking.pick_whole_lists, pick_lists=[to_pack])
    (urgent,) = orders({"URGENT": {"A": 1}}, priority=1)
    many = PickList.objects.bulk_create(
        PickList(reference=f"MANY-{n}", warehouse=warehouse(), kind="single", status="open")
        for n in range(500)
    )
    PickListOrder.objects.bulk_create(
        PickListOrder(pick_list=one, order=urgent, tote=1) for one in many
    )
    page = signed_in(anna).get("/floor/").context
    assert [x.reference for x in page["mine"]] == [mine]
    assert [x.reference for x in page["to_pack"]] == [to_pack]
    assert page["next"][0].reference == "MANY-0"


@pytest.mark.parametrize(
    ("role", "shown"), [("picker", True), ("receiver", True), ("read-only", False)]
)
def test_a_count_that_was_begun_is_gone_on_with_from_the_start(role, shown):
    stock({("A", "MAIN"): 5, ("A", "EAST"): 5})
    anna = person(role=role)
    here, far = opened(), opened(code="EAST")
    for reference in (here, far):
        do(count_work.claim_task, task=reference, user_id=anna.pk)
    CountTask.objects.filter(reference=here).update(
        due_at="2099-01-01T00:00Z"
    )  # not due, but begun
    do(count_work.tally, task=here, sku="A", quantity=3, user_id=anna.pk)
    client = signed_in(anna, warehouses=["MAIN"])
    page = client.get("/floor/")
    found = [(x.reference, x.bin, x.counted) for x in page.context["counts"]]
    assert found == ([(here, "A-01-01", 3)] if shown else [])
    assert (f"/floor/count/{here}/" in page.content.decode()) is shown


@pytest.mark.parametrize("n", [1, 20])
def test_statements_of_the_start(n):
    shelve({("A", "A-01-01"): 99})
    orders({f"O{x}": {"A": 1} for x in range(n)})
    planned("single", most_orders=n)
    stock({("A", "MAIN"): 1}, bin="B-01-01")
    client = signed_in(person("boss", "operations manager"))
    user = get_user_model().objects.get()
    do(count_work.claim_task, task=opened("B-01-01"), user_id=user.pk)
    assert len(sent_by(client.get, "/floor/")) == START


START = 7
