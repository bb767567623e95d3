"""Count tasks at the API."""

import pytest

from tests.factories import stock
from tests.orders.counted import hand_in, task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def goods():
    stock({("A", "MAIN"): 5, ("A", "EAST"): 5}, bin="A-01-01")


def test_opened_once_and_counted_on_the_floor(shop):
    body = {"places": [{"warehouse": "MAIN", "bin": "A-01-01"}, {"warehouse": "EAST", "sku": "A"}]}
    opened = shop.post("/count-tasks", body)
    assert opened.status_code == 201
    references = opened.json()["references"]
    assert shop.post("/count-tasks", body).json()["references"] == references
    hand_in(references[0], A=5)
    page = shop.get("/count-tasks?status=done&warehouse=MAIN").json()
    (done,) = page["count_tasks"]
    assert (done["reference"], done["sku"], done["claimed_by"]) == (references[0], None, "kim")
    assert "expected" not in str(page)
    first = shop.get("/count-tasks?limit=1").json()
    rest = shop.get(f"/count-tasks?limit=5&cursor={first['next']}").json()
    assert [x["reference"] for x in rest["count_tasks"]] == references[1:]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"places": []}, 422, "invalid_request"),
        ({"places": [{"warehouse": "MAIN"}]}, 422, "invalid_lines"),
        ({"places": [{"warehouse": "NO", "bin": "A-01-01"}]}, 422, "unknown_warehouse"),
        ({"places": [{"warehouse": "MAIN", "bin": "NO"}]}, 422, "unknown_bin"),
        ({"places": [{"warehouse": "MAIN", "sku": "NO"}]}, 422, "unknown_sku"),
        ({"places": [{"warehouse": "MAIN", "bin": "MISSING"}]}, 422, "nothing_to_count"),
        ({"places": [{"warehouse": "MAIN", "bin": "A-01-01"}], "due_at": "soon"}, 422, "invalid_request"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted(shop, body, status, code):
    refused = shop.post("/count-tasks", body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_key_of_one_warehouse_sees_and_opens_its_own(shop, new_shop):
    for code in ("MAIN", "EAST"):
        shop.post("/count-tasks", {"places": [{"warehouse": code, "bin": "A-01-01"}]})
    east = new_shop(warehouses=["EAST"])
    seen = east.get("/count-tasks").json()["count_tasks"]
    assert [x["warehouse"] for x in seen] == ["EAST"]
    assert east.get("/count-tasks?warehouse=MAIN").status_code == 403
    foreign = {"places": [{"warehouse": "MAIN", "bin": "A-01-01"}]}
    assert east.post("/count-tasks", foreign).json()["code"] == "warehouse_not_allowed"
    assert task(seen[0]["reference"]).actor == "api:shop"


def test_scopes_and_parameters(shop, new_shop):
    reader = new_shop(scopes=["stock:read"])
    body = {"places": [{"warehouse": "MAIN", "bin": "A-01-01"}]}
    assert reader.post("/count-tasks", body).json()["code"] == "missing_scope"
    assert reader.get("/count-tasks").status_code == 200
    assert new_shop(scopes=["stock:write"]).get("/count-tasks").status_code == 403
    assert shop.get("/count-tasks?status=lost").json()["code"] == "invalid_query"
    assert shop.get("/count-tasks?cursor=x").json()["code"] == "invalid_cursor"
