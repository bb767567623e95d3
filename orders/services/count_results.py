"""What comes of a count: it is booked, counted again, or put before a manager.

The difference is what counts: what was found, less what the books said while counting went on. So picking
goes on between counting and booking, and neither disturbs the other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.roles import another_manager
from inventory_site.core.sql import rows
from orders.errors import CountOutdated, OwnCount
from orders.queries.counts import TaskFacts
from orders.services.count_rules import Found, Verdict, best_fit, tolerance, verdict
from orders.services.count_tasks import check_counted, known_task, mine, tell
from orders.states import WrongState, in_words
from warehouse import shelves
from warehouse.checks import normal_sku
from warehouse.errors import InvalidLines, NotEnoughInBin, UnknownSku
from warehouse.lines import MAX_QUANTITY, CountLine, TransferLine
from warehouse.services.counting import count
from warehouse.services.places import MISSING_BIN
from warehouse.services.transfers import transfer

ENTRIES = """
    INSERT INTO orders_countentry
           (task_id, product_id, round, counted, expected, booked, ledger_mark, actor, counted_at)
    SELECT %(task)s, x.product_id, %(round)s, x.counted, x.expected, x.booked, x.mark, %(actor)s,
           coalesce(%(now)s::timestamptz, statement_timestamp())
      FROM unnest(%(products)s::bigint[], %(counted)s::int[], %(expected)s::int[],
                  %(booked)s::bool[], %(marks)s::bigint[])
           AS x(product_id, counted, expected, booked, mark)
"""

# Guarded by all that was read without a lock.
MOVE_ON = """
    UPDATE orders_counttask
       SET status = %(then)s::text, missing = %(missing)s,
           claimed_by_id = CASE WHEN %(then)s::text = 'done' THEN claimed_by_id END,
           closed_at = CASE WHEN %(then)s::text = 'done'
                            THEN coalesce(%(now)s::timestamptz, statement_timestamp()) END
     WHERE id = %(id)s AND status = %(status)s::text AND missing = %(was_missing)s
       AND claimed_by_id IS NOT DISTINCT FROM %(claimed_by)s
    RETURNING id
