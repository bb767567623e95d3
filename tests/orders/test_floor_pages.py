"""Floor pages: who may see what, one action per number, what a refusal looks like."""

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection

from orders.models import FloorAction, PickLine, PickList
from tests.factories import do, warehouse
from tests.orders.pages import act, said, signed_in
from tests.orders.picking_world import in_bin, line, order, planned, shelve
from tests.warehouse.statements import sent_by
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db


def person(name="anna", role="picker"):
    user = get_user_model().objects.create_user(name, password="x")
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


@pytest.fixture
def anna():
    return person()


@pytest.fixture
def reference(anna):
    shelve({("A", "A-01-01"): 5, ("B", "B-02-01"): 5})
    order("O1", A=2, B=1)
    order("O2", A=1)
    return planned()[0]


def walking(anna, reference):
    client = signed_in(anna)
    tone, _ = said(act(client, f"/floor/pick/{reference}/", do="claim"))
    assert tone == "ok"
    return client, f"/floor/pick/{reference}/task/"


def test_a_list_is_picked_by_bin_and_goods(anna, reference):
    client, task = walking(anna, reference)
    assert said(act(client, task, code="A-01-01")) == (
        "ok", "Bin A-01-01. Take 2 of A and scan it.",
    )  # fmt: skip
    assert said(act(client, task, code="A")) == ("ok", "1 of A into tote 1. 1 to go.")
    assert said(act(client, task, code="A")) == ("ok", "1 of A into tote 1. Line done.")
    assert said(act(client, task, code="A")) == ("ok", "1 of A into tote 2. Line done.")
    assert act(client, task, code="B-02-01").status_code == 200
    last = act(client, task, code="B")
    assert said(last)[0] == "ok"
    assert last.context["said"].next == f"/floor/pick/{reference}/finish/"
    assert PickList.objects.get().status == "picked"
    assert verify_ledger() == []


def test_a_scan_sent_twice_counts_once_and_is_answered_in_the_same_words(anna, reference):
    client, task = walking(anna, reference)
    act(client, task, code="A-01-01")
    number = uuid4()
    first, again = (act(client, task, code="A", number=number) for _ in range(2))
    assert said(first) == said(again)
    assert in_bin("A", "PACKING") == 1
    other = act(client, task, code="B", number=number)
    assert said(other)[0] == "refused"
    assert "number was used for another" in said(other)[1]


def test_a_refused_scan_leaves_no_claim_and_changes_nothing(anna, reference):
    client, task = walking(anna, reference)
    before = FloorAction.objects.count()
    for code, words in (("B-02-01", "This is bin B-02-01. Go to"), ("NOBODY", "Nobody knows the code"),
                        ("A", "This is a product")):  # fmt: skip
        tone, text = said(act(client, task, code=code))
        assert (tone, text.startswith(words)) == ("refused", True), text
    assert FloorAction.objects.count() == before
    act(client, task, code="A-01-01")
    assert "Put it back and take A" in said(act(client, task, code="B"))[1]
    assert said(act(client, task, code="A", quantity=9))[0] == "refused"
    assert in_bin("A", "PACKING") == 0


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (9, "Tote 1 needs 2 of A Product A, not 9. Put 7 back."),
        (0, "0 is not a number from 1 to 1,000,000."),
        ("1.5", "1.5 is not a number from 1 to 1,000,000."),
        ("many", "many is not a number from 1 to 1,000,000."),
    ],
)
def test_several_at_once_that_cannot_be_are_refused_in_our_words(anna, reference, quantity, words):
    client, task = walking(anna, reference)
    act(client, task, code="A-01-01")
    line = client.get(task).context["line"].id
    assert said(act(client, task, code="A", line=line, quantity=quantity)) == ("refused", words)
    assert in_bin("A", "PACKING") == 0
    assert said(act(client, task, code="A", line=line, quantity=2))[0] == "ok"


def test_the_last_scan_can_be_taken_back(anna, reference):
    client, task = walking(anna, reference)
    act(client, task, code="A-01-01")
    act(client, task, code="A", quantity=2)
    assert said(act(client, task, do="undo"))[1].startswith("Taken back: 2 of A.")
    assert in_bin("A", "A-01-01") == 5
    assert said(act(client, task, do="undo"))[0] == "refused"


