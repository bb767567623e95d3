"""Documents: what was sold, picked, shipped, bought, sent back, moved and counted."""

from orders.models.counts import CountEntry, CountReason, CountStatus, CountTally, CountTask
from orders.models.picking import (
    PickKind,
    PickLine,
    PickList,
    PickListOrder,
    PickScan,
    PickStatus,
)
from orders.models.purchasing import PurchaseLine, PurchaseOrder, PurchaseStatus
from orders.models.returns import ReturnLine, ReturnOrder, ReturnStatus
from orders.models.sales import OrderLine, OrderStatus, SalesOrder
from orders.models.scans import FloorAction
from orders.models.shipping import Shipment, ShipmentLine
from orders.models.transfers import TransferLine, TransferOrder, TransferStatus

__all__ = [
    "CountEntry",
    "CountReason",
    "CountStatus",
    "CountTally",
    "CountTask",
    "FloorAction",
    "OrderLine",
    "OrderStatus",
    "PickKind",
    "PickLine",
    "PickList",
    "PickListOrder",
    "PickScan",
    "PickStatus",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseStatus",
    "ReturnLine",
    "ReturnOrder",
    "ReturnStatus",
    "SalesOrder",
    "Shipment",
    "ShipmentLine",
    "TransferLine",
    "TransferOrder",
    "TransferStatus",
]
