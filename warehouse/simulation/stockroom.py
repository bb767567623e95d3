"""An account of the replay kept beside the engine: were more units taken than ever were there?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from warehouse.lines import Held, Moved

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

    def shipped(self, held: Iterable[Held]) -> int:
        """Take what these reservations shipped; how many units that were."""
        units = 0
        for reservation in held:
            for line in reservation.lines:
                self.take(line.sku, line.warehouse, line.shipped)
                units += line.shipped
        return units

    def there(self, sku: str, warehouse: str) -> int:
        return self.units.get((sku, warehouse), 0)

    def disagreements(self, moved: Moved) -> int:
        """How many levels the engine reports otherwise than this account."""
        return sum(
            level.on_hand != self.there(level.sku, level.warehouse) for level in moved.levels
        )
