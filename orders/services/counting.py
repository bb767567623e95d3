"""Count tasks are opened: by hand, by schedule, or because a picker found less than the books say.

They are worked on in count_work, and what comes of a count is decided in count_results.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inventory_site.core.actors import SYSTEM, Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.errors import NothingToCount
from orders.locks import lock_count_schedule
from orders.queries.counts import due_places
from orders.services.count_tasks import check_allowed, known_task, tell
from orders.services.numbering import COUNT, next_number, next_numbers
from orders.states import WrongState, in_words
from warehouse.checks import normal_bin, normal_sku
from warehouse.errors import InvalidLines, UnknownBin, UnknownSku, UnknownWarehouse
from warehouse.services.places import MISSING_BIN

MOST_PLACES = 1000
REASONS = ("manual", "schedule", "short_pick")

# Which bins are meant: the one named, or every one that holds the product.
PLACES = """
    SELECT x.n, w.id, b.id, p.id, b.code
      FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[]) AS x(n, warehouse, bin, sku)
      LEFT JOIN warehouse_warehouse w ON w.code = x.warehouse
      LEFT JOIN warehouse_product p ON p.sku = x.sku
      LEFT JOIN warehouse_bin b ON b.warehouse_id = w.id
            AND (b.code = x.bin OR (x.bin IS NULL AND b.code NOT IN ('MISSING', 'PACKING')
                 AND EXISTS (SELECT FROM warehouse_binstock s
                               JOIN warehouse_inventoryitem i ON i.id = s.item_id
                              WHERE s.bin_id = b.id AND s.quantity > 0 AND i.product_id = p.id)))
     ORDER BY x.n, b.pick_sequence, b.code
"""

OPEN = """
    WITH opened AS (
    INSERT INTO orders_counttask
           (reference, status, warehouse_id, bin_id, product_id, reason, due_at, actor, created_at)
    SELECT x.reference, 'open', x.warehouse_id, x.bin_id, x.product_id, %(reason)s,
           coalesce(%(due_at)s::timestamptz, m.now), %(actor)s, m.now
      FROM unnest(%(references)s::text[], %(warehouses)s::bigint[], %(bins)s::bigint[],
                  %(products)s::bigint[]) AS x(reference, warehouse_id, bin_id, product_id)
     CROSS JOIN (SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now) m
        ON CONFLICT (bin_id, product_id) WHERE status IN ('open', 'recount', 'approval') DO NOTHING
    RETURNING id, reference, warehouse_id, bin_id, product_id)
    SELECT o.reference, w.code, b.code, p.sku
      FROM opened o
      JOIN warehouse_warehouse w ON w.id = o.warehouse_id
      JOIN warehouse_bin b ON b.id = o.bin_id
      LEFT JOIN warehouse_product p ON p.id = o.product_id
     ORDER BY o.id
"""

LIVE_AT = """
    SELECT t.reference, t.bin_id, t.product_id
      FROM unnest(%s::bigint[], %s::bigint[]) AS x(bin_id, product_id)
      JOIN orders_counttask t ON t.bin_id = x.bin_id
       AND t.product_id IS NOT DISTINCT FROM x.product_id
       AND t.status IN ('open', 'recount', 'approval')
"""

# A task that waits for approval was counted before these units were missed: it is counted again.
SHORT = """
    INSERT INTO orders_counttask AS t
           (reference, status, warehouse_id, bin_id, product_id, reason, missing, due_at, actor,
            created_at)
    SELECT %(reference)s, 'open', b.warehouse_id, b.id, p.id, 'short_pick', %(missing)s, m.now, %(actor)s,
           m.now
      FROM warehouse_warehouse w
      JOIN warehouse_bin b ON b.warehouse_id = w.id AND b.code = %(bin)s
      JOIN warehouse_product p ON p.sku = %(sku)s
     CROSS JOIN (SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now) m
     WHERE w.code = %(warehouse)s
        ON CONFLICT (bin_id, product_id) WHERE status IN ('open', 'recount', 'approval')
        DO UPDATE SET missing = t.missing + excluded.missing, reason = 'short_pick',
                      due_at = least(t.due_at, excluded.due_at),
                      status = CASE t.status WHEN 'approval' THEN 'recount' ELSE t.status END
    RETURNING t.reference, t.missing