"""


@dataclass(frozen=True, slots=True)
class CountOutcome:
    """What became of a count that was handed in: done, recount or approval. No quantities: it is blind."""

    reference: str
    status: str
    round: int
    booked: Sequence[str]
    recount: Sequence[str]


def submit(
    *,
    task: str,
    user_id: int,
    counts: Sequence[tuple[str, int]] | None = None,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> CountOutcome:
    """Hand in what was counted: (SKU, units), or what was tallied. What is in the bin and not named is 0.

    Small differences are booked at once; a product that is off by more than the tolerance is counted
    again, and put before a manager once two counts agree. Missing units that were found move back from
    MISSING, the others are written off. Raises CountTaskNotFound, CountTaskClaimed, WrongState, NotInCount,
    UnknownSku, InvalidLines, WarehouseNotAllowed.
    """
    require_unit_of_work()
    facts = mine(reference=task, user_id=user_id, within=within)
    counted = _counted(facts, counts)
    check_counted(facts=facts, skus=counted)
    found = _found(facts, counted)
    allowed = tolerance()
    for one in found:
        one.verdict = verdict(found=one, round=facts.round + 1, allowed=allowed)
    booked = [one for one in found if one.verdict is Verdict.BOOK]
    try:
        _book(facts, booked, actor, now)
    except NotEnoughInBin:
        raise Raced(_("The bin changed while this was handed in; send it again.")) from None
    if _outdated(facts, found):
        raise Raced(_("The bin was corrected while this was handed in; send it again."))
    status = _status(found)
    _move_on(facts, status, now)  # first, since of two who hand in at once one gets no further
    _keep(facts, found, actor, now)
    again = [one.sku for one in found if one.verdict is not Verdict.BOOK]
    outcome = CountOutcome(task, status, facts.round + 1, [one.sku for one in booked], again)
    _tell("count.submitted", facts, found, actor, now, status=status, round=outcome.round)
    return outcome


def approve(
    *,
    task: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> CountOutcome:
    """A manager believes the last count: it is booked by its difference.

    Not one who counted, in any round, unless there is no other manager for this warehouse. Raises
    CountTaskNotFound, WrongState, OwnCount, CountOutdated (corrected since it was counted), NotEnoughInBin
    (the bin holds less by now than is to be taken off), WarehouseNotAllowed.
    """
    require_unit_of_work()
    facts = _waiting(task, within)
    _check_other_eyes(facts, actor)
    found = [
        Found(
            product_id=line.product_id,
            sku=line.sku,
            unit_cost=line.unit_cost,
            counted=line.counted,
            expected=line.expected,
            missing=0,
            ledger_mark=line.ledger_mark,
        )
        for line in facts.disputed
    ]
    _set_missing(facts, found)
    _book(facts, found, actor, now)
    if outdated := _outdated(facts, found):
        raise CountOutdated(
            _("%(outdated)s in %(bin)s was corrected since it was counted; count it again.")
            % {"outdated": ", ".join(outdated), "bin": facts.bin},
            items=[{"sku": sku, "bin": facts.bin} for sku in outdated],
        )
    rows(
        "UPDATE orders_countentry SET booked = true WHERE task_id = %s AND round = %s",
        [facts.id, facts.round],
    )
    _move_on(facts, "done", now)
    _tell("count.approved", facts, found, actor, now, status="done", round=facts.round)
    return CountOutcome(task, "done", facts.round, [one.sku for one in found], [])


def reject(
    *,
    task: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> CountOutcome:
    """A manager does not believe it: it is counted once more.

    Raises CountTaskNotFound, WrongState, WarehouseNotAllowed.
    """
    require_unit_of_work()
    facts = _waiting(task, within)
    _move_on(facts, "recount", now)
    _tell("count.rejected", facts, [], actor, now, status="recount", round=facts.round)
    return CountOutcome(task, "recount", facts.round, [], [line.sku for line in facts.disputed])


def _waiting(task: str, within: Collection[str] | None) -> TaskFacts:
    facts = known_task(reference=task, within=within)
    if facts.status != "approval":
        raise WrongState(
            _("%(task)s is %(status)s; it does not wait for a manager.")
            % {"task": task, "status": in_words(facts.status)}
        )
    return facts


def _check_other_eyes(facts: TaskFacts, actor: Actor) -> None:
    """Four eyes where there are four. Raises OwnCount."""
    counted = rows(
        "SELECT EXISTS (SELECT FROM orders_countentry WHERE task_id = %s AND actor = %s)",
        [facts.id, actor.name],
    )[0][0]
    if counted and another_manager(than=actor.name, warehouse=facts.warehouse):
        raise OwnCount(
            _("You counted %(bin)s yourself; have another manager look at it.") % {"bin": facts.bin}
        )


def _counted(facts: TaskFacts, counts: Sequence[tuple[str, int]] | None) -> dict[str, int]:
    if counts is None:
        return {line.sku: line.counted for line in facts.tally}
    counted: dict[str, int] = {}
    for n, (given, quantity) in enumerate(counts):
        sku = normal_sku(given)
        if sku in counted:
            raise InvalidLines(
                _("Line %(n)s: %(sku)s is counted twice.") % {"n": n + 1, "sku": sku},
                items=[{"line": n}],
            )
        if not 0 <= quantity <= MAX_QUANTITY:
            raise InvalidLines(
                _("Line %(n)s: 0 to %(most)s units.") % {"n": n + 1, "most": MAX_QUANTITY},
                items=[{"line": n}],
            )
        counted[sku] = quantity
    return counted


def _found(facts: TaskFacts, counted: Mapping[str, int]) -> list[Found]:
    """Each product that this round is about, with what the books say of it."""
    before = {line.sku: line.difference for line in facts.disputed}
    wanted = {*counted, *before, *([facts.sku] if facts.sku else [])}
    everything = facts.sku is None and facts.round == 0
    shelf = shelves.shelf(
        bin_id=facts.bin_id, skus=wanted, everything=everything, mark=facts.ledger_mark
    )
    if unknown := wanted - {line.sku for line in shelf}:
        names = ", ".join(sorted(unknown))
        raise UnknownSku(
            _("Unknown SKU %(skus)s.") % {"skus": names},
            items=[{"sku": sku} for sku in sorted(unknown)],
        )
    result = []
    for line in shelf:
        units = counted.get(line.sku, 0)
        missing = min(facts.missing, line.missing)
        expected = best_fit(
            counted=units, least=max(0, line.least) + missing, most=line.most + missing
        )
        result.append(
            Found(
                product_id=line.product_id,
                sku=line.sku,
                unit_cost=line.unit_cost,
                counted=units,
                expected=expected,
                missing=missing,
                ledger_mark=line.ledger_mark,
                previous=before.get(line.sku),
            )
        )
    return result


def _set_missing(facts: TaskFacts, found: Sequence[Found]) -> None:
    """The task's missing units, as far as they still wait in MISSING."""
    if facts.missing:
        shelf = shelves.shelf(
            bin_id=facts.bin_id, skus=[one.sku for one in found], everything=False, mark=2**62
        )
        there = {line.sku: line.missing for line in shelf}
        for one in found:
            one.missing = min(facts.missing, there[one.sku])


