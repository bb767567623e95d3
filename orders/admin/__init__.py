"""The back office of orders. Documents are shown, never edited: they change by services."""

from orders.admin import purchasing, returns, transfers

__all__ = ["purchasing", "returns", "transfers"]
