"""How much is there: for the platform that asks a thousand times a second, and for everyone else.

Levels come from the cache where it has them and from PostgreSQL where it has not; what is read from
PostgreSQL goes into the cache unless something newer is there already (level_cache.py).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from notifications.feed import latest, read
from warehouse import level_cache, queries
from warehouse.checks import normal_sku
from warehouse.errors import SkuNotFound
from warehouse.lines import Level, StockLevel

SWEEP_EVENTS = 1000
SWEEP_BACK = 5000  # events looked at again when it is not known how far the sweep had come


def stock_level(*, sku: str, within: Collection[str] | None = None) -> StockLevel:
    """One product's levels in total and per warehouse. Raises SkuNotFound."""
    return stock_levels(skus=[sku], within=within)[0]


def stock_levels(*, skus: Sequence[str], within: Collection[str] | None = None) -> list[StockLevel]:
    """Levels of many products in the order asked, from one read of the cache whatever their number.

    Raises SkuNotFound naming every SKU that does not exist.
    """
    wanted = [normal_sku(sku) for sku in skus]
    unique = list(dict.fromkeys(wanted))
    found = _cached(unique)
    missing = [sku for sku in unique if sku not in found]
    if missing:
        fresh = queries.levels_of(skus=missing)
        # At once, or where a transaction is open when it has ended: it may see what is never committed.
        transaction.on_commit(partial(_keep, list(fresh.values())), robust=True)
        found |= fresh
    unknown = [sku for sku in unique if sku not in found]
    if unknown:
        raise SkuNotFound(
            _("There is no SKU %(unknown)s.") % {"unknown": ", ".join(unknown)},
            items=[{"sku": sku} for sku in unknown],
        )
    return [_limited(found[sku], within) for sku in wanted]


def stock_versions(*, skus: Sequence[str]) -> list[tuple[str, int]] | None:
    """SKU and version of each, as `stock_levels` would tell them; None unless the cache knows all of them.

    It says whether anything changed for a fraction of what reading the levels costs.
    """
    wanted = [normal_sku(sku) for sku in skus]
    versions = level_cache.read_versions(skus=wanted)
    known = [(sku, one) for sku, one in zip(wanted, versions, strict=True) if one is not None]
    return known if len(known) == len(wanted) else None


def all_levels(
    *, after_sku: str = "", limit: int = 500, within: Collection[str] | None = None
) -> list[StockLevel]:
    """The next `limit` products in SKU order, in one statement, straight from PostgreSQL."""
    return [
        _limited(level, within) for level in queries.levels_page(after_sku=after_sku, limit=limit)
    ]


def refresh_products(*, skus: Collection[str]) -> None:
    """Put what PostgreSQL has of these products into the cache, over anything older."""
    if not _keep(queries.levels_of(skus=skus).values()):
        level_cache.renounce()


def sweep() -> int:
    """Bring the cache up to the change feed, in case a refresh after a commit was lost.

    Returns how many products had to be corrected. Without Redis it does nothing.
    """
    mark = level_cache.swept() or latest(back=SWEEP_BACK)
    corrected = 0
    while True:
        events = read(after=mark, limit=SWEEP_EVENTS)
        if events:
            told = [level for event in events for level in event.levels]
            stale = _stale({(x["sku"], x["warehouse"]): x["version"] for x in told})
            if stale:
                refresh_products(skus=stale)
                corrected += len(stale)
            mark = events[-1].mark
        if not level_cache.keep_swept(mark) or len(events) < SWEEP_EVENTS:
            return corrected


def _stale(told: dict[tuple[str, str], int]) -> set[str]:
    """SKUs of which the cache holds an entry older than what an event has told."""
    places = list(told)
    found = level_cache.read(keys=[level_cache.item_key(*place) for place in places])
    known = level_cache.read(keys=[level_cache.product_key(sku) for sku, _ in places])
    return {
        place[0]
        for place, entry, product in zip(places, found, known, strict=True)
        if (entry is not None and entry[0] < told[place])
        or (product is not None and place[1] not in product[1][1])
    }


def _cached(skus: Sequence[str]) -> dict[str, StockLevel]:
    """Those of `skus` of which the cache has every part."""
    found = {}
    for sku, parts in zip(skus, level_cache.read_products(skus=skus), strict=True):
        if parts is not None:
            (version, (name, codes, active)), *items = parts
            levels = [
                Level(*(sku, code, *counters, own))
                for code, (own, counters) in zip(codes, items, strict=True)
            ]
            whole = version + sum(level.version for level in levels)
            found[sku] = StockLevel(sku, name, active, whole, levels)
    return found


def _keep(levels: Iterable[StockLevel]) -> bool:
    entries: dict[str, tuple[int, object]] = {}
    for level in levels:
        own = level.version - sum(item.version for item in level.warehouses)
        codes = [item.warehouse for item in level.warehouses]
        entries[level_cache.product_key(level.sku)] = (
            own,
            [level.name, codes, level.active],
        )
        entries |= level_cache.item_entries(level.warehouses)
    return level_cache.store(entries=entries)


def _limited(level: StockLevel, within: Collection[str] | None) -> StockLevel:
    if within is None:
        return level
    allowed = [item for item in level.warehouses if item.warehouse in within]
    return replace(level, warehouses=allowed)
