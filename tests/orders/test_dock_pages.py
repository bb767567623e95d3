"""The dock and the bench: what is refused is not booked, what is booked is said."""

import re
from functools import partial
from types import SimpleNamespace

import pytest

from orders.models import ReturnOrder
from orders.pages import receiving
from orders.services.purchasing import PurchaseLine, cancel_purchase, draft, send
from orders.services.receiving import ArrivedLine, receive_purchase
from orders.services.returning import ReturnedLine, cancel_return, expect_return
from orders.services.transferring import (
    CarriedLine,
    WantedLine,
    cancel_transfer,
    dispatch,
    receive_transfer,
    request,
)
from tests.factories import BinFactory, ProductFactory, counters, do, stock, warehouse
from tests.orders.counted import hand_in, opened
from tests.orders.pages import act, hold, said, signed_in, step
from tests.orders.picking_world import in_bin
from tests.orders.printed import pages
from tests.orders.shipped import supplied
from tests.orders.test_floor_pages import person
from warehouse.lines import PlacedLine
from warehouse.services.movements import receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita():
    """A receiver who works in both warehouses and stands in MAIN."""
    stock({("A", "MAIN"): 9, ("A", "EAST"): 9})
    client = signed_in(person("rita", "receiver"), warehouses=["MAIN", "EAST"])
    client.post("/floor/warehouse/", {"warehouse": "MAIN"})
    return client


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "bench"},
        {"do": "grade", "sku": "A", "quantity": 1, "condition": "restock"},
        {"do": "grade", "sku": "A", "quantity": 1, "condition": "scrap"},
        {"do": "leave", "sku": "A", "quantity": 1},
    ],
)
def test_a_return_to_another_warehouse_is_refused_and_stays_as_it_was(rita, sent):
    do(expect_return, warehouse="EAST", reference="R-1", lines=[ReturnedLine("A", 1)])
    answer = act(rita, "/floor/returns/R-1/", **sent)
    assert said(answer) == ("refused", "R-1 goes to EAST, and you are in MAIN.")
    assert ReturnOrder.objects.get().status == "expected"
    assert "floor_in_hand" not in rita.session


def test_more_of_a_transfer_than_was_sent_is_asked_about_and_booked_as_found(rita):
    lines = [WantedLine("A", 3)]
    do(request, reference="TR-1", source="EAST", destination="MAIN", lines=lines)
    do(dispatch, reference="TR-1")
    page = "/floor/receive/TR-1/"
    act(rita, page, code="A")
    sent = {"do": "receive", "sku": "A", "quantity": 5}
    asked = ("note", "5 is 2 more than was sent. Count again.")
    assert said(act(rita, page, **sent)) == asked
    assert counters("A") == (9, 0, 0, 3)
    words = "2 more than was sent; they are booked as found, and EAST is told."
    assert said(act(rita, page, **sent, over="5:2")) == ("note", f"5 of A received. {words}")
    assert (counters("A"), counters("A", "EAST")) == ((14, 0, 0, 0), (6, 0, 0, 0))


@pytest.mark.parametrize("paper", ["TR-1", "PO-1"])
def test_another_surplus_than_the_one_that_was_confirmed_is_asked_about_anew(rita, paper):
    if paper == "TR-1":
        tr("dispatched")
        come = partial(do, receive_transfer, reference=paper, lines=[CarriedLine("A", 1)])
    else:
        po(units=3)
        do(send, reference=paper)
        come = partial(do, receive_purchase, reference=paper, lines=[ArrivedLine("A", 1)])
    page, sent = f"/floor/receive/{paper}/", {"do": "receive", "sku": "A", "quantity": 4}
    asked = act(rita, page, **sent)
    assert b'name="over" value="4:1"' in asked.content
    come()
    before = counters("A")[0]
    tone, words = said(act(rita, page, **sent, over="4:1"))
    assert (tone, words[:14], counters("A")[0]) == ("note", "4 is 2 more th", before)
    assert said(act(rita, page, **sent, over="4:2"))[1].startswith("4 of A received.")
    assert counters("A")[0] == before + 4


