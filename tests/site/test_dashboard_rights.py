"""Nobody is shown a number whose list they may not open."""

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache

from inventory_site.core.roles import MANAGER, READ_ONLY, RECEIVER
from tests.factories import do, stock
from tests.site.staff import at, person
from warehouse.services.watching import tell_of_drifts

pytestmark = pytest.mark.django_db

AT_THE_DOCK = {"Out of stock", "Under reorder point", "Returns waiting"}
OF_SOME = AT_THE_DOCK | {
    "Orders to pick", "To pick and due today", "Orders that wait for stock", "Oversells prevented",
    "Lines picked an hour, today", "Counts that agreed", "Dead stock",
}  # fmt: skip
OF_ALL = OF_SOME | {"Failed deliveries", "Proof of the books"}


@pytest.fixture(autouse=True)
def _house(db):
    cache.clear()
    for code in ("MAIN", "EAST"):
        stock({("A", code): 3})


def cards(browser):
    return {card.title: card for card in browser.get("/admin/").context["cards"]}


@pytest.mark.parametrize(
    ("role", "within", "shown"),
    [
        (MANAGER, (), OF_ALL), (MANAGER, ("EAST",), OF_SOME),
        (READ_ONLY, (), OF_ALL), (READ_ONLY, ("EAST",), OF_SOME),
        (RECEIVER, (), AT_THE_DOCK), (RECEIVER, ("EAST",), AT_THE_DOCK),
    ],
)  # fmt: skip
def test_each_role_may_open_whatever_it_is_shown(role, within, shown):
    browser = at(person("kim", role, within=within))
    told = cards(browser)
    assert set(told) == shown
    for title, card in told.items():
        assert browser.get(card.link).status_code == 200, title


def test_who_has_single_rights_is_shown_what_they_reach():
    clerk = person("clerk", is_staff=True)
    assert cards(at(clerk)) == {}
    clerk.user_permissions.set(Permission.objects.filter(codename="view_lostdemand"))
    browser = at(clerk)
    (card,) = cards(browser).values()
    assert card.title == "Oversells prevented"
    assert browser.get(card.link).status_code == 200


@pytest.mark.parametrize("role", [MANAGER, READ_ONLY])
def test_the_last_proof_of_the_books_is_told_with_what_it_found(role):
    browser = at(person("kim", role))
    assert cards(browser)["Proof of the books"].words == "not run yet"
    do(tell_of_drifts, drifts=[], took_ms=1500)
    card = cards(browser)["Proof of the books"]
    assert (card.figure, card.bad) == ("clean", False)
    assert card.words.endswith("in 1.5 s")
