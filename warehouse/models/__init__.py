"""The stock engine's tables. Words and invariants: docs/glossary.md."""

from warehouse.models.catalog import Barcode, Product, Supplier
from warehouse.models.counts import CycleCount
from warehouse.models.ledger import MovementType, StockMovement
from warehouse.models.locations import Bin, BinKind, Warehouse
from warehouse.models.reservations import (
    LostDemand,
    Reservation,
    ReservationLine,
    ReservationStatus,
)
from warehouse.models.stock import (
    BinStock,
    CacheGeneration,
    InboundKind,
    InboundLine,
    InventoryItem,
    ReorderSuggestion,
)

__all__ = [
    "Barcode",
    "Bin",
    "BinKind",
    "BinStock",
    "CacheGeneration",
    "CycleCount",
    "InboundKind",
    "InboundLine",
    "InventoryItem",
    "LostDemand",
    "MovementType",
    "Product",
    "ReorderSuggestion",
    "Reservation",
    "ReservationLine",
    "ReservationStatus",
    "StockMovement",
    "Supplier",
    "Warehouse",
]
