"""A POST that is sent again is carried out once and answered in the same words."""

import pytest

from inventory_site.core.models import IdempotencyKey
from inventory_site.core.tasks import forget_idempotency_keys
from tests.factories import counters, do, stock
from warehouse.lines import PlacedLine
from warehouse.services.movements import receive

pytestmark = pytest.mark.django_db

ORDER = {"reference": "R", "lines": [{"sku": "A", "quantity": 2}]}
RECEIPT = {"reference": "P", "lines": [{"sku": "A", "warehouse": "MAIN", "quantity": 3}]}


@pytest.mark.parametrize(("path", "body"), [("/reservations", ORDER), ("/receipts", RECEIPT)])
def test_the_same_key_and_body_is_answered_again_and_done_once(shop, path, body):
    stock({("A", "MAIN"): 5})
    first = shop.post(path, body, key="k")
    again = shop.post(path, body, key="k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first
    assert counters("A") in ((5, 2, 0, 0), (8, 0, 0, 0))


@pytest.mark.parametrize(("path", "body"), [("/reservations", ORDER), ("/receipts", RECEIPT)])
def test_the_same_key_for_something_else_is_422(shop, path, body):
    stock({("A", "MAIN"): 5})
    shop.post(path, body, key="k")
    for other in (
        shop.post(path, body | {"reference": "other"}, key="k"),
        shop.post("/damages", {"reference": "D"}, key="k"),
    ):
        assert other.status_code == 422
    assert shop.post(path, body | {"reference": "o"}, key="k").json()["code"] == (
        "idempotency_key_reused"
    )


@pytest.mark.parametrize("key", ["", "   ", "x" * 256, "caf\u00e9"])
def test_without_a_usable_key_nothing_is_done(shop, key):
    stock({("A", "MAIN"): 5})
    headers = shop.headers | ({"Idempotency-Key": key} if key else {})
    for path, body in (("/reservations", ORDER), ("/receipts", RECEIPT)):
        answer = shop.client.post(
            f"/api/v1{path}", data=body, content_type="application/json", headers=headers
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")
    assert counters("A") == (5, 0, 0, 0)


def test_keys_belong_to_their_api_key(shop, new_shop):
    stock({("A", "MAIN"): 5})
    shop.post("/receipts", RECEIPT, key="k")
    new_shop().post("/receipts", RECEIPT, key="k")
    assert counters("A")[0] == 11


def test_a_refusal_on_record_is_repeated_and_one_that_left_nothing_is_tried_again(shop):
    stock({("A", "MAIN"): 1})
    short = shop.post("/reservations", ORDER, key="k")
    damage = {"reference": "D", "reason": "x", "lines": [RECEIPT["lines"][0]]}
    refused = shop.post("/damages", damage, key="d")
    assert (short.status_code, refused.status_code) == (409, 409)
    do(receive, reference="MORE", lines=[PlacedLine("A", "MAIN", 9)])
    assert shop.post("/reservations", ORDER, key="k").json() == short.json()
    assert shop.post("/damages", damage, key="d").status_code == 201


def test_answers_are_forgotten_after_two_days(shop):
    stock({("A", "MAIN"): 5})
    shop.post("/receipts", RECEIPT, key="old")
    IdempotencyKey.objects.update(created_at="2020-01-01T00:00:00Z")
    shop.post("/receipts", RECEIPT, key="new")
    assert forget_idempotency_keys() == 1
    assert IdempotencyKey.objects.get().key == "new"
