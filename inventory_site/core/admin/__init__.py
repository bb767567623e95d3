"""People, API keys and the history of settings in the back office."""

from inventory_site.core.admin import history, keys, people

__all__ = ["history", "keys", "people"]