def test_a_surplus_that_changes_while_it_is_booked_is_asked_about_anew(rita, monkeypatch):
    po(units=3)
    do(send, reference="PO-1")
    seen = receiving.find
    stale = iter([seen(SimpleNamespace(warehouse=SimpleNamespace(code="MAIN")), "PO-1")])
    do(receive_purchase, reference="PO-1", lines=[ArrivedLine("A", 1)])
    monkeypatch.setattr(receiving, "find", lambda *told: next(stale, None) or seen(*told))
    sent = {"do": "receive", "sku": "A", "quantity": 4, "over": "4:1"}
    told = said(act(rita, "/floor/receive/PO-1/", **sent))
    assert told == ("note", "4 is 2 more than ordered. Count again.")
    assert counters("A")[0] == 10


def test_what_was_lost_on_the_road_is_kept_while_a_number_is_asked_about(rita):
    tr("dispatched")
    sent = {"do": "receive", "sku": "A", "quantity": 4, "lost": 2}
    asked = act(rita, "/floor/receive/TR-1/", **sent)
    assert asked.context["held"]["lost"] == 2
    field = re.search(r'<input[^>]*id="lost"[^>]*>', asked.content.decode())
    assert 'value="2"' in field[0]


def test_labels_are_printed_of_what_is_in_hand_what_was_booked_and_of_all_that_came(rita):
    supplied("A", "B/1")
    lines = [PurchaseLine("A", 10), PurchaseLine("B/1", 3)]
    do(draft, reference="PO-1", supplier="ACME", warehouse="MAIN", lines=lines)
    do(send, reference="PO-1")
    page, every = "/floor/receive/PO-1/", "/floor/delivery-labels/PO-1/"
    assert every in rita.get(page).content.decode()
    assert rita.get(every).context["products"] == [
        (10, "A", "Product A"),
        (3, "B/1", "Product B/1"),
    ]
    link = "/floor/labels/?sku=B%2F1&amp;copies="
    assert link + "3" in act(rita, page, code="B/1").content.decode()
    booked = act(rita, page, do="receive", sku="B/1", quantity=2)
    assert link + "2" in booked.content.decode()
    assert link + "2" in rita.get("/floor/receive/").content.decode()
    asked = rita.get("/floor/labels/", {"sku": "B/1", "copies": 300})
    assert b'max="100" value="100"' in asked.content
    assert rita.get(every).context["products"] == [(2, "B/1", "Product B/1")]
    pdf = rita.get("/floor/delivery-labels-pdf/PO-1/", {"paper": "roll"})
    assert pages(pdf.content) == ["Product B/1 B/1"] * 2
    rita.post("/floor/warehouse/", {"warehouse": "EAST"})
    assert rita.get(every).status_code == 422
    assert link not in rita.get("/floor/receive/").content.decode()


def test_all_labels_of_a_product_are_printed_however_many_it_is(rita):
    po(units=1003)
    do(send, reference="PO-1")
    page = rita.get("/floor/delivery-labels/PO-1/")
    assert page.context["products"] == [(1003, "A", "Product A")]
    assert "Which part of 2?" in page.content.decode()
    pdf = rita.get("/floor/delivery-labels-pdf/PO-1/", {"paper": "roll", "part": 2})
    assert pages(pdf.content) == ["Product A A"] * 3


def test_look_up_leads_to_the_first_of_two_papers_of_one_name_as_the_home_page_does(rita):
    po(units=1)
    do(send, reference="PO-1")
    do(expect_return, warehouse="MAIN", reference="PO-1", lines=[ReturnedLine("A", 1)])
    there = act(rita, "/floor/", code="PO-1").context["said"]
    assert there.next == "/floor/receive/PO-1/"
    assert act(rita, "/floor/look-up/", q="PO-1").context["said"] == there
    assert rita.get("/floor/look-up/", {"q": "PO-1"})["Location"] == there.next


def tr(step=None, **ends):
    """TR-1, three of A from EAST to MAIN, and what was done with it then."""
    ways = {"source": "EAST", "destination": "MAIN"} | ends
    do(request, reference="TR-1", lines=[WantedLine("A", 3)], **ways)
    steps = {
        "dispatched": [dispatch],
        "received": [dispatch, receive_transfer],
        "cancelled": [cancel_transfer],
    }
    for one in steps.get(step, []):
        do(one, reference="TR-1")


