"""The back office of the stock engine. Stock itself is shown, never edited: it changes by services."""

from warehouse.admin import catalog, clearing, importing, ledger, places, reordering, shelves

__all__ = ["catalog", "clearing", "importing", "ledger", "places", "reordering", "shelves"]
