"""What customers were sent: against which order goods come back, where the data does not name it."""

from collections import deque
from collections.abc import Iterable, Mapping
from threading import Lock

from orders.queries.shipments import ShipmentView

REMEMBERED = 50  # orders of a SKU, the latest


class SentOut:
    """The latest orders of each SKU that left the house, and how many units of each are still out."""

    def __init__(self) -> None:
        self._latest: dict[str, deque[str]] = {}
        self._out: dict[tuple[str, str], int] = {}
        self._lock = Lock()

    def left(self, parcels: Iterable[ShipmentView]) -> None:
        """These are on their way to the customer."""
        with self._lock:
            for parcel in parcels:
                for line in parcel.lines:
                    self._add(line.sku, parcel.order, line.quantity)

    def back(self, units: Mapping[str, int]) -> dict[str, str]:
        """The order of each SKU that comes back: the latest with so many units out. They are not any more.

        A SKU without such an order is missing: nobody knows where it comes from.
        """
        found: dict[str, str] = {}
        with self._lock:
            for sku, quantity in units.items():
                for order in reversed(self._latest.get(sku, ())):
                    if self._out[sku, order] >= quantity:
                        self._out[sku, order] -= quantity
                        found[sku] = order
                        break
        return found

    def _add(self, sku: str, order: str, units: int) -> None:
        if (sku, order) in self._out:  # another parcel of the same order
            self._out[sku, order] += units
            return
        latest = self._latest.setdefault(sku, deque())
        latest.append(order)
        self._out[sku, order] = units
        if len(latest) > REMEMBERED:
            del self._out[sku, latest.popleft()]
