"""What was scanned, against what the list asks for. A refusal says what it was, and what to do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from inventory_site.core.sql import rows
from orders.errors import (
    LineOver,
    MoreThanNeeded,
    OrderCancelled,
    OtherWarehouse,
    PickLineNotFound,
    UnknownCode,
    WrongBin,
    WrongItem,
)
from orders.queries.picking import PickLineView
from orders.states import OVER, in_words
from warehouse.checks import normal_bin, normal_sku
from warehouse.lookup import code_forms

LINE = """
    SELECT x.id, x.pick_list_id, o.id, o.reference, o.status, s.tote, s.packed_at IS NOT NULL,
           x.item_id, p.sku, p.name, b.id, b.code, w.id, w.code, x.quantity - x.picked - x.short,
           coalesce(k.quantity, 0), x.sequence, x.problem, y.cancelled
      FROM orders_pickline x
      JOIN orders_picklist t ON t.id = x.pick_list_id
      JOIN orders_orderline y ON y.id = x.order_line_id
      JOIN orders_salesorder o ON o.id = y.order_id
      JOIN orders_picklistorder s ON s.pick_list_id = t.id AND s.order_id = o.id
      JOIN warehouse_product p ON p.id = y.product_id
      JOIN warehouse_bin b ON b.id = x.bin_id
      JOIN warehouse_warehouse w ON w.id = b.warehouse_id
      LEFT JOIN warehouse_binstock k ON k.item_id = x.item_id AND k.bin_id = x.bin_id
     WHERE x.id = %s AND t.reference = %s
"""

# A code on goods wins over a bin that is called alike; a bin here over one elsewhere.
CODE = """
    SELECT 'product', p.sku, p.name FROM warehouse_product p WHERE p.sku = %(code)s
     UNION ALL
    SELECT 'product', p.sku, p.name FROM warehouse_barcode c
      JOIN warehouse_product p ON p.id = c.product_id WHERE c.code = ANY(%(codes)s::text[])
     UNION ALL
    SELECT CASE WHEN w.code = %(warehouse)s THEN 'bin' ELSE 'elsewhere' END, b.code, w.code
      FROM warehouse_bin b JOIN warehouse_warehouse w ON w.id = b.warehouse_id
     WHERE b.code = %(code)s
"""
ORDER = ("product", "bin", "elsewhere")
TAKEN_OFF = frozenset({"cancelled", "withdrawn"})  # problems of lines that nobody picks any more


@dataclass(frozen=True, slots=True)
class Task:
    """A line of a list, with what a message about it needs. Read without a lock."""

    line_id: int
    list_id: int
    order_id: int
    order: str
    order_status: str
    tote: int
    packed: bool
    item_id: int
    sku: str
    name: str
    bin_id: int
    bin: str
    warehouse_id: int
    warehouse: str
    left: int
    in_bin: int
    sequence: int
    problem: str
    cancelled: int

    @property
    def known(self) -> dict[str, object]:
        """What sentences about it name."""
        return {"order": self.order, "tote": self.tote, "sku": self.sku, "name": self.name}


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a code is: a product (SKU, name), a bin here, or a bin elsewhere (code, warehouse)."""

    kind: str
    code: str
    name: str


def task(*, pick_list: str, line_id: int) -> Task:
    """The line as it stands. Raises PickLineNotFound."""
    found = rows(LINE, [line_id, pick_list])
    if not found:
        raise PickLineNotFound(
            _("%(pick_list)s has no such line; open the list again.") % {"pick_list": pick_list}
        )
    return Task(*found[0])


def scanned(*, code: str, warehouse: str) -> list[Scanned]:
    """All that a code may be, in this warehouse first; nothing when nobody knows it."""
    plain = code.strip()
    found = rows(CODE, {"code": plain.upper(), "codes": code_forms(plain), "warehouse": warehouse})
    return sorted((Scanned(*row) for row in found), key=lambda x: ORDER.index(x.kind))


def check_named(
    *, pick_list: str, line_id: int, line: PickLineView | None, at: str, code: str
) -> None:
    """A scan names the line that its page showed, and the list is at another `line` by now, or at its end.

    What is in the hand was taken for the tote on the page: it must not go into another one unnoticed. Raises
    OrderCancelled, LineOver, MoreThanNeeded, PickLineNotFound unless the scan, made `at` a bin, is right for
    `line` all the same.
    """
    named = task(pick_list=pick_list, line_id=line_id)
    check_order(named)
    if line and at != line.bin and normal_bin(code) == line.bin:
        return  # the label of the next bin: no goods are meant
    if why := _why_over(named):
        raise LineOver(
            _("%(why)s Put %(sku)s %(name)s back, not into tote %(tote)s, and go on.")
            % {"why": why, **named.known},
            items=[{"order": named.order, "sku": named.sku, "tote": named.tote}],
        )
    booked = line if line and at == line.bin else None
    same = bool(booked and (booked.sku, booked.tote) == (named.sku, named.tote))
    if not named.left and not same and _is_item(named, code):
        raise too_many(task=named, quantity=1, line=booked)
    if booked and booked.tote != named.tote:
        raise LineOver(
            _(
                "This was scanned for tote %(tote)s, and tote %(now)s is next, with %(left)s of "
                "%(sku)s. Nothing was booked; look at the page and scan again."
            )
            % {"tote": named.tote, "now": booked.tote, "left": booked.left, "sku": booked.sku},
            items=[{"sku": booked.sku, "tote": booked.tote, "scanned_for": named.tote}],
        )


