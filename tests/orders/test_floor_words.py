"""What the floor's scripts say comes with each page, in its language."""

import json
import re

import pytest

from orders.templatetags.floor_words import NUMBERS, words
from tests.marked import OPEN, SHUT, all_marked

ELEMENT = re.compile(r'<script id="words" type="application/json">(.*?)</script>', re.DOTALL)


def test_every_sentence_is_translated():
    with all_marked():
        told = words()
    assert told["online"] == "⟦Online⟧"
    bare = [x for x in told.values() if not x.startswith(OPEN) or not x.endswith(SHUT)]
    assert bare == []


def test_what_is_counted_comes_in_a_form_for_each_sort_of_number(monkeypatch):
    def three_forms(one, many, n):
        return f"{1 if n == 1 else 2 if n in (2, 3) else 5}: {many}"

    monkeypatch.setattr("django.utils.translation._trans.ngettext", three_forms)
    forms = words()["offline"]
    assert list(forms) == list(NUMBERS)
    assert [forms[n].split(":")[0] for n in (0, 1, 2, 3, 5)] == ["5", "1", "2", "2", "5"]


@pytest.mark.django_db
def test_a_page_brings_them_as_data_and_markup_in_them_stays_text(client):
    with all_marked("</script><b>", "</b>"):
        page = client.get("/floor/sign-in/").content.decode()
    brought = json.loads(ELEMENT.search(page)[1])
    assert brought["online"] == "</script><b>Online</b>"
    assert brought.keys() == words().keys()
