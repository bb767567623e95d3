"""The buyer of the replay: reorder points from what has been asked for so far, never from what is to come.

Each Monday the demand of the last eight weeks (asked for, whether served or not) sets reorder point and
quantity of every item; before there are four weeks, a share of the opening stock does.
"""

import math
from collections import defaultdict, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from warehouse.services.replenishment import ReorderSetting

WEEKS = 8  # looked back on
FIRST_WEEKS = 4  # before these, the opening stock decides
COVER_WEEKS = 6  # that a delivery lasts for
SAFETY = 2.5  # times the demand of the lead time
OPENING_SHARE = 0.4
WORTH_A_CHANGE = 0.2  # smaller changes of a reorder point are let be

Place = tuple[str, str]  # SKU, warehouse


@dataclass
class Buyer:
    """Plans for items; `opening` is what each had at the start, `lead_days` per SKU."""

    opening: Mapping[Place, int]
    lead_days: Mapping[str, int]
    demand: defaultdict[str, deque[int]] = field(
        default_factory=lambda: defaultdict(lambda: deque([0], maxlen=WEEKS))
    )
    weeks: int = 0
    settings: dict[Place, ReorderSetting] = field(default_factory=dict)

    def asked(self, sku: str, units: int) -> None:
        """Somebody asked for units."""
        self.demand[sku][-1] += units

    def plan(self) -> list[ReorderSetting]:
        """Close the week; the settings that are worth changing."""
        changed = []
        places = defaultdict(list)
        for place in self.opening:
            places[place[0]].append(place)
        for own in places.values():
            for place in own:
                setting = self._setting(place, own)
                if self._differs(self.settings.get(place), setting):
                    self.settings[place] = setting
                    changed.append(setting)
        self.weeks += 1
        for weekly in self.demand.values():
            weekly.append(0)
        return changed

    def _setting(self, place: Place, own: Collection[Place]) -> ReorderSetting:
        sku, warehouse = place
        opening = self.opening[place]
        if self.weeks < FIRST_WEEKS:
            return ReorderSetting(
                sku, warehouse, math.ceil(OPENING_SHARE * opening) or 1, max(opening, 12)
            )
        weekly = self.demand.get(sku)
        mean = sum(weekly) / len(weekly) / len(own) if weekly else 0.0
        lead_weeks = self.lead_days.get(sku, 14) / 7
        point = math.ceil(SAFETY * mean * lead_weeks)
        return ReorderSetting(sku, warehouse, point, max(12, math.ceil(COVER_WEEKS * mean)))

    @staticmethod
    def _differs(old: ReorderSetting | None, new: ReorderSetting) -> bool:
        if old is None:
            return True
        return abs(new.reorder_point - old.reorder_point) > WORTH_A_CHANGE * old.reorder_point
