"""Who may do what: every address against every scope, and keys that are wrong in each way."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from inventory_site.core import auth
from inventory_site.core.models import ApiKey
from inventory_site.documentation import schema_text
from tests.factories import warehouse

pytestmark = pytest.mark.django_db

NEEDED = {
    ("get", "/api/v1/stock"): "stock:read",
    ("get", "/api/v1/stock/{sku}"): "stock:read",
    ("get", "/api/v1/changes"): "stock:read",
    ("get", "/api/v1/movements"): "stock:read",
    ("get", "/api/v1/products"): "stock:read",
    ("get", "/api/v1/warehouses"): "stock:read",
    ("get", "/api/v1/bins"): "stock:read",
    ("post", "/api/v1/reservations"): "reservations:write",
    ("post", "/api/v1/reservations/batch"): "reservations:write",
    ("get", "/api/v1/reservations/{reference}"): "reservations:write",
    ("post", "/api/v1/reservations/{reference}/extend"): "reservations:write",
    ("post", "/api/v1/reservations/{reference}/release"): "reservations:write",
    ("post", "/api/v1/reservations/{reference}/ship"): "reservations:write",
    ("post", "/api/v1/receipts"): "receiving:write",
    ("post", "/api/v1/returns"): "receiving:write",
    ("post", "/api/v1/transfers"): "stock:write",
    ("post", "/api/v1/transfers/{reference}/cancel"): "stock:write",
    ("post", "/api/v1/adjustments"): "stock:write",
    ("post", "/api/v1/damages"): "stock:write",
    ("post", "/api/v1/counts"): "stock:write",
    ("get", "/api/v1/orders"): "orders:read",
    ("post", "/api/v1/orders"): "orders:write",
    ("post", "/api/v1/orders/batch"): "orders:write",
    ("get", "/api/v1/orders/{reference}"): "orders:read",
    ("post", "/api/v1/orders/{reference}/cancel"): "orders:write",
    ("post", "/api/v1/orders/{reference}/confirm"): "orders:write",
    ("post", "/api/v1/orders/{reference}/ship"): "orders:write",
    ("post", "/api/v1/orders/{reference}/close"): "orders:write",
    ("get", "/api/v1/shipments"): "orders:read",
    ("get", "/api/v1/shipments/{reference}"): "orders:read",
    ("get", "/api/v1/shipments/{reference}/packing-slip"): "orders:read",
    ("get", "/api/v1/count-tasks"): "stock:read",
    ("post", "/api/v1/count-tasks"): "stock:write",
    ("get", "/api/v1/purchase-orders"): "orders:read",
    ("post", "/api/v1/purchase-orders"): "receiving:write",
    ("post", "/api/v1/purchase-orders/from-suggestions"): "receiving:write",
    ("get", "/api/v1/purchase-orders/{reference}"): "orders:read",
    ("post", "/api/v1/purchase-orders/{reference}/lines"): "receiving:write",
    ("post", "/api/v1/purchase-orders/{reference}/send"): "receiving:write",
    ("post", "/api/v1/purchase-orders/{reference}/receive"): "receiving:write",
    ("post", "/api/v1/purchase-orders/{reference}/close"): "receiving:write",
    ("post", "/api/v1/purchase-orders/{reference}/cancel"): "receiving:write",
    ("get", "/api/v1/return-orders"): "orders:read",
    ("post", "/api/v1/return-orders"): "receiving:write",
    ("get", "/api/v1/return-orders/{reference}"): "orders:read",
    ("post", "/api/v1/return-orders/{reference}/receive"): "receiving:write",
    ("post", "/api/v1/return-orders/{reference}/grade"): "receiving:write",
    ("post", "/api/v1/return-orders/{reference}/cancel"): "receiving:write",
    ("get", "/api/v1/transfer-orders"): "orders:read",
    ("post", "/api/v1/transfer-orders"): "stock:write",
    ("get", "/api/v1/transfer-orders/{reference}"): "orders:read",
    ("post", "/api/v1/transfer-orders/{reference}/dispatch"): "stock:write",
    ("post", "/api/v1/transfer-orders/{reference}/receive"): "receiving:write",
    ("post", "/api/v1/transfer-orders/{reference}/cancel"): "stock:write",
    ("get", "/api/v1/webhooks"): "webhooks:write",
    ("post", "/api/v1/webhooks"): "webhooks:write",
    ("get", "/api/v1/webhooks/{number}"): "webhooks:write",
    ("get", "/api/v1/webhooks/{number}/deliveries"): "webhooks:write",
    **{
        ("post", f"/api/v1/webhooks/{{number}}/{act}"): "webhooks:write"
        for act in ("change", "enable", "disable", "rotate", "test", "replay")
    },
}


def test_the_matrix_knows_every_address():
    paths = json.loads(schema_text())["paths"]
    assert {(method, path) for path in paths for method in paths[path]} == set(NEEDED)


@pytest.mark.parametrize(("method", "path"), NEEDED)
def test_an_address_needs_its_scope_and_no_other(new_shop, method, path):
    address = path.removeprefix("/api/v1").format(sku="A", reference="R", number=7)
    needed = NEEDED[method, path]
    others = new_shop(scopes=[scope for scope in auth.SCOPES if scope != needed])
    refused = getattr(others, method)(address)
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert needed in refused.json()["detail"]
    allowed = getattr(new_shop(scopes=[needed]), method)(address)
    assert allowed.status_code not in (401, 403)


def test_keys_that_are_no_good_are_401(client, new_shop):
    good = new_shop().headers["Authorization"]
    expired = new_shop(expiry_date=timezone.now() - timedelta(days=1)).headers["Authorization"]
    revoked = new_shop(revoked=True).headers["Authorization"]
    forged = good[:-3] + "xyz"
    for header in (
        "",
        "Api-Key",
        "Basic abc",
        "Api-Key nothing",
        "Api-Key a.b\x00",
        expired,
        revoked,
        forged,
    ):
        answer = client.get("/api/v1/stock", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated"), header
        assert answer["WWW-Authenticate"] == "Api-Key"
    assert client.get("/api/v1/stock", headers={"Authorization": good}).status_code == 200


def test_a_key_is_stored_as_a_hash_and_its_use_is_noted(new_shop):
    shop = new_shop()
    secret = shop.headers["Authorization"].removeprefix("Api-Key ")
    key = ApiKey.objects.get()
    assert secret not in (key.id, key.hashed_key)
    assert key.last_used_at is None
    shop.get("/stock")
    key.refresh_from_db()
    assert key.last_used_at is not None


def test_create_api_key_prints_the_key_once(client):
    warehouse("EAST")
    out = StringIO()
    call_command(
        "create_api_key",
        "--name",
        "shop",
        "--scopes",
        "stock:read",
        "--warehouses",
        "east",
        stdout=out,
    )
    headers = {"Authorization": f"Api-Key {out.getvalue().strip()}"}
    assert client.get("/api/v1/stock", headers=headers).status_code == 200
    assert ApiKey.objects.get().warehouses == ["EAST"]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--scopes", "stock:steal"], "stock:steal"),
        (["--scopes", ""], "--scopes"),
        (["--scopes", "stock:read", "--warehouses", "MOON"], "MOON"),
        (["--scopes", "stock:read", "--warehouses", ""], "--warehouses"),
        (["--scopes", "stock:read", "--warehouses", " , "], "--warehouses"),
        (["--scopes", "stock:read", "--name", "a\tb"], "name"),
        (["--scopes", "stock:read", "--name", "shop\u202e"], "name"),
        (["--scopes", "stock:read", "--name", " "], "name"),
        (["--scopes", "stock:read", "--expires-days", "0"], "--expires-days"),
    ],
)
def test_create_api_key_names_what_is_wrong(options, named):
    with pytest.raises(CommandError, match=named):
        call_command("create_api_key", "--name", "shop", *options)
    assert not ApiKey.objects.exists()


def test_create_api_key_makes_no_second_key_of_a_name_unless_told_to():
    words = ("create_api_key", "--name", "shop", "--scopes", "stock:read")
    call_command(*words, stdout=StringIO())
    with pytest.raises(CommandError, match="a working key named shop"):
        call_command(*words)
    assert ApiKey.objects.count() == 1
    call_command(*words, "--beside-others", stdout=StringIO())
    assert ApiKey.objects.count() == 2
