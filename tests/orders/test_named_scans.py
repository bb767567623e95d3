"""A scan names the line that its page showed: goods never go into another tote unnoticed."""

import pytest
from django.contrib.auth import get_user_model

from orders.models import PickLine, PickList
from orders.services import picking
from orders.services.cancelling import cancel
from orders.services.placing import NewLine
from orders.services.shipping import ship_order
from tests.factories import do
from tests.orders.pages import act, said, signed_in, step
from tests.orders.picking_world import claimed, in_bin, orders, person, shelve
from warehouse.lines import CountLine
from warehouse.services.counting import count
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db

CANCELLED = "Order O1 was cancelled; nothing was booked. Put back what is in the tote, here."


class Walk:
    """Anna at a bin, with the page of a line in her hand."""

    def __init__(self, wanted, *, at="A-01-01"):
        user = person("anna")
        orders(wanted)
        self.reference = claimed(user)
        self.client = signed_in(get_user_model().objects.get(pk=user))
        self.task = f"/floor/pick/{self.reference}/task/"
        self.finish = f"/floor/pick/{self.reference}/finish/"
        if at:
            act(self.client, self.task, code=at)
        self.page = self.client.get(self.task).context["line"]

    def scan(self, code="A", **given):
        """A scan made on the page as it was opened first."""
        return said(act(self.client, self.task, **{"code": code, "line": self.page.id} | given))

    def picked(self):
        found = PickLine.objects.filter(pick_list__reference=self.reference)
        return list(found.order_by("sequence", "id").values_list("picked", flat=True))


@pytest.fixture(autouse=True)
def _books_are_right(db):
    yield
    assert verify_ledger() == []


@pytest.fixture
def two():
    """O1 and O2 each want one A from the same bin: totes 1 and 2."""
    shelve({("A", "A-01-01"): 5, ("B", "B-02-01"): 5, ("B", "A-01-01"): 5})
    return Walk({"O1": {"A": 1, "B": 1}, "O2": {"A": 1}})


def ships(walk):
    do(ship_order, reference="O1")


def cancels_the_line(walk):
    do(cancel, reference="O1", lines=[NewLine("A", 1)])


def cancels_the_order(walk):
    do(cancel, reference="O1")


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [
        (ships, "Order O1 is shipped. Put A Product A back, not into tote 1, and go on."),
        (cancels_the_line, "A of order O1 was cancelled. Put A Product A back, not into tote 1, and go on."),
        (cancels_the_order, "Order O1 was cancelled. Take nothing more for tote 1, and put back what is in "
                            "it."),
    ],
)  # fmt: skip
def test_goods_for_a_line_that_was_taken_off_go_into_no_other_tote(two, meanwhile, words):
    meanwhile(two)
    packed = in_bin("A", "PACKING")
    assert two.scan() == ("refused", words)
    assert in_bin("A", "PACKING") == packed
    two.page = two.client.get(two.task).context["line"]
    tone, words = two.scan()
    assert (tone, words.startswith("1 of A into tote 2.")) == ("ok", True)


def test_a_promise_that_a_count_took_away_is_said():
    shelve({("A", "A-01-01"): 2, ("B", "A-01-01"): 5})
    walk = Walk({"O2": {"A": 1, "B": 1}, "O1": {"A": 1}})
    walk.page = PickLine.objects.get(order_line__order__reference="O1")
    do(count, reference="C", lines=[CountLine("A", "MAIN", 1, "A-01-01")])
    assert walk.scan() == (
        "refused",
        "A is no longer promised to order O1 from here. Put A Product A back, not into tote 2, and go on.",
    )
    assert walk.picked() == [0, 0, 0]


def test_a_scanner_that_fires_twice_fills_no_other_tote(two):
    assert two.scan() == ("ok", "1 of A into tote 1. Line done.")
    tone, words = two.scan()
    assert (tone, in_bin("A", "PACKING")) == ("refused", 1)
    assert words == (
        "Tote 1 has all that it needs of A Product A; nothing was booked. If this is the one for tote 2, "
        "scan it again; else put it back."
    )
    two.page = two.client.get(two.task).context["line"]
    assert two.scan() == ("ok", "1 of A into tote 2. Line done.")


def test_other_goods_of_the_bin_are_not_booked_into_a_tote_that_was_not_shown():
    shelve({("A", "A-01-01"): 5, ("B", "A-01-01"): 5})
    walk = Walk({"O1": {"A": 1}, "O2": {"B": 1}})
    walk.scan()
    assert walk.scan("B") == (
        "refused",
        "This was scanned for tote 1, and tote 2 is next, with 1 of B. Nothing was booked; look at the page "
        "and scan again.",
    )
    assert walk.picked() == [1, 0]


