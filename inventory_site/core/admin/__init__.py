"""People, API keys and the history of settings in the back office."""

from inventory_site.core.admin import history, keys, people
from inventory_site.core.reporting import admin as schedules

__all__ = ["history", "keys", "people", "schedules"]
