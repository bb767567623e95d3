"""What is done around a request: all of it for pages, little for the API."""

import pytest

from inventory_site.middleware import SECONDS

pytestmark = pytest.mark.django_db

PAGE_ONLY = {"Content-Security-Policy"}
EVERYBODY = {"X-Content-Type-Options", "X-Frame-Options", "Content-Length"}


def test_the_api_goes_past_what_pages_need(client):
    for path in ("/api/v1/stock/A", "/api/v1/nowhere"):
        assert client.get(path).headers.keys() >= EVERYBODY
    assert not PAGE_ONLY & client.get("/api/v1/stock/A").headers.keys()
    for page in ("/api/docs/", "/admin/login/", "/"):
        assert client.get(page).headers.keys() >= EVERYBODY | PAGE_ONLY


def test_someone_signed_in_to_the_pages_is_nobody_to_the_api(admin_client):
    assert admin_client.get("/admin/").status_code == 200
    answer = admin_client.get("/api/v1/stock/A")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_every_request_is_counted_under_the_name_of_its_address(client):
    def counted(*labels):
        samples = next(iter(SECONDS.labels(*labels).collect())).samples
        return next(sample.value for sample in samples if sample.name.endswith("_count"))

    asked = (
        ("warehouse.api.stock.Stock", "GET", 401),
        ("unnamed", "other", 404),
        ("home", "GET", 200),
    )
    before = [counted(*labels) for labels in asked]
    client.get("/api/v1/stock/A")
    client.generic("BREW", "/coffee")
    client.get("/")
    assert [counted(*labels) for labels in asked] == [number + 1 for number in before]
