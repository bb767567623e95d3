"""From which bins a quantity is taken, and into which it goes. Pure, once the bins are read."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from warehouse.changes import QUARANTINE, BinRef, ItemState
from warehouse.errors import NotEnoughInBin, WrongBinKind
from warehouse.queries import BinContent

PACKING = "packing"
KIND_ORDER = {"pick": 0, "receiving": 1, "returns": 2, "bulk": 3, PACKING: 4}


def choose_bins(
    *,
    item: ItemState,
    contents: Sequence[BinContent],
    quantity: int,
    place: int | None,
    packed_too: bool = False,
) -> list[tuple[BinRef, int]]:
    """Sellable bins for `quantity`: the primary bin first, then pick bins in walk order, bulk last.

    What is picked for orders already is left alone, or with `packed_too` taken last. Draws the
    quantities down in `contents`, so that the next line sees what is left. `place`: the request's line,
    None where it has none. Raises NotEnoughInBin.
    """
    barred = (QUARANTINE,) if packed_too else (QUARANTINE, PACKING)
    sellable = sorted(
        (content for content in contents if content.bin.kind not in barred),
        key=lambda x: (
            x.bin.id != item.primary_bin_id,
            KIND_ORDER[x.bin.kind],
            x.pick_sequence,
            x.bin.id,
        ),
    )
    left = quantity
    chosen = []
    for content in sellable:
        part = min(left, content.quantity)
        if part > 0:
            chosen.append((content, part))
            left -= part
    if left:
        raise _too_little(item, None, quantity, quantity - left, place)
    for content, part in chosen:
        content.quantity -= part
    return [(content.bin, part) for content, part in chosen]


def from_bin(
    *, item: ItemState, contents: Sequence[BinContent], bin_code: str, quantity: int, place: int
) -> tuple[BinRef, int]:
    """`quantity` from the bin named. Raises NotEnoughInBin with what it holds."""
    for content in contents:
        if content.bin.code == bin_code:
            if content.quantity < quantity:
                raise _too_little(item, bin_code, quantity, content.quantity, place)
            content.quantity -= quantity
            return content.bin, quantity
    raise _too_little(item, bin_code, quantity, 0, place)


def check_sellable(*, chosen: Sequence[tuple[BinRef, int]], item: ItemState, line: int) -> None:
    """Raise WrongBinKind where a bin named is a quarantine bin."""
    for bin_, _units in chosen:
        if bin_.kind == QUARANTINE:
            raise WrongBinKind(
                _("Bin %(code)s is quarantine; move the stock to another bin first.")
                % {"code": bin_.code},
                items=[{"line": line, "sku": item.sku, "bin": bin_.code}],
            )


def _too_little(
    item: ItemState, bin_code: str | None, quantity: int, there: int, place: int | None
) -> NotEnoughInBin:
    where = _("Bin %(code)s") % {"code": bin_code} if bin_code else _("The bins")
    line = {} if place is None else {"line": place}
    return NotEnoughInBin(
        _("%(where)s in %(warehouse)s held %(there)s of %(sku)s, not %(quantity)s.")
        % {
            "where": where,
            "warehouse": item.warehouse,
            "there": there,
            "sku": item.sku,
            "quantity": quantity,
        },
        items=[
            {
                **line,
                "sku": item.sku,
                "warehouse": item.warehouse,
                "bin": bin_code,
                "requested": quantity,
                "available": there,
            }
        ],
    )
