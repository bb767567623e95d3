"""SKUs, warehouses and bins by name, locked and ready to be changed.

A service that moves stock opens its places once: all items of its products are locked in one statement
(in every warehouse, so that shortages and backorders can be settled), bins and their contents are read
after that. Everything that is unknown is reported together, by line.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.errors import DomainError
from inventory_site.core.gathering import as_one
from inventory_site.core.sql import rows
from warehouse import queries
from warehouse.changes import QUARANTINE, BinRef, Change, ItemState, Posting, by_item
from warehouse.checks import check_text, check_within, normal_bin, normal_sku
from warehouse.errors import (
    InvalidLines,
    TooLarge,
    UnknownBin,
    UnknownSku,
    UnknownWarehouse,
    WrongBinKind,
)
from warehouse.events import of_change, refresh_cache_on_commit
from warehouse.lines import MAX_ON_HAND, Moved
from warehouse.locks import lock_items_at_once, lock_items_of_skus, lock_products
from warehouse.queries import BinContent
from warehouse.services.following import tell
from warehouse.services.levels import refresh_products
from warehouse.services.picking_bins import choose_bins, from_bin
from warehouse.services.shortages import settle
from warehouse.statements import write

RECEIVING = "RECEIVING"
RETURNS = "RETURNS"
QUARANTINE_BIN = "QUARANTINE"
PACKING_BIN = "PACKING"  # picked, and not yet shipped
MISSING_BIN = "MISSING"  # looked for in vain; unsellable until a count decides

# New rows only where a product has never been in that warehouse. The products are locked.
CREATE_ITEMS = """
    WITH made AS (
        INSERT INTO warehouse_inventoryitem
               (product_id, warehouse_id, on_hand, reserved, unsellable, inbound, safety_stock,
                reorder_point, reorder_quantity, version)
        SELECT p.id, w.id, 0, 0, 0, 0, 0, 0, 0, 1
          FROM unnest(%s::text[], %s::text[]) AS x(sku, warehouse)
          JOIN warehouse_product p ON p.sku = x.sku
          JOIN warehouse_warehouse w ON w.code = x.warehouse
         ORDER BY p.id, w.id
            ON CONFLICT (product_id, warehouse_id) DO NOTHING
        RETURNING product_id)
    UPDATE warehouse_product SET version = version + 1
     WHERE id IN (SELECT product_id FROM made)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the caller named it in a line. A line of a transfer names two."""

    line: int
    sku: str
    warehouse: str
    bin: str | None = None


class Places:
    """The locked items and the bins that a movement may use."""

    def __init__(self, items: Iterable[ItemState], bins: dict[tuple[str, str], BinRef]) -> None:
        self.items = by_item(items)
        self.by_name = {(item.sku, item.warehouse): item for item in self.items.values()}
        self.bins = bins
        self.contents = queries.bin_stocks(item_ids=self.items)

    def item(self, sku: str, warehouse: str) -> ItemState:
        return self.by_name[normal_sku(sku), warehouse]

    def bin(self, warehouse: str, code: str) -> BinRef:
        return self.bins[warehouse, normal_bin(code)]

    def destination(self, place: Place, item: ItemState, default: str = RECEIVING) -> BinRef:
        """The bin named, else the item's primary bin, else the staging bin `default`."""
        if place.bin:
            return self.bin(place.warehouse, place.bin)
        if item.primary_bin_id is not None and item.primary_bin is not None:
            return BinRef(item.primary_bin_id, item.warehouse, item.primary_bin, "pick")
        return self.bin(place.warehouse, default)

    def sources(
        self, place: Place, item: ItemState, quantity: int, *, line: int
    ) -> list[tuple[BinRef, int]]:
        """The bin named, else sellable bins in walk order. Raises NotEnoughInBin."""
        contents: Sequence[BinContent] = self.contents.get(item.id, ())
        if place.bin:
            code = normal_bin(place.bin)
            return [
                from_bin(item=item, contents=contents, bin_code=code, quantity=quantity, place=line)
            ]
        return choose_bins(item=item, contents=contents, quantity=quantity, place=line)


def open_places(*, places: Sequence[Place], create: bool, within: Collection[str] | None) -> Places:
    """Lock and read everything these places name; with `create`, items that do not exist yet too.

    Raises UnknownSku, UnknownWarehouse, UnknownBin (naming every line), WarehouseNotAllowed, and Raced
    where others have just made items of the same products.
    """
    check_within(warehouses={place.warehouse for place in places}, within=within)
    for place in places:
        check_text(f"{place.warehouse}{place.bin}")
    pairs = {(normal_sku(place.sku), place.warehouse) for place in places}
    skus = {sku for sku, _ in pairs}
    items = lock_items_of_skus(skus=skus)
    missing = pairs - {(item.sku, item.warehouse) for item in items}
    if missing:
        _check_known(places, skus, {warehouse for _, warehouse in missing})
        if create:
            _create(missing)
            items = lock_items_at_once(skus=skus)
    return Places(items, _bins(places))


