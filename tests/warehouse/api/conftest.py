"""A shop that calls the API."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from inventory_site.core import auth
from inventory_site.core.models import ApiKey
from warehouse.api.quota import forget_counts


class Shop:
    """A client with a key. Each POST gets an Idempotency-Key of its own unless one is given."""

    def __init__(self, client: Client, secret: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Api-Key {secret}"}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers | headers)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        told = self.headers | {"Idempotency-Key": key or uuid.uuid4().hex} | headers
        return self.client.post(
            f"/api/v1{path}",
            data=body
            if isinstance(body, str | bytes)
            else json.dumps({} if body is None else body),
            content_type=headers.get("Content-Type", "application/json"),
            headers=told,
        )


@pytest.fixture(autouse=True)
def _fresh_keys(valkey):
    auth.forget_known()
    forget_counts()


@pytest.fixture
def new_shop(client):
    """Makes shops: all scopes and warehouses unless told otherwise."""

    def make(
        *,
        name: str = "shop",
        scopes: Any = tuple(auth.SCOPES),
        warehouses: Any = (),
        **fields: Any,
    ) -> Shop:
        _, secret = ApiKey.objects.create_key(
            name=name, scopes=list(scopes), warehouses=list(warehouses), **fields
        )
        return Shop(client, secret)

    return make


@pytest.fixture
def shop(db, new_shop):
    return new_shop()
