"""What a person makes of reorder advice: accepted, it becomes the item's settings; declined, it is gone."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from warehouse.changes import ItemState, by_item
from warehouse.checks import check_some, check_theirs
from warehouse.errors import AdviceNotFound, AdviceStale
from warehouse.lines import Level
from warehouse.locks import lock_items_of_skus
from warehouse.models import Decision
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.statements import MOMENT, int_array

ADVICE = """
    SELECT a.id, a.item_id, p.sku, w.code, a.point, a.quantity, a.old_point, a.old_quantity,
           a.safety_stock, a.decision
      FROM warehouse_reorderadvice a
      JOIN warehouse_inventoryitem i ON i.id = a.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE a.id = ANY(%s::bigint[])
     ORDER BY p.sku, w.code, a.id
"""

DECIDED = {
    "accepted": gettext_lazy("was accepted already"),
    "declined": gettext_lazy("was declined already"),
    "superseded": gettext_lazy("was superseded already"),
}

DECIDE = f"""
    UPDATE warehouse_reorderadvice
       SET decided_at = {MOMENT}, decided_by = %(actor)s, decision = %(decision)s
     WHERE id = ANY(%(ids)s::bigint[]) AND decided_at IS NULL
    RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Advice:
    """Advice as it stands; `decision` is empty while nobody has decided."""

    id: int
    item_id: int
    sku: str
    warehouse: str
    point: int
    quantity: int
    old_point: int
    old_quantity: int
    safety_stock: int
    decision: str


def accept(
    *,
    advice: Collection[int],
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[Level]:
    """Set items as they were advised (ids of advice), in one transaction with one event. All or none.

    Raises AdviceStale, naming each row, where advice was decided or superseded meanwhile, or its item has
    been set anew since; AdviceNotFound, WarehouseNotAllowed, InvalidLines (none, or more than 10,000).
    """
    require_unit_of_work()
    asked = _chosen(advice, within)
    items = by_item(lock_items_of_skus(skus={one.sku for one in asked}))
    chosen = _again(asked)  # as it stands now that its items are locked
    _check_all(chosen, lambda one: _why_not(one, items[one.item_id]))
    levels = set_reorder_batch(
        settings=[ReorderSetting(x.sku, x.warehouse, x.point, x.quantity) for x in chosen],
        actor=actor,
        now=now,
        within=within,
    )
    _decide(chosen, Decision.ACCEPTED, actor=actor, now=now)
    return levels


def decline(
    *,
    advice: Collection[int],
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> int:
    """Leave items as they are set; returns how many. The same is not advised again. All or none.

    Raises AdviceStale where advice was decided meanwhile, AdviceNotFound, WarehouseNotAllowed, InvalidLines.
    """
    require_unit_of_work()
    chosen = _chosen(advice, within)
    _check_all(chosen, _decided)
    _decide(chosen, Decision.DECLINED, actor=actor, now=now)
    return len(chosen)


def _chosen(ids: Collection[int], within: Collection[str] | None) -> list[Advice]:
    """This advice, not locked. Raises AdviceNotFound, WarehouseNotAllowed, InvalidLines."""
    wanted = sorted(set(ids))
    check_some(wanted)
    found = _read(wanted)
    lost = set(wanted) - {one.id for one in found}
    if lost:
        told = ", ".join(map(str, sorted(lost)))
        raise AdviceNotFound(
            _("There is no advice %(told)s.") % {"told": told},
            items=[{"advice": id_} for id_ in sorted(lost)],
        )
    for one in found:
        check_theirs(
            what=_("Advice %(id)s") % {"id": one.id}, warehouses=[one.warehouse], within=within
        )
    return found


def _again(chosen: Sequence[Advice]) -> list[Advice]:
    return _read([one.id for one in chosen])


def _read(ids: Iterable[int]) -> list[Advice]:
    return [Advice(*row) for row in rows(ADVICE, [int_array(ids)])]


def _decided(one: Advice) -> str:
    return str(DECIDED.get(one.decision, ""))


def _why_not(one: Advice, item: ItemState) -> str:
    """Why this cannot be accepted any more; empty where it can."""
    made_for = (one.old_point, one.old_quantity, one.safety_stock)
    if not one.decision and made_for != (
        item.reorder_point, item.reorder_quantity, item.safety_stock,
    ):  # fmt: skip
        return _("has been set to %(reorder_point)s / %(reorder_quantity)s since") % {
            "reorder_point": item.reorder_point,
            "reorder_quantity": item.reorder_quantity,
        }
    return _decided(one)


def _check_all(chosen: Sequence[Advice], fault: Callable[[Advice], str]) -> None:
    """Raise AdviceStale naming every row at fault."""
    faults = [(one, why) for one in chosen if (why := fault(one))]
    if faults:
        told = "; ".join(
            _("%(sku)s in %(warehouse)s %(why)s")
            % {"sku": x.sku, "warehouse": x.warehouse, "why": why}
            for x, why in faults[:5]
        )
        more = _("; and %(number)s more") % {"number": len(faults) - 5} if len(faults) > 5 else ""
        raise AdviceStale(
            _("Nothing was changed: %(told)s%(more)s.") % {"told": told, "more": more},
            items=[
                {"advice": x.id, "sku": x.sku, "warehouse": x.warehouse, "why": why}
                for x, why in faults
            ],
        )


def _decide(
    chosen: Sequence[Advice], decision: Decision, *, actor: Actor, now: datetime | None
) -> None:
    """Write the decision. Raises AdviceStale where somebody else was faster."""
    written = rows(
        DECIDE,
        {
            "ids": int_array(one.id for one in chosen),
            "decision": decision.value,
            "actor": actor.name,
            "now": now,
        },
    )
    known = {id_ for (id_,) in written}
    _check_all(chosen, lambda one: "" if one.id in known else _("was decided meanwhile"))
