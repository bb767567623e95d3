"""Counting goes on: a task is claimed, the bin scanned, units tallied one by one. Nothing is booked by it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from orders.errors import NotInCount, UnknownCode
from orders.services.count_tasks import check_counted, known_task, mine, refuse_claim, tell
from warehouse import shelves
from warehouse.checks import normal_bin
from warehouse.errors import InvalidLines, UnknownSku
from warehouse.lines import MAX_QUANTITY
from warehouse.lookup import known_codes

CLAIM = """
    UPDATE orders_counttask SET claimed_by_id = %s, ledger_mark = %s
     WHERE reference = %s AND status IN ('open', 'recount')
       AND (claimed_by_id IS NULL OR claimed_by_id = %s)
    RETURNING id
"""

TALLY = """
    INSERT INTO orders_counttally AS y (task_id, product_id, counted)
    SELECT t.id, p.id, %(quantity)s
      FROM orders_counttask t JOIN warehouse_product p ON p.sku = %(sku)s
     WHERE t.reference = %(task)s AND t.status IN ('open', 'recount')
       AND t.claimed_by_id = %(user)s
        ON CONFLICT (task_id, product_id) DO UPDATE
       SET counted = CASE WHEN %(replace)s THEN excluded.counted
                          ELSE y.counted + excluded.counted END
    RETURNING y.counted
"""


@dataclass(frozen=True, slots=True)
class Tallied:
    """A product of a running count, and the units of it so far."""

    sku: str
    counted: int


def claim_task(
    *, task: str, user_id: int, actor: Actor, within: Collection[str] | None = None
) -> None:
    """Take a task, so that nobody else counts it. Again for one's own: counting begins now.

    Raises CountTaskNotFound, CountTaskClaimed, WrongState, WarehouseNotAllowed.
    """
    require_unit_of_work()
    facts = known_task(reference=task, within=within)
    if not rows(CLAIM, [user_id, shelves.ledger_mark(), task, user_id]):
        refuse_claim(facts=known_task(reference=task, within=within), user_id=user_id)
    if facts.claimed_by_id != user_id:
        tell(type="count.claimed", reference=task, actor=actor, now=None,
             details={"warehouse": facts.warehouse, "bin": facts.bin})  # fmt: skip


def begin(
    *, task: str, bin: str, user_id: int, actor: Actor, within: Collection[str] | None = None
) -> None:
    """Stand before the bin: counting begins now, and the task is claimed where it was free.

    Raises NotInCount (another bin was scanned), CountTaskNotFound, CountTaskClaimed, WrongState.
    """
    facts = known_task(reference=task, within=within)
    if normal_bin(bin) != facts.bin:
        raise NotInCount(
            _("This is %(bin)s; count %(wanted)s. Scan the bin again.")
            % {"bin": normal_bin(bin), "wanted": facts.bin}
        )
    claim_task(task=task, user_id=user_id, actor=actor, within=within)


def tally(
    *,
    task: str,
    sku: str,
    quantity: int = 1,
    replace: bool = False,
    user_id: int,
    within: Collection[str] | None = None,
) -> Tallied:
    """Count units of a product, on top of those so far or in their place. Nothing is booked by it.

    Raises NotInCount, UnknownSku, InvalidLines, CountTaskClaimed, WrongState.
    """
    require_unit_of_work()
    if not (0 if replace else 1) <= quantity <= MAX_QUANTITY:
        raise InvalidLines(_("%(quantity)s units cannot be counted.") % {"quantity": quantity})
    facts = mine(reference=task, user_id=user_id, within=within)
    sku = sku.strip().upper()
    check_counted(facts=facts, skus=[sku])
    given = {"task": task, "sku": sku, "quantity": quantity, "replace": replace, "user": user_id}
    found = rows(TALLY, given)
    if not found:
        raise UnknownSku(_("Unknown SKU %(sku)s.") % {"sku": sku}, items=[{"sku": sku}])
    if found[0][0] > MAX_QUANTITY:
        raise InvalidLines(
            _("At most %(most)s units of a product are counted in one bin.")
            % {"most": MAX_QUANTITY}
        )
    return Tallied(sku=sku, counted=found[0][0])


def hand_back(
    *,
    task: str,
    actor: Actor,
    user_id: int | None = None,
    within: Collection[str] | None = None,
) -> None:
    """Give a task back uncounted; what was tallied is forgotten. Without `user_id`, whoever has it.

    Raises CountTaskNotFound, CountTaskClaimed, WrongState.
    """
    require_unit_of_work()
    facts = known_task(reference=task, within=within)
    given = rows(
        """UPDATE orders_counttask SET claimed_by_id = NULL
            WHERE id = %s AND status IN ('open', 'recount')
              AND claimed_by_id = coalesce(%s, claimed_by_id) RETURNING id""",
        [facts.id, user_id],
    )
    if not given:
        refuse_claim(facts=facts, user_id=user_id)
    rows("DELETE FROM orders_counttally WHERE task_id = %s", [facts.id])
    tell(type="count.handed_back", reference=task, actor=actor, now=None,
         details={"warehouse": facts.warehouse, "bin": facts.bin})  # fmt: skip


def scan(
    *,
    task: str,
    code: str,
    user_id: int,
    within: Collection[str] | None = None,
) -> Tallied:
    """Count one unit of whatever was scanned. Raises UnknownCode, NotInCount, and what `tally` raises."""
    known = known_codes(code=code, within=within)
    skus = [one.code for one in known if one.kind == "product"]
    if skus:
        return tally(task=task, sku=skus[0], user_id=user_id, within=within)
    if known:
        raise NotInCount(
            _("This is the label of bin %(code)s. Scan the goods in the bin.")
            % {"code": known[0].code}
        )
    raise UnknownCode(
        _("Nobody knows the code %(code)s. Set it aside for your manager.")
        % {"code": code.strip()[:40]}
    )
