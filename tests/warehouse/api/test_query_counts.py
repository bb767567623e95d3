"""How many statements each address sends: a pinned number, whatever is asked for at once."""

import pytest
from redis import Redis

from notifications.models import OutboxEvent
from tests.warehouse.statements import sent_by, shelves, skus
from warehouse.api.quota import forget_counts

pytestmark = pytest.mark.django_db

LINES = pytest.mark.parametrize("n", [1, 3, 100])


@pytest.fixture
def known(shop, monkeypatch):
    """A shop at work: its key has been looked up and its open reservations counted, neither of which is
    done again, and the cache's generation is not asked for again."""
    monkeypatch.setattr("warehouse.level_cache.GENERATION_SECONDS", 3600)
    monkeypatch.setattr("inventory_site.core.auth.KNOWN_SECONDS", 3600)
    monkeypatch.setattr("warehouse.api.quota.COUNTED_SECONDS", 3600)
    shop.post("/reservations", {"reference": "O", "lines": [{"sku": "NONE", "quantity": 1}]})
    return shop


@pytest.fixture
def ended(django_capture_on_commit_callbacks):
    """Around what is read first: it is kept as if the test's own transaction had ended."""
    return django_capture_on_commit_callbacks


def test_open_reservations_are_counted_once_in_a_while(known):
    shelves(3)
    orders = [{"reference": sku, "lines": [{"sku": sku, "quantity": 1}]} for sku in skus(3)]
    assert len(sent_by(known.post, "/reservations", orders[0])) == 4
    forget_counts()
    counted_claimed_locked_written_saved = 5
    sent = sent_by(known.post, "/reservations", orders[1])
    assert len(sent) == counted_claimed_locked_written_saved
    assert "count(*)" in sent[0]
    assert len(sent_by(known.post, "/reservations", orders[2])) == 4


def test_a_key_is_looked_up_once(shop):
    found_noted_answered = sent_by(shop.get, "/warehouses")
    assert [sql.split()[0] for sql in found_noted_answered] == [
        "SELECT",
        "LOCK",
        "UPDATE",
        "SELECT",
    ]
    assert len(sent_by(shop.get, "/warehouses")) == 1


def test_a_product_from_the_cache_sends_none(known, ended):
    shelves(3)
    with ended(execute=True):
        known.get("/stock/S001")
    assert sent_by(known.get, "/stock/S001") == []


def test_what_did_not_change_reads_the_cache_once_and_no_level(known, ended, monkeypatch):
    shelves(3)
    asked = "/stock?sku=S000&sku=S001&sku=S002"
    with ended(execute=True):
        tag = known.get(asked)["ETag"]
    monkeypatch.setattr("warehouse.level_cache.read_products", None)
    scripts = []
    monkeypatch.setattr(
        "redis.Redis.eval", lambda *given, _eval=Redis.eval: scripts.append(1) or _eval(*given)
    )
    answers = []
    assert sent_by(lambda: answers.append(known.get(asked, **{"If-None-Match": tag}))) == []
    assert (answers[0].status_code, len(scripts)) == (304, 1)


def test_a_product_that_is_not_in_the_cache_sends_one(known):
    shelves(3)
    known.get("/stock/S000")  # has read the cache's generation
    assert len(sent_by(known.get, "/stock/S001")) == 1


@LINES
def test_many_products(known, ended, n):
    shelves(n + 1)
    known.get(f"/stock/{skus(n + 1)[-1]}")
    asked = "/stock?" + "&".join(f"sku={sku}" for sku in skus(n))
    with ended(execute=True):
        assert len(sent_by(known.get, asked)) == 1
    assert sent_by(known.get, asked) == []


@LINES
@pytest.mark.parametrize(
    "path", ["/stock", "/movements", "/changes", "/products", "/bins", "/warehouses"]
)
def test_pages(known, path, n):
    shelves(n)
    OutboxEvent.objects.update(position=1)  # as if the transaction of this test had ended
    answers = []
    assert len(sent_by(lambda: answers.append(known.get(f"{path}?limit=200")))) == 1
    assert len(next(iter(answers[0].json().values()))) >= 1


@LINES
def test_reserve(known, n):
    shelves(n)
    body = {"reference": "O", "lines": [{"sku": sku, "quantity": 1} for sku in skus(n)]}
    claimed_locked_written_saved = 4
    assert len(sent_by(known.post, "/reservations", body)) == claimed_locked_written_saved


@LINES
def test_reserve_in_batches(known, n):
    shelves(n)
    orders = [{"reference": f"O-{sku}", "lines": [{"sku": sku, "quantity": 1}]} for sku in skus(n)]
    sent = sent_by(known.post, "/reservations/batch", {"reservations": orders})
    assert len(sent) == (4 if n == 1 else 5)


@LINES
def test_ship(known, n):
    shelves(n)
    body = {"reference": "O", "lines": [{"sku": sku, "quantity": 1} for sku in skus(n)]}
    known.post("/reservations", body)
    assert len(sent_by(known.post, "/reservations/O/ship")) == 7
    assert len(sent_by(known.get, "/reservations/O")) == 2


@LINES
def test_receive(known, n):
    shelves(n)
    lines = [{"sku": sku, "warehouse": "MAIN", "bin": "A-01-01", "quantity": 1} for sku in skus(n)]
    assert len(sent_by(known.post, "/receipts", {"reference": "PO", "lines": lines})) == 9


def test_an_answer_given_again(known):
    shelves(1)
    body = {"reference": "O", "lines": [{"sku": "S000", "quantity": 1}]}
    known.post("/reservations", body, key="K")
    assert len(sent_by(known.post, "/reservations", body, key="K")) == 2
