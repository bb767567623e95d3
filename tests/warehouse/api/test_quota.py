"""How many reservations one client may hold open."""

import pytest

from tests.factories import do, item, stock
from warehouse.lines import ReserveLine
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db


def order(reference, sku="A"):
    return {"reference": reference, "lines": [{"sku": sku, "quantity": 1}]}


@pytest.fixture(autouse=True)
def two_each(settings):
    settings.API_OPEN_RESERVATIONS = 2
    stock({("A", "MAIN"): 50})


def refused(answer):
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_open_reservations")
    assert answer["Retry-After"] == "60"
    return True


def test_one_more_is_refused_until_one_has_ended(shop):
    first = [shop.post("/reservations", order(f"O{n}"), key=f"K{n}") for n in range(2)]
    assert [answer.status_code for answer in first] == [201, 201]
    assert refused(shop.post("/reservations", order("O2"), key="K2"))
    assert item("A").reserved == 2
    again = shop.post("/reservations", order("O0"), key="K0")
    assert (again.content, again["Idempotent-Replay"]) == (first[0].content, "true")
    shop.post("/reservations/O0/ship")
    assert shop.post("/reservations", order("O2"), key="K2").status_code == 201


def test_a_batch_counts_for_all_of_its_orders(shop):
    batch = {"reservations": [order(f"B{n}") for n in range(3)]}
    assert refused(shop.post("/reservations/batch", batch))
    assert shop.post("/reservations/batch", {"reservations": batch["reservations"][:2]}).json()
    assert refused(shop.post("/reservations", order("O")))
    assert item("A").reserved == 2


def test_what_was_refused_does_not_count(shop):
    for n in range(5):
        assert shop.post("/reservations", order(f"O{n}", "NONE")).status_code == 422
    assert shop.post("/reservations", order("O")).status_code == 201


def test_a_client_is_its_keys_name_and_the_house_itself_has_no_limit(new_shop):
    for n in range(3):
        do(reserve, reference=f"HOUSE-{n}", lines=[ReserveLine("A", 1)])
    old, replacement, other = new_shop(), new_shop(), new_shop(name="other")
    assert old.post("/reservations", order("O0")).status_code == 201
    assert replacement.post("/reservations", order("O1")).status_code == 201
    assert refused(old.post("/reservations", order("O2")))
    assert other.post("/reservations", order("O3")).status_code == 201


def test_0_is_no_limit(shop, settings):
    settings.API_OPEN_RESERVATIONS = 0
    assert {shop.post("/reservations", order(f"O{n}")).status_code for n in range(4)} == {201}