def _book(facts: TaskFacts, found: Sequence[Found], actor: Actor, now: datetime | None) -> None:
    """Give what was found to the engine: missing units back into the bin, differences as counts."""
    back = [
        TransferLine(one.sku, one.returned, MISSING_BIN, facts.bin) for one in found if one.returned
    ]
    if back:
        transfer(
            reference=facts.reference,
            from_warehouse=facts.warehouse,
            to_warehouse=facts.warehouse,
            lines=back,
            actor=actor,
            now=now,
        )
    lines = []
    for one in found:
        expected = one.counted - one.in_bin
        lines.append(CountLine(one.sku, facts.warehouse, one.counted, facts.bin, expected))
        if one.written_off:
            lines.append(CountLine(one.sku, facts.warehouse, 0, MISSING_BIN, one.written_off))
    if lines:
        count(reference=facts.reference, lines=lines, actor=actor, now=now)


def _outdated(facts: TaskFacts, found: Sequence[Found]) -> list[str]:
    """What was corrected by somebody else after it was counted; looked at once the stock is locked."""
    marks = [(one.product_id, one.ledger_mark) for one in found]
    return shelves.corrected_since(bin_id=facts.bin_id, marks=marks, apart_from=facts.reference)


def _status(found: Sequence[Found]) -> str:
    verdicts = {one.verdict for one in found}
    if Verdict.RECOUNT in verdicts:
        return "recount"
    return "approval" if Verdict.APPROVE in verdicts else "done"


def _keep(facts: TaskFacts, found: Sequence[Found], actor: Actor, now: datetime | None) -> None:
    """Write down what this round found, and forget the tally."""
    given = {
        "task": facts.id,
        "round": facts.round + 1,
        "products": [one.product_id for one in found],
        "counted": [one.counted for one in found],
        "expected": [one.expected for one in found],
        "booked": [one.verdict is Verdict.BOOK for one in found],
        "marks": [one.ledger_mark for one in found],
        "actor": actor.name,
        "now": now,
    }
    rows(ENTRIES, given)
    rows("DELETE FROM orders_counttally WHERE task_id = %s", [facts.id])


def _move_on(facts: TaskFacts, status: str, now: datetime | None) -> None:
    given = {
        "id": facts.id,
        "status": facts.status,
        "then": status,
        "was_missing": facts.missing,
        "missing": 0 if status == "done" else facts.missing,
        "claimed_by": facts.claimed_by_id,
        "now": now,
    }
    if not rows(MOVE_ON, given):
        raise Raced(
            _("%(reference)s changed meanwhile; send it again.") % {"reference": facts.reference}
        )


def _tell(
    type: str,
    facts: TaskFacts,
    found: Sequence[Found],
    actor: Actor,
    now: datetime | None,
    *,
    status: str,
    round: int,
) -> None:
    """The event, with the differences as they stand; a manager's system may look at them."""
    differences = [
        {"sku": one.sku, "difference": one.difference, "booked": one.verdict is Verdict.BOOK}
        for one in found
        if one.difference
    ]
    details = {
        "warehouse": facts.warehouse,
        "bin": facts.bin,
        "round": round,
        "status": status,
        "differences": differences,
    }
    tell(type=type, reference=facts.reference, actor=actor, now=now, details=details)