def _create(missing: Collection[tuple[str, str]]) -> None:
    """Items of these SKUs in these warehouses, unless somebody else has made them meanwhile."""
    skus, codes = zip(*sorted(missing), strict=True)
    lock_products(skus=set(skus))
    rows(CREATE_ITEMS, [list(skus), list(codes)])
    transaction.on_commit(partial(refresh_products, skus=set(skus)), robust=True)


def _check_known(places: Sequence[Place], skus: set[str], warehouses: set[str]) -> None:
    """Raise what is unknown of all that the places name, whichever kind it is of, as one refusal."""
    known_skus = queries.known_skus(skus)
    foreign = warehouses - queries.known_warehouses(warehouses)
    faults: list[DomainError] = []
    lost = [place for place in places if normal_sku(place.sku) not in known_skus]
    if lost:
        names = ", ".join(dict.fromkeys(normal_sku(place.sku) for place in lost))
        items = _once({"line": place.line, "sku": normal_sku(place.sku)} for place in lost)
        faults.append(UnknownSku(_("Unknown SKU %(names)s.") % {"names": names}, items=items))
    lost = [place for place in places if place.warehouse in foreign]
    if lost:
        names = ", ".join(dict.fromkeys(place.warehouse for place in lost))
        items = _once({"line": place.line, "warehouse": place.warehouse} for place in lost)
        words = _("There is no warehouse %(names)s.") % {"names": names}
        faults.append(UnknownWarehouse(words, items=items))
    if faults:
        try:
            _bins([place for place in places if place.warehouse not in foreign])
        except UnknownBin as error:
            faults.append(error)
        raise as_one(faults)


def _once(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each item once: both places of a transfer's line may be at fault in the same way."""
    return [dict(told) for told in dict.fromkeys(tuple(item.items()) for item in items)]


def _bins(places: Sequence[Place]) -> dict[tuple[str, str], BinRef]:
    """The bins named, and the staging bins of the warehouses concerned."""
    named = {(place.warehouse, normal_bin(place.bin)) for place in places if place.bin}
    staging = {
        (place.warehouse, code) for place in places for code in (RECEIVING, RETURNS, QUARANTINE_BIN)
    }
    found = queries.bins_by_code(places=named | staging)
    lost = [p for p in places if p.bin and (p.warehouse, normal_bin(p.bin)) not in found]
    if lost:
        names = ", ".join(
            dict.fromkeys(
                _("%(bin)s in %(warehouse)s") % {"bin": place.bin, "warehouse": place.warehouse}
                for place in lost
            )
        )
        items = _once({"line": p.line, "warehouse": p.warehouse, "bin": p.bin} for p in lost)
        raise UnknownBin(_("There is no bin %(names)s.") % {"names": names}, items=items)
    return found


def check_room(*, item: ItemState, line: int) -> None:
    """Raise TooLarge when a counter would leave the range that the database can keep."""
    if max(item.on_hand, item.inbound) > MAX_ON_HAND:
        raise TooLarge(
            _("%(sku)s in %(warehouse)s would exceed %(most)s units.")
            % {"sku": item.sku, "warehouse": item.warehouse, "most": MAX_ON_HAND},
            items=[{"line": line, "sku": item.sku, "warehouse": item.warehouse}],
        )


def check_kind(*, bin: BinRef, quarantine: bool, line: int) -> None:
    """Raise WrongBinKind unless the bin is (or is not) a quarantine bin."""
    if (bin.kind == QUARANTINE) != quarantine:
        wanted = "a quarantine bin" if quarantine else "not a quarantine bin"
        raise WrongBinKind(
            _("Bin %(code)s in %(warehouse)s is of kind %(kind)s; this needs %(wanted)s.")
            % {"code": bin.code, "warehouse": bin.warehouse, "kind": bin.kind, "wanted": wanted},
            items=[{"line": line, "warehouse": bin.warehouse, "bin": bin.code}],
        )


def complete(
    *,
    change: Change,
    places: Places,
    type: str,
    reference: str,
    actor: Actor,
    now: datetime | None,
    notes: str = "",
    details: dict[str, Any] | None = None,
    parts: Mapping[str, Collection[int]] | None = None,
) -> Moved:
    """Settle promises, write everything with its event, and tell what resulted.

    A change that moves nothing (a count that found what was expected) is written too. `notes` stand with
    each movement. `parts`: ids of
    items by reference, where each reference gets an event of its own.
    """
    if not change.touched:
        raise InvalidLines(_("These lines change nothing."))
    settle(change=change, items=places.items)
    posting = Posting(
        type=type,
        reference=reference,
        actor=actor.name,
        user_id=actor.user_id,
        notes=check_text(notes),
        now=now,
    )
    levels, events = of_change(change=change, posting=posting, details=details, parts=parts)
    write(change=change, posting=posting, events=events)
    tell(owned=(), change=change, now=now)
    refresh_cache_on_commit(levels=levels)
    return Moved(reference=reference, levels=levels, affected=change.affected, filled=change.filled)
