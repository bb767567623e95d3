"""What a person reads on the floor can all be said in another language."""

import pytest
from django.contrib.auth import get_user_model

from orders.models import PickLine
from orders.pages.urls import urlpatterns
from tests.browser.every_page import NO_PAGES, STATES, furnish_all
from tests.browser.picking import GOODS
from tests.emptying import empty
from tests.marked import all_marked, said, unmarked
from tests.orders.pages import act, signed_in
from tests.site.every_address import no_trace

FLOOR = [one.name for one in urlpatterns if one.name not in NO_PAGES]
NAMES = {name for name, *_ in GOODS.values()} | {
    "Holdfast", "Main", "East", "Acme", "boss", "picker", "kim", "lee", "tester", "DHL",
}  # fmt: skip


@pytest.fixture(scope="module")
def floor(django_db_setup, django_db_blocker):
    """A house with everything in it, and its manager with a list in hand."""
    with django_db_blocker.unblock():
        told = furnish_all()
        boss = signed_in(get_user_model().objects.get(username="boss"))
        boss.post("/floor/warehouse/", {"warehouse": "MAIN"})
        act(boss, f"/floor/pick/{told['walked']}/", do="claim")
        first = PickLine.objects.filter(pick_list__reference=told["walked"]).first()
        yield boss, told | {"line": first.pk, "bin": first.bin.code}
        empty()


@pytest.mark.parametrize("name", FLOOR)
def test_every_word_of_a_floor_page_can_be_translated(floor, name):
    boss, told = floor
    for path, *before in STATES[name]:
        path = path.format(**told)
        with no_trace(), all_marked():
            for sent in before:
                answer = act(boss, path, **{k: str(v).format(**told) for k, v in sent.items()})
                assert unmarked(said(answer.content.decode()), names=NAMES) == [], (path, sent)
            answer = boss.get(path)
        assert unmarked(said(answer.content.decode()), names=NAMES) == [], path