"""


@dataclass(frozen=True, slots=True)
class CountPlace:
    """What to count: a bin with all that is in it, a product in one bin, or wherever it lies."""

    warehouse: str
    bin: str | None = None
    sku: str | None = None


def open_tasks(
    *,
    places: Sequence[CountPlace],
    actor: Actor,
    reason: str = "manual",
    due_at: datetime | None = None,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[str]:
    """Open a task for each place, and for a product without a bin one for each bin that holds it.

    Where a place is being counted already, that task's number is given. Raises UnknownWarehouse,
    UnknownBin, UnknownSku, NothingToCount, WarehouseNotAllowed, InvalidLines.
    """
    require_unit_of_work()
    if reason not in REASONS:
        raise InvalidLines(_("reason is one of %(reasons)s.") % {"reasons": ", ".join(REASONS)})
    if not 1 <= len(places) <= MOST_PLACES:
        raise InvalidLines(_("1 to %(most)s places are counted at once.") % {"most": MOST_PLACES})
    check_allowed(warehouses={place.warehouse for place in places}, within=within)
    wanted = _resolve(places)
    _open(wanted, reason, due_at, actor, now)
    found = rows(LIVE_AT, [[bin_id for _, bin_id, _ in wanted], [x for _, _, x in wanted]])
    live = {(bin_id, product_id): reference for reference, bin_id, product_id in found}
    return [live[bin_id, product_id] for _, bin_id, product_id in wanted]


def open_for_short_pick(
    *,
    warehouse: str,
    bin: str,
    sku: str,
    missing: int,
    actor: Actor,
    now: datetime | None = None,
) -> str:
    """A picker missed units that were moved to MISSING in this transaction: count the bin; the task.

    A task that is open for this product and bin takes them up. Raises UnknownBin.
    """
    require_unit_of_work()
    if missing < 0:
        raise InvalidLines(_("Missing units are 0 or more."))
    given = {
        "reference": next_number(prefix=COUNT),
        "warehouse": warehouse,
        "bin": normal_bin(bin),
        "sku": normal_sku(sku),
        "missing": missing,
        "actor": actor.name,
        "now": now,
    }
    found = rows(SHORT, given)
    if not found:
        raise UnknownBin(
            _("There is no bin %(bin)s in %(warehouse)s, or no product %(sku)s.")
            % {"bin": bin, "warehouse": warehouse, "sku": sku}
        )
    reference, total = found[0]
    tell(type="count.opened", reference=reference, actor=actor, now=now,
         details={"reason": "short_pick", "warehouse": warehouse, "bin": given["bin"],
                  "sku": given["sku"], "missing": total})  # fmt: skip
    return str(reference)


def schedule_due(*, now: datetime, actor: Actor = SYSTEM) -> int:
    """Open the tasks that are due by the class of their products (warehouse.turnover); how many.

    A warehouse gets at most COUNT_TASKS_A_DAY in a day, the longest overdue first.
    """
    require_unit_of_work()
    lock_count_schedule()
    return len(_open(due_places(now=now), "schedule", now, actor, now))


def cancel_task(
    *,
    task: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> None:
    """Give a task up; what was found is not booked.

    Raises WrongState (it is over, or units of it wait in MISSING: only a count tells what of them).
    """
    require_unit_of_work()
    facts = known_task(reference=task, within=within)
    if facts.missing:
        raise WrongState(
            _("%(missing)s units of %(task)s wait in MISSING; it must be counted.")
            % {"missing": facts.missing, "task": task}
        )
    done = rows(
        """UPDATE orders_counttask SET status = 'cancelled', claimed_by_id = NULL,
                  closed_at = coalesce(%s::timestamptz, statement_timestamp())
            WHERE id = %s AND missing = 0 AND status IN ('open', 'recount', 'approval')
        RETURNING id""",
        [now, facts.id],
    )
    if not done:
        raise WrongState(
            _("%(task)s is %(status)s; it cannot be cancelled.")
            % {"task": task, "status": in_words(facts.status)}
        )
    rows("DELETE FROM orders_counttally WHERE task_id = %s", [facts.id])
    tell(type="count.cancelled", reference=task, actor=actor, now=now,
         details={"warehouse": facts.warehouse, "bin": facts.bin})  # fmt: skip


def _open(
    places: Sequence[tuple[int, int, int | None]],
    reason: str,
    due_at: datetime | None,
    actor: Actor,
    now: datetime | None,
) -> list[str]:
    """Open the tasks that are not open yet, in one statement, each with its event; their numbers."""
    if not places:
        return []
    given = {
        "references": next_numbers(prefix=COUNT, count=len(places)),
        "warehouses": [warehouse_id for warehouse_id, _, _ in places],
        "bins": [bin_id for _, bin_id, _ in places],
        "products": [product_id for _, _, product_id in places],
        "reason": reason,
        "due_at": due_at,
        "actor": actor.name,
        "now": now,
    }
    opened = rows(OPEN, given)
    outbox.record(
        events=[
            Event(
                type="count.opened",
                reference=reference,
                actor=actor.name,
                levels=[],
                details={"reason": reason, "warehouse": warehouse, "bin": bin_, "sku": sku},
            )
            for reference, warehouse, bin_, sku in opened
        ],
        now=now,
    )
    return [row[0] for row in opened]


def _resolve(places: Sequence[CountPlace]) -> list[tuple[int, int, int | None]]:
    """Warehouse, bin and product of every task that is asked for, each once."""
    found = rows(
        PLACES,
        [
            list(range(len(places))),
            [place.warehouse for place in places],
            [normal_bin(place.bin) if place.bin else None for place in places],
            [normal_sku(place.sku) if place.sku else None for place in places],
        ],
    )
    for n, warehouse_id, bin_id, product_id, bin_code in found:
        _check_place(places[n], n, warehouse_id, bin_id, product_id, bin_code)
    return list(dict.fromkeys((row[1], row[2], row[3]) for row in found))


def _check_place(
    place: CountPlace,
    line: int,
    warehouse_id: int | None,
    bin_id: int | None,
    product_id: int | None,
    bin_code: str | None,
) -> None:
    where: list[dict[str, Any]] = [
        {"line": line, "warehouse": place.warehouse, "bin": place.bin, "sku": place.sku}
    ]
    if not place.bin and not place.sku:
        raise InvalidLines(
            _("Line %(line)s: name a bin, a SKU, or both.") % {"line": line + 1}, items=where
        )
    if warehouse_id is None:
        raise UnknownWarehouse(
            _("There is no warehouse %(warehouse)s.") % {"warehouse": place.warehouse}, items=where
        )
    if place.sku and product_id is None:
        raise UnknownSku(_("Unknown SKU %(sku)s.") % {"sku": place.sku}, items=where)
    if place.bin and bin_id is None:
        raise UnknownBin(
            _("There is no bin %(bin)s in %(warehouse)s.")
            % {"bin": place.bin, "warehouse": place.warehouse},
            items=where,
        )
    if bin_id is None:
        raise NothingToCount(
            _("%(sku)s lies in no bin of %(warehouse)s.")
            % {"sku": place.sku, "warehouse": place.warehouse},
            items=where,
        )
    if bin_code == MISSING_BIN:
        raise NothingToCount(_("Nothing lies in MISSING; count where it should be."), items=where)