def test_a_problem_is_one_tap_and_the_walk_goes_on(anna, reference):
    client, task = walking(anna, reference)
    first = PickLine.objects.order_by("sequence", "id").first()
    page = f"/floor/pick/{reference}/problem/{first.pk}/"
    assert client.get(page).status_code == 200
    answer = act(client, page, do="report", problem="bin_empty", found=0)
    assert said(answer)[0] == "note"
    assert "wait for stock" in said(answer)[1]
    assert answer.context["said"].next == task
    assert verify_ledger() == []


@pytest.mark.parametrize(
    ("stock", "sent", "words"),
    [
        (
            {("A", "A-01-01"): 9}, {"problem": "damaged", "found": 1},
            "2 of A are written off as damaged. 3 of A are still to be picked here.",
        ),
        (
            {("A", "A-01-01"): 3, ("A", "C-01-01"): 2}, {"problem": "short", "found": 1},
            "1 of A are still to be picked here. 2 of A come from C-01-01 instead. "
            "The bin will be counted.",
        ),
        (
            {("A", "A-01-01"): 3}, {"problem": "bin_empty"},
            "3 of A wait for stock. The bin will be counted.",
        ),
        (
            {("A", "A-01-01"): 3, ("A", "PACKING"): 3}, {"problem": "unreadable", "found": 0},
            "3 of A are planned again on another list. The bin will be counted.",
        ),
    ],
)  # fmt: skip
def test_what_became_of_a_problem_is_said_as_it_is(anna, stock, sent, words):
    shelve({place: n for place, n in stock.items() if place[1] != "PACKING"})
    order("O1", A=3)
    client, _ = walking(anna, planned()[0])
    shelve({place: n for place, n in stock.items() if place[1] == "PACKING"}, kind="packing")
    first = PickLine.objects.get()
    page = f"/floor/pick/{first.pick_list.reference}/problem/{first.pk}/"
    answer = act(client, page, do="report", **sent)
    assert said(answer) == ("note", f"Noted for bin A-01-01. {words}")
    assert verify_ledger() == []


def test_a_cancelled_order_is_said_at_the_next_scan(anna, reference):
    from orders.services.cancelling import cancel

    client, task = walking(anna, reference)
    act(client, task, code="A-01-01")
    page = client.get(task)
    do(cancel, reference="O1")
    sent = act(client, task, code="A", line=page.context["line"].id)
    assert said(sent)[0] == "refused"
    assert said(sent)[1].startswith("Order O1 was cancelled.")
    assert in_bin("A", "PACKING") == 0


def test_somebody_elses_list_is_shown_but_not_picked(anna, reference):
    walking(anna, reference)
    ben = signed_in(person("ben"))
    assert said(act(ben, f"/floor/pick/{reference}/", do="claim"))[1].startswith(
        f"{reference} is picked by anna."
    )
    assert ben.get(f"/floor/pick/{reference}/task/").status_code == 302
    answer = act(ben, f"/floor/pick/{reference}/task/", code="A-01-01")
    assert answer.context["said"].next == f"/floor/pick/{reference}/"


def test_the_totes_of_somebody_who_walks_are_not_emptied(anna, reference):
    client, task = walking(anna, reference)
    act(client, task, code="A-01-01")
    act(client, task, code="A")
    ben = signed_in(person("ben"))
    tone, words = said(act(ben, f"/floor/pick/{reference}/tote/1/", do="put_back"))
    assert (tone, words.startswith(f"{reference} is picked by anna")) == ("refused", True)
    assert in_bin("A", "PACKING") == 1


def test_another_warehouse_is_closed_by_address_and_by_number(anna, reference):
    warehouse("EAST")
    own = line(reference, order_line__order__reference="O1", item__product__sku="A").pk
    stranger = signed_in(person("eva"), warehouses=["EAST"])
    for page in ("", "task/", "finish/", "tote/1/", f"problem/{own}/"):
        assert stranger.get(f"/floor/pick/{reference}/{page}").status_code == 403, page
    for page, sent in (("", {"do": "claim"}), ("", {"do": "hand_back"}), ("task/", {"code": "A"}),
                       ("task/", {"do": "undo"}), ("tote/1/", {"do": "pack"}), ("finish/", {"do": "ship"}),
                       (f"problem/{own}/", {"do": "report", "problem": "short", "found": 0})):  # fmt: skip
        assert act(stranger, f"/floor/pick/{reference}/{page}", **sent).status_code == 403, page
    assert PickList.objects.get().status == "open"
    anna = signed_in(anna, warehouses=["MAIN", "EAST"])
    anna.post("/floor/warehouse/", {"warehouse": "EAST"})
    assert anna.get(f"/floor/pick/{reference}/").status_code == 422


