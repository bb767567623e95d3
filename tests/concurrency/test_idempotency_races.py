"""The same Idempotency-Key 32 times at once, against gunicorn's two processes: one effect, one answer."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.concurrency.clients import environment
from tests.concurrency.site import Site, gunicorn, new_key
from tests.factories import counters, stock
from warehouse.models import StockMovement
from warehouse.services.proof import verify_ledger

ORDER = {"reference": "R", "lines": [{"sku": "A", "quantity": 3}]}
RECEIPT = {"reference": "P", "lines": [{"sku": "A", "warehouse": "MAIN", "quantity": 3}]}


@pytest.fixture(scope="module")
def port(django_db_setup):
    with gunicorn(environment()) as port:
        yield port


@pytest.fixture
def site(committed_db, valkey, port):
    stock({("A", "MAIN"): 1000})
    return Site(port, new_key())


def at_once(calls):
    with ThreadPoolExecutor(32) as pool:
        return list(pool.map(lambda call: call(), calls))


@pytest.mark.parametrize(
    ("path", "body", "after"),
    [("/reservations", ORDER, (1000, 3, 0, 0)), ("/receipts", RECEIPT, (1003, 0, 0, 0))],
)
def test_one_effect_and_31_answers_from_the_books(site, path, body, after):
    replies = at_once([lambda: site.post(path, body, key="one")] * 32)
    assert Counter(reply.status for reply in replies) == {201: 32}
    assert len({reply.body for reply in replies}) == 1
    assert sum("Idempotent-Replay" in reply.headers for reply in replies) == 31
    assert counters("A") == after
    other = site.post(path, body | {"reference": "other"}, key="one")
    assert (other.status, other.json()["code"]) == (422, "idempotency_key_reused")
    assert verify_ledger() == []


def test_what_is_refused_together_is_refused_again_in_the_same_words(site):
    def short(n):
        order = {"reference": f"S{n // 2}", "lines": [{"sku": "A", "quantity": 2000 + n // 2}]}
        return lambda: site.post("/reservations", order, key=f"s{n // 2}")

    calls = [short(n) for n in range(240)]  # each of them twice, at about the same time
    first, again = at_once(calls), at_once(calls)
    assert {reply.status for reply in first + again} == {409}
    for replies in (first, again):
        assert [one.body for one in replies[::2]] == [one.body for one in replies[1::2]]
    assert [one.body for one in first] == [one.body for one in again]
    assert len({reply.json()["request_id"] for reply in first}) == 120


def test_control_looking_first_is_no_guard(committed_db, valkey):
    """Without the unique index, the same 32 requests have more than one effect: they do meet."""
    stock({("A", "MAIN"): 1000})
    secret = new_key()
    with gunicorn(environment(), "--config", "python:tests.concurrency.looking_first") as port:
        at_once([lambda: Site(port, secret).post("/receipts", RECEIPT, key="one")] * 32)
    effects = StockMovement.objects.filter(reference="P").count()
    assert 1 < effects <= 32
    assert counters("A") == (1000 + 3 * effects, 0, 0, 0)


def test_32_buyers_of_100_units_over_http(site):
    def buy(n):
        order = {"reference": f"B{n}", "lines": [{"sku": "A", "quantity": 10}]}
        return lambda: site.post("/reservations", order)

    replies = at_once([buy(n) for n in range(160)])
    assert Counter(reply.status for reply in replies) == {201: 100, 409: 60}
    assert counters("A") == (1000, 1000, 0, 0)