def check_order(task: Task) -> None:
    """Raise OrderCancelled where nothing more is to be taken for this order."""
    if task.order_status == "cancelled":
        raise OrderCancelled(
            _(
                "Order %(order)s was cancelled. Take nothing more for tote %(tote)s, and put "
                "back what is in it."
            )
            % {"order": task.order, "tote": task.tote},
            items=[{"order": task.order, "tote": task.tote}],
        )


def too_many(*, task: Task, quantity: int, line: PickLineView | None = None) -> MoreThanNeeded:
    """The refusal of so many units of a line; `line` is what goods in this bin are for by now."""
    items = [{"sku": task.sku, "scanned": quantity, "needed": task.left}]
    if task.left:
        words = _(
            "Tote %(tote)s needs %(left)s of %(sku)s %(name)s, not %(quantity)s. Put %(over)s back."
        )
        over = quantity - task.left
        told = {"left": task.left, "quantity": quantity, "over": over, **task.known}
        return MoreThanNeeded(words % told, items=items)
    if line and line.sku == task.sku:
        words = _(
            "Tote %(tote)s has all that it needs of %(sku)s %(name)s; nothing was booked. If this is "
            "the one for tote %(now)s, scan it again; else put it back."
        )
        return MoreThanNeeded(words % {"now": line.tote, **task.known}, items=items)
    words = _(
        "Nothing more of %(sku)s %(name)s is needed here for tote %(tote)s. Put it back and go on."
    )
    return MoreThanNeeded(words % task.known, items=items)


def _why_over(named: Task) -> str:
    """Why nothing more is taken for a line, where that is not because all of it is picked."""
    if named.order_status in OVER:
        words = _("Order %(order)s is %(status)s.")
        return words % {"order": named.order, "status": in_words(named.order_status)}
    if named.left or named.problem not in TAKEN_OFF:
        return ""
    words = (
        _("%(sku)s of order %(order)s was cancelled.")
        if named.cancelled
        else _("%(sku)s is no longer promised to order %(order)s from here.")
    )
    return words % named.known


def check_bin(*, task: Task, code: str) -> None:
    """Raise WrongBin, OtherWarehouse, or UnknownCode unless this is the line's bin."""
    if normal_bin(code) == task.bin:
        return
    found = scanned(code=code, warehouse=task.warehouse)
    what = _only(found, code, _("scan the label of bin %(bin)s") % {"bin": task.bin})
    items = [{"scanned": code.strip(), "expected": task.bin}]
    if what.kind == "bin":
        raise WrongBin(
            _("This is bin %(code)s. Go to bin %(bin)s and scan its label.")
            % {"code": what.code, "bin": task.bin},
            items=items,
        )
    if what.kind == "product":
        raise WrongBin(
            _("This is a product, %(code)s %(name)s. Scan the label of bin %(bin)s first.")
            % {"code": what.code, "name": what.name, "bin": task.bin},
            items=items,
        )
    raise _elsewhere(what, task, _("go to bin %(bin)s here") % {"bin": task.bin}, items)


def check_item(*, task: Task, code: str) -> None:
    """Raise WrongItem, OtherWarehouse or UnknownCode unless this is the line's product."""
    if _is_item(task, code):
        return
    found = scanned(code=code, warehouse=task.warehouse)
    what = _only(
        found,
        code,
        _("scan the barcode of %(name)s, or type %(sku)s") % {"name": task.name, "sku": task.sku},
    )
    items = [{"scanned": code.strip(), "expected": task.sku}]
    if what.kind == "product":
        raise WrongItem(
            _(
                "This is %(code)s %(name)s. Put it back and take %(sku)s %(wanted)s; if that is "
                "not in the bin, report a problem."
            )
            % {"code": what.code, "name": what.name, "sku": task.sku, "wanted": task.name},
            items=items,
        )
    if what.kind == "bin":
        raise WrongItem(
            _("This is the label of bin %(code)s. Scan the goods: %(sku)s %(name)s.")
            % {"code": what.code, "sku": task.sku, "name": task.name},
            items=items,
        )
    raise _elsewhere(
        what,
        task,
        _("scan the goods: %(sku)s %(name)s") % {"sku": task.sku, "name": task.name},
        items,
    )


def _is_item(task: Task, code: str) -> bool:
    if normal_sku(code) == task.sku:
        return True
    found = scanned(code=code, warehouse=task.warehouse)
    return any(x.kind == "product" and x.code == task.sku for x in found)


def _only(found: list[Scanned], code: str, instead: str) -> Scanned:
    if not found:
        raise UnknownCode(
            _("Nobody knows the code %(code)s. Please %(instead)s.")
            % {"code": code.strip()[:40] or _("(nothing)"), "instead": instead},
            items=[{"scanned": code.strip()}],
        )
    return found[0]


def _elsewhere(
    what: Scanned, task: Task, instead: str, items: list[dict[str, str]]
) -> OtherWarehouse:
    return OtherWarehouse(
        _(
            "%(code)s is a bin of warehouse %(name)s; this list is picked in "
            "%(warehouse)s. Please %(instead)s."
        )
        % {"code": what.code, "name": what.name, "warehouse": task.warehouse, "instead": instead},
        items=items,
    )
