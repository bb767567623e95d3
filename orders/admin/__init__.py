"""The back office of orders. Documents are shown, never edited: they change by services."""

from orders.admin import (
    counts,
    labels,
    ordering_chosen,
    picking,
    purchasing,
    returns,
    sales,
    transfers,
)

__all__ = [
    "counts",
    "labels",
    "ordering_chosen",
    "picking",
    "purchasing",
    "returns",
    "sales",
    "transfers",
]
