"""What a manager means by a set of items: low, out of stock, not counted for long.

The lists of the back office, its dashboard and its links take the same sets, so that a number and the list
behind it agree.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

AVAILABLE = F("on_hand") - F("unsellable") - F("reserved")


class InventoryItemQuerySet(models.QuerySet[Any]):
    """Sets of items. They cost one read of the narrow table: no index has its counters."""

    def low(self) -> "InventoryItemQuerySet":
        """At or under the reorder point with what is on the way."""
        return self.filter(
            product__active=True,
            reorder_point__gt=0,
            reorder_point__gte=AVAILABLE + F("inbound"),
        )

    def out_of_stock(self) -> "InventoryItemQuerySet":
        """Nothing to sell though it was here once: all promised, or kept as safety stock."""
        from warehouse.models.ledger import StockMovement

        ever = Exists(StockMovement.objects.filter(item=OuterRef("pk")))
        return self.filter(ever, product__active=True, safety_stock__gte=AVAILABLE)

    def not_watched(self) -> "InventoryItemQuerySet":
        """Sold, but without a reorder point: nobody is told when it runs low."""
        return self.filter(product__active=True, reorder_point=0)

    def not_counted_since(self, *, days: int, now: datetime) -> "InventoryItemQuerySet":
        """On hand, and not counted for so many days."""
        before = now - timedelta(days=days)
        return self.filter(Q(last_counted_at=None) | Q(last_counted_at__lt=before), on_hand__gt=0)