def po(step=None, units=1):
    supplied("A")
    lines = [PurchaseLine("A", units)]
    do(draft, reference="PO-1", supplier="ACME", warehouse="MAIN", lines=lines)
    if step:
        do(cancel_purchase, reference="PO-1")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (partial(po), "Purchase order PO-1 is a draft: its supplier does not know of it yet."),
        (
            partial(po, "cancelled"),
            "Purchase order PO-1 was cancelled. What comes all the same is received without an order.",
        ),
        (partial(tr), "Transfer TR-1 has not left EAST yet."),
        (
            partial(tr, "received"),
            "Transfer TR-1 has arrived. What comes beyond it is received without an order.",
        ),
        (partial(tr, "cancelled"), "Transfer TR-1 was cancelled; nothing of it comes."),
    ],
)
def test_why_nothing_is_to_be_done_with_a_paper_is_said_where_it_is_scanned(rita, make, words):
    make()
    code = "PO-1" if "PO-1" in words else "TR-1"
    for page in ("/floor/", "/floor/receive/"):
        answer = act(rita, page, code=code)
        assert (answer.context["said"].next, said(answer)) == ("", ("note", words))


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (None, "Transfer TR-1 to EAST is to be dispatched; the back office does that."),
        ("dispatched", "Transfer TR-1 has left and is on the road to EAST."),
        ("received", "Transfer TR-1 has left and arrived in EAST."),
        ("cancelled", "Transfer TR-1 was cancelled; nothing of it leaves."),
    ],
)
def test_a_transfer_scanned_where_it_comes_from_says_how_far_it_is(rita, step, words):
    tr(step, source="MAIN", destination="EAST")
    assert said(act(rita, "/floor/", code="tr-1")) == ("note", words)
    assert said(act(rita, "/floor/receive/", code="TR-1")) == ("refused", words)
    only = signed_in(person("mona", "receiver"), warehouses=["MAIN"])
    assert said(act(only, "/floor/", code="TR-1")) == ("note", words)


def test_a_count_that_is_over_and_a_cancelled_return_say_so(rita):
    reference = opened()
    hand_in(reference, "kim", A=9)
    do(expect_return, warehouse="MAIN", reference="R-1", lines=[ReturnedLine("A", 1)])
    do(cancel_return, reference="R-1")
    assert said(act(rita, "/floor/", code=reference)) == ("note", f"Count {reference} is done.")
    words = "Return R-1 was cancelled. What comes all the same is taken in"
    assert said(act(rita, "/floor/", code="R-1"))[1].startswith(words)


WITHOUT = "/floor/receive/without-order/"
LABEL = "522423 ends like the label 22423. Was that scanned as the number? Count again."


def taken_in(client, quantity, **more):
    act(client, WITHOUT, code="A")
    return act(client, WITHOUT, do="receive", sku="A", quantity=quantity, **more)


def test_a_label_scanned_as_the_number_is_asked_about(rita):
    ProductFactory(sku="22423")
    answer = taken_in(rita, 522423)
    assert said(answer) == ("note", LABEL)
    assert answer.context["held"]["name"] == "Product A"
    assert b'name="over" value="522423"' in answer.content
    assert counters("A")[0] == 9
    assert said(taken_in(rita, 622423, over=522423))[0] == "note"  # another number was confirmed
    assert said(taken_in(rita, 522423, over=522423))[0] == "ok"
    assert counters("A")[0] == 9 + 522423


@pytest.mark.parametrize("condition", ["restock", "scrap"])
def test_so_it_is_at_the_bench_where_no_order_says_how_many(rita, condition):
    ProductFactory(sku="22423")
    page = "/floor/returns/unknown/"
    act(rita, page, code="A")
    graded = {"do": "grade", "sku": "A", "condition": condition, "quantity": 522423}
    asked = act(rita, page, **graded)
    assert said(asked) == ("note", LABEL)
    assert b'name="over" value="522423"' in asked.content
    assert not ReturnOrder.objects.exists()
    assert "522423" in said(act(rita, page, **graded, over=522423, step=step(rita)))[1]
    assert ReturnOrder.objects.exists() is (condition == "scrap")


