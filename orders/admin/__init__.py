"""The back office of orders. Documents are shown, never edited: they change by services."""

from orders.admin import picking, purchasing, returns, transfers

__all__ = ["picking", "purchasing", "returns", "transfers"]
