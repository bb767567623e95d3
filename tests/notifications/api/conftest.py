"""The same shop that calls the stock engine's API."""

from tests.warehouse.api.conftest import _fresh_keys, new_shop, shop

__all__ = ["_fresh_keys", "new_shop", "shop"]
