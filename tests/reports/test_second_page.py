"""A report of more rows than a page has."""

import pytest

from tests.factories import stock
from tests.reports.asked import person


@pytest.mark.django_db
def test_the_second_page_goes_on_where_the_first_ended(client):
    stock({(f"S{n:03d}", "MAIN"): 1 for n in range(60)})
    person(client)
    first, second = (client.get(f"/admin/reports/stock-at-date/?page={n}") for n in (1, 2))
    assert (first.context["total"], first.context["pages"]) == (60, 2)
    assert second.context["rows"][0]["cells"][0]["words"] == "S050"
    assert "page=2" in first.context["after"]
