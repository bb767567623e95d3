"""The stock engine's tables. Words and invariants: docs/glossary.md."""

from warehouse.models.catalog import Barcode, Product, Supplier
from warehouse.models.clearing import Clearance, ClearanceState, ClearanceWay
from warehouse.models.counts import CycleCount
from warehouse.models.imports import ImportFile, ImportKind, ImportMapping, ImportRun, ImportStatus
from warehouse.models.ledger import MovementType, ProofRun, StockMovement
from warehouse.models.locations import Bin, BinKind, Warehouse
from warehouse.models.reordering import Decision, ItemClass, ReorderAdvice
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
    "Clearance",
    "ClearanceState",
    "ClearanceWay",
    "CycleCount",
    "Decision",
    "ImportFile",
    "ImportKind",
    "ImportMapping",
    "ImportRun",
    "ImportStatus",
    "InboundKind",
    "InboundLine",
    "InventoryItem",
    "ItemClass",
    "LostDemand",
    "MovementType",
    "Product",
    "ProofRun",
    "ReorderAdvice",
    "ReorderSuggestion",
    "Reservation",
    "ReservationLine",
    "ReservationStatus",
    "StockMovement",
    "Supplier",
    "Warehouse",
]