def test_a_line_in_another_bin_does_not_hide_that_this_one_is_off():
    shelve({("A", "A-01-01"): 5, ("B", "B-02-01"): 5})
    walk = Walk({"O1": {"A": 1, "B": 1}})
    do(cancel, reference="O1", lines=[NewLine("A", 1)])
    for code in ("A", "A-01-01"):
        assert walk.scan(code) == (
            "refused",
            "A of order O1 was cancelled. Put A Product A back, not into tote 1, and go on.",
        )
    assert walk.scan("B-02-01")[0] == "ok"


def test_what_was_kept_without_a_network_does_right_and_a_scan_too_many_is_said():
    shelve({("A", "A-01-01"): 5, ("B", "B-02-01"): 5})
    walk = Walk({"O1": {"A": 2, "B": 2}}, at=None)
    kept = ["A-01-01", "A", "A", "A", "B-02-01", "B", "B"]
    answers = [walk.scan(code) for code in kept]
    assert [tone for tone, _ in answers] == ["ok"] * 3 + ["refused"] + ["ok"] * 3
    assert answers[3][1] == (
        "Nothing more of A Product A is needed here for tote 1. Put it back and go on."
    )
    assert walk.picked() == [2, 2]


def test_the_last_line_scanned_twice_is_more_than_needed_and_not_a_mere_note():
    shelve({("A", "A-01-01"): 5})
    walk = Walk({"O1": {"A": 1}})
    assert walk.scan()[0] == "ok"
    answer = act(walk.client, walk.task, code="A", line=walk.page.id)
    assert said(answer)[0] == "refused"
    assert said(answer)[1].startswith("Nothing more of A Product A is needed here")
    assert answer.context["said"].next == walk.finish
    assert said(act(walk.client, walk.task, code="A")) == (
        "refused", f"{walk.reference} is picked; nothing was booked.",
    )  # fmt: skip


def test_a_line_that_was_undone_elsewhere_is_not_filled_from_the_page_of_another(two):
    two.scan()
    two.page = two.client.get(two.task).context["line"]
    do(picking.undo, pick_list=two.reference, user_id=get_user_model().objects.get().pk)
    assert two.scan()[1].startswith("This was scanned for tote 2, and tote 1 is next, with 1 of A.")
    assert in_bin("A", "PACKING") == 0


@pytest.fixture
def cancelled():
    """The only order of a list, cancelled with one of its two units in the tote."""
    shelve({("A", "A-01-01"): 5})
    walk = Walk({"O1": {"A": 2}})
    walk.scan()
    do(cancel, reference="O1")
    assert PickList.objects.get().status == "done"
    return walk


def test_a_list_whose_order_was_cancelled_says_so_and_leads_to_what_is_put_back(cancelled):
    walk = cancelled
    for sent, words in (
        ({"code": "A", "line": walk.page.id},
         "Order O1 was cancelled. Take nothing more for tote 1, and put back what is in it."),
        ({"code": "A"}, CANCELLED), ({"do": "undo"}, CANCELLED),
    ):  # fmt: skip
        answer = act(walk.client, walk.task, **sent)
        assert said(answer) == ("refused", words)
        assert answer.context["said"].next == walk.finish
    problem = walk.task.replace("task", f"problem/{walk.page.id}")
    answer = act(walk.client, problem, do="report", problem="short", found=0)
    assert said(answer) == ("refused", CANCELLED)


def test_the_finish_page_names_what_is_to_be_put_back_until_it_is(cancelled):
    client, finish = cancelled.client, cancelled.finish
    page = client.get(finish)
    assert [(x.sku, x.units) for x in page.context["loose"]] == [("A", 1)]
    words = page.content.decode()
    assert "Put back what was cancelled" in words
    assert 'href="/floor/put-away/"' in words
    assert "All done" not in words
    act(client, "/floor/put-away/", code="A")
    keep = {"sku": "A", "from": "PACKING", "quantity": 1, "step": step(client)}
    assert said(act(client, "/floor/put-away/", code="A-01-01", **keep))[0] == "ok"
    words = client.get(finish).content.decode()
    assert "Put back what was cancelled" not in words
    assert "Nothing of it is left here" in words
    assert "Everything has left" not in words