@pytest.mark.parametrize(
    ("quantity", "before", "asked"),
    [
        (1000, 9, False),
        (1001, 9, True),
        (3001, 300, True),
        (3000, 300, False),
    ],
)
def test_far_more_than_ever_came_at_once_is_asked_about(rita, quantity, before, asked):
    stock({("A", "EAST"): before})
    tone, words = said(taken_in(rita, quantity))
    assert (tone == "note") is asked
    told = f"{quantity} of A? No more than {before} ever came at once. Count again."
    assert not asked or words == told
    assert (counters("A")[0] == 9) is asked


AWAY, UNKNOWN = "/floor/put-away/", "/floor/returns/unknown/"
TWICE = ("refused", "A is booked already; scan the next goods.")


@pytest.fixture
def shelf(rita):
    """Rita, with an empty bin and six of A that lie in RECEIVING; B is known, too."""
    ProductFactory(sku="B")
    do(receive, reference="LORRY", lines=[PlacedLine("A", "MAIN", 6, "RECEIVING")])
    BinFactory(warehouse=warehouse(), code="B-01-01")
    return rita


def test_a_bin_label_scanned_twice_puts_the_goods_away_once(shelf):
    act(shelf, AWAY, code="A")
    form = {"sku": "A", "from": "RECEIVING", "quantity": 3, "step": step(shelf), "code": "B-01-01"}
    assert form["step"] in shelf.get(AWAY).content.decode()
    assert said(act(shelf, AWAY, **form))[0] == "ok"
    assert said(act(shelf, AWAY, **form)) == TWICE
    hold(
        shelf, AWAY, sku="A", bin="RECEIVING", step=form["step"]
    )  # as it was read before the first
    assert said(act(shelf, AWAY, **form)) == TWICE
    act(shelf, AWAY, code="A")
    assert said(act(shelf, AWAY, **form)) == TWICE
    assert (in_bin("A", "B-01-01"), in_bin("A", "RECEIVING")) == (3, 3)


@pytest.mark.parametrize("way", ["scan", "leave", "grade"])
def test_so_do_returned_goods_come_back_once(shelf, way):
    act(shelf, UNKNOWN, code="A")
    graded = {"do": "grade", "sku": "A", "quantity": 1, "condition": "scrap", "step": step(shelf)}
    if way == "grade":
        form = graded
    else:
        act(shelf, UNKNOWN, **graded | {"condition": "restock"})
        form = {"do": way, "sku": "A", "quantity": 1, "code": "B-01-01", "step": step(shelf)}
    assert form["step"] in shelf.get(UNKNOWN).content.decode()
    assert said(act(shelf, UNKNOWN, **form))[0] == "ok"
    assert said(act(shelf, UNKNOWN, **form)) == TWICE
    assert ReturnOrder.objects.count() == 1


@pytest.mark.parametrize("other", ["drop", "other goods", "no step"])
def test_what_is_not_in_hand_any_more_is_not_booked(shelf, other):
    act(shelf, UNKNOWN, code="A")
    act(shelf, UNKNOWN, do="grade", sku="A", quantity=1, condition="restock")
    form = {"sku": "A", "quantity": 1, "code": "B-01-01", "step": step(shelf)}
    words = "You have scanned other goods since; scan these again."
    if other == "drop":
        act(shelf, UNKNOWN, do="drop")
        words = "A is not in hand any more; scan it again."
    elif other == "other goods":
        act(shelf, UNKNOWN, code="B")
    else:
        form["step"] = "x"
    assert said(act(shelf, UNKNOWN, **form)) == ("refused", words)
    assert not ReturnOrder.objects.exists()


@pytest.mark.parametrize("condition", ["restock", "scrap"])
def test_goods_that_another_tab_scanned_meanwhile_do_not_take_over_a_number(shelf, condition):
    act(shelf, UNKNOWN, code="A")
    form = {"do": "grade", "sku": "A", "quantity": 5, "condition": condition, "step": step(shelf)}
    act(shelf, UNKNOWN, code="B")
    words = "You have scanned other goods since; scan these again."
    assert said(act(shelf, UNKNOWN, **form)) == ("refused", words)
    assert shelf.session["floor_in_hand"]["sku"] == "B"
    assert not ReturnOrder.objects.exists()
