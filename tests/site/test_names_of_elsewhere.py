"""What stands on drawn pages: choices, filters and hints name nobody and nothing that one does not see."""

import re

import pytest

from tests.site.access import MODELS
from tests.site.every_address import let_in, no_trace
from tests.site.staff import at
from tests.site.two_houses import furnish, people

# EAST-1 and EAST-2 are products, which are everybody's.
FOREIGN = re.compile(r".{0,40}(?:EAST(?!-[12]\b)|SOUTH)")


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """Things by warehouse, and browsers by letter."""
    with django_db_blocker.unblock(), no_trace():
        folk = people()
        things = furnish()
        yield things, {letter: at(folk[letter]) for letter in "mR"}


@pytest.mark.parametrize("name", sorted(name for name, row in MODELS.items() if "m" in row.view))
def test_pages_of_a_limited_manager_name_nothing_of_elsewhere(house, name):
    things, browsers = house
    base = f"/admin/{name.replace('_', '/', 1)}/"
    for path in (base, f"{base}add/", f"{base}{things['MAIN'][name].pk}/change/"):
        with no_trace():
            answer = browsers["m"].get(path)
        if let_in(answer) and answer.status_code == 200:
            assert FOREIGN.findall(answer.content.decode()) == [], path


@pytest.mark.parametrize("name", sorted(name for name, row in MODELS.items() if "R" in row.view))
def test_lists_of_a_reader_offer_no_names_of_people_but_those_in_the_rows(house, name):
    _, browsers = house
    page = browsers["R"].get(f"/admin/{name.replace('_', '/', 1)}/").content.decode()
    assert "helper-of" not in page
