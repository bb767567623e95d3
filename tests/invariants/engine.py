"""The engine's tables and its cache, held against the model."""

from collections import defaultdict

from inventory_site.core.sql import rows
from tests.invariants.model import PICK, Held, Model, Place
from warehouse.services.levels import stock_level, stock_levels, stock_versions

ITEMS = """
    SELECT left(p.sku, 1), w.code, i.on_hand, i.reserved, i.unsellable, i.inbound, i.safety_stock,
           EXISTS (SELECT FROM warehouse_reordersuggestion s
                    WHERE s.item_id = i.id AND s.closed_at IS NULL)
      FROM warehouse_inventoryitem i
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE p.sku = ANY(%s)
"""

BINS = """
    SELECT left(p.sku, 1), w.code, b.code, s.quantity
      FROM warehouse_binstock s
      JOIN warehouse_bin b ON b.id = s.bin_id
      JOIN warehouse_inventoryitem i ON i.id = s.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE p.sku = ANY(%s) AND s.quantity > 0
"""

LINES = """
    SELECT r.reference, r.status, r.pinned, left(p.sku, 1), w.code,
           l.quantity - l.shipped - l.released - l.backordered, l.backordered, l.shipped, l.released
      FROM warehouse_reservationline l
      JOIN warehouse_reservation r ON r.id = l.reservation_id
      JOIN warehouse_inventoryitem i ON i.id = l.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE p.sku = ANY(%s)
     ORDER BY l.id
"""

Sums = dict[str, dict[Place, int]]


def look(example: int, model: Model, versions: dict[Place, int]) -> tuple[Sums, Sums]:
    """Compare everything; the model takes over where promises are held. Returns shipped and released."""
    skus = [f"{letter}{example}" for letter in "PQ"]
    shipped, released = _promises(model, rows(LINES, [skus]))
    _shelves(model, rows(BINS, [skus]))
    _counters(model, rows(ITEMS, [skus]))
    _nobody_waits_in_vain(model)
    _cache(model, skus, versions)
    return shipped, released


def _promises(model: Model, lines: list[tuple]) -> tuple[Sums, Sums]:
    """Each reservation holds what it is owed, no more and no less, and has the status it should have."""
    held: dict[str, Held] = {}
    shipped: Sums = defaultdict(dict)
    released: Sums = defaultdict(dict)
    states = {}
    for reference, status, pinned, letter, code, open_, waiting, sent, freed in lines:
        states[reference] = status
        place = (letter, code)
        shipped[reference][place], released[reference][place] = sent, freed
        if status == "active":
            one = held.setdefault(reference, Held({}, {}, pinned))
            one.open[place], one.waiting[place] = open_, waiting
        else:
            assert open_ == waiting == 0
    assert states == dict.fromkeys(model.promised, "active") | model.closed
    for reference, owed in model.promised.items():
        one = held[reference]
        assert one.pinned == model.held[reference].pinned
        for letter in "PQ":
            units = [one.open[place] + one.waiting[place] for place in one.places(letter, None)]
            assert sum(units) == owed.get(letter, 0)
    model.held = held
    return shipped, released


def _shelves(model: Model, lines: list[tuple]) -> None:
    found: dict[Place, dict[str, int]] = defaultdict(dict)
    for letter, code, bin, quantity in lines:
        found[letter, code][bin] = quantity
    told = {
        place: there
        for place, bins in model.bins.items()
        if (there := {bin: n for bin, n in bins.items() if n})
    }
    assert found == told


def _counters(model: Model, lines: list[tuple]) -> None:
    """The counters, and a suggestion to order where and only where an item is low."""
    assert {(letter, code) for letter, code, *_ in lines} == model.known
    for letter, code, *counters, suggested in lines:
        place = (letter, code)
        assert tuple(counters) == (
            model.on_hand(place),
            model.reserved(place),
            model.unsellable(place),
            model.inbound[place],
            model.safety[place],
        )
        point = model.point[place]
        assert suggested == (0 < point >= model.available(place) + model.inbound[place])


def _nobody_waits_in_vain(model: Model) -> None:
    """No promise beyond what is there; and who waits finds nothing free where it may come from.

    Safety stock is kept from new promises and given to those who wait once more comes: until then one may
    wait beside it.
    """
    for place in model.known:
        assert model.available(place) >= 0
    for held in model.held.values():
        for place, units in held.waiting.items():
            if units:
                others = [other for other in model.known if other[0] == place[0]]
                free = [place] if held.pinned else others
                assert all(model.available(x) == 0 for x in free if x not in model.guarded)


def _cache(model: Model, skus: list[str], versions: dict[Place, int]) -> None:
    """What readers are told, of all and of one, is the same; and it comes from the cache."""
    levels = stock_levels(skus=skus)
    assert stock_versions(skus=skus) == [(one.sku, one.version) for one in levels]
    assert stock_level(sku=skus[0]) == levels[0]
    seen = {(one.sku[0], level.warehouse): level for one in levels for level in one.warehouses}
    assert seen.keys() == model.known
    for place, level in seen.items():
        assert (level.on_hand, level.reserved, level.unsellable) == (
            model.on_hand(place),
            model.reserved(place),
            model.unsellable(place),
        )
        assert (level.inbound, level.safety_stock) == (model.inbound[place], model.safety[place])
        assert level.bin == (PICK if place in model.primary else None)
        assert level.version >= versions.get(place, 0)
        versions[place] = level.version