def test_a_line_of_another_list_is_not_touched(anna, reference):
    client, _ = walking(anna, reference)
    order("O3", B=1)
    other = line(planned()[0]).pk
    answer = act(
        client, f"/floor/pick/{reference}/problem/{other}/", do="report", problem="short", found=0
    )
    assert said(answer)[0] == "refused"
    assert PickLine.objects.get(pk=other).short == 0


def test_who_may_not_come_in(anna, reference):
    receiver = signed_in(person("rita", role="receiver"))
    assert receiver.get(f"/floor/pick/{reference}/").status_code == 403
    assert receiver.get("/floor/").status_code == 200
    assert act(receiver, "/floor/", do="plan", kind="batch").status_code == 403
    nobody = signed_in(anna)
    nobody.logout()
    assert nobody.get("/floor/")["Location"].startswith("/floor/sign-in/?next=")
    told = nobody.get("/floor/receive/PO%233/")["Location"]
    assert parse_qs(urlsplit(told).query) == {"next": ["/floor/receive/PO%233/"]}
    assert act(nobody, "/floor/", code="A").status_code == 401


def test_the_address_of_a_strange_action_or_a_scan_without_number_does_nothing(anna, reference):
    client, task = walking(anna, reference)
    assert said(act(client, task, do="__init__"))[0] == "refused"
    assert said(act(client, task, do="nothing"))[0] == "refused"
    assert said(client.post(task, {"code": "A-01-01"}))[0] == "refused"


def test_a_kept_scan_of_somebody_else_is_not_taken(anna, reference):
    client, task = walking(anna, reference)
    answer = client.post(
        task, {"code": "A-01-01"}, headers={"Floor-Action": str(uuid4()), "Floor-User": "999"}
    )
    assert answer.status_code == 401


def test_a_kept_scan_is_of_the_warehouse_in_which_it_was_made(anna, reference):
    warehouse("EAST")
    client = signed_in(anna, warehouses=["MAIN", "EAST"])
    client.post("/floor/warehouse/", {"warehouse": "EAST"})  # where she is by now
    page = f"/floor/pick/{reference}/"

    def sent(told):
        kept = {"Floor-Action": str(uuid4()), "Floor-User": str(anna.pk), "Floor-Warehouse": told}
        return client.post(page, {"do": "claim"}, headers=kept)

    assert sent("EAST").status_code == 403  # not a list of that warehouse
    for nowhere in ("WEST", "main", "<b>"):
        answer = sent(nowhere)
        assert answer.status_code == 403
        assert said(answer) == (
            "refused", f"This was scanned in {nowhere}, where you do not work any more.",
        )  # fmt: skip
        assert "Floor-Answer" in answer.headers
    assert PickList.objects.get().status == "open"
    assert said(sent("MAIN")) == ("ok", f"{reference} is yours.")
    assert client.get("/floor/").context["visit"].warehouse.code == "EAST"  # she did not go back
    signed_in(anna, warehouses=["EAST"])
    assert sent("MAIN").status_code == 403  # she may not work there any more


def test_nothing_is_kept_by_the_browser_and_no_script_may_be_slipped_in(anna, reference):
    client, task = walking(anna, reference)
    page = client.get(task)
    assert page["Cache-Control"] == "no-store, private"
    policy = page["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    hostile = act(client, task, code="<script>alert(1)</script>")
    assert b"<script>alert" not in hostile.content


def test_csrf_is_asked_for(anna):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    warehouse()
    assert client.post("/floor/", {"code": "A"}).status_code == 403


@pytest.mark.parametrize("lines", [10, 500])
def test_statements_of_the_task_page_and_of_a_scan(anna, lines):
    skus = {(f"S{n:03d}", f"A-{n // 20:02d}-{n % 20:02d}"): 5 for n in range(lines)}
    shelve(skus)
    for part in range(0, lines, 50):
        order(f"O{part}", **{sku: 1 for sku, _ in list(skus)[part : part + 50]})
    connection.cursor().execute("ANALYZE")
    reference = planned(most_orders=50)[0]
    client, task = walking(anna, reference)
    where = PickLine.objects.order_by("sequence", "id").select_related("bin", "item__product")
    first, second = where[:2]
    act(client, task, code=first.bin.code)
    assert PickLine.objects.count() == lines
    assert len(sent_by(client.get, task)) == PAGE
    assert len(sent_by(act, client, task, code=first.item.product.sku)) == SCAN
    assert len(sent_by(act, client, task, code=second.bin.code)) == BIN


PAGE, SCAN, BIN = 7, 23, 13
