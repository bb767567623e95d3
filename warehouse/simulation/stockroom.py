"""An account of the replay kept beside the engine: were more units taken than ever were there?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from warehouse.lines import Level

Place = tuple[str, str]  # SKU, warehouse


@dataclass
class Stockroom:
    """Units per SKU and warehouse by the documents alone. Taking what is not there is an oversell."""

    units: dict[Place, int] = field(default_factory=dict)
    oversold: int = 0

    def put(self, sku: str, warehouse: str, units: int) -> None:
        place = (sku, warehouse)
        self.units[place] = self.units.get(place, 0) + units

    def take(self, sku: str, warehouse: str, units: int) -> None:
        place = (sku, warehouse)
        left = self.units.get(place, 0) - units
        if left < 0:
            self.oversold += min(units, -left)
        self.units[place] = left

    def there(self, sku: str, warehouse: str) -> int:
        return self.units.get((sku, warehouse), 0)

    def disagreements(self, levels: Iterable[Level]) -> int:
        """How many of the engine's levels are otherwise than this account."""
        return sum(level.on_hand != self.there(level.sku, level.warehouse) for level in levels)
