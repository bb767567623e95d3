"""Who walks with a list: claimed by one person alone, handed back, or given to somebody else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.errors import ListClaimed, ListNotYours, NoSuchPerson, PickListNotFound
from orders.locks import lock_orders, lock_pick_lists
from orders.queries.people import pickers
from orders.services.progress import finish_lists, refresh
from orders.states import WrongState, in_words
from warehouse.errors import WarehouseNotAllowed

LIST = """
    SELECT t.id, t.reference, w.code, t.status, t.claimed_by_id, coalesce(u.username, ''),
           ARRAY(SELECT order_id FROM orders_picklistorder WHERE pick_list_id = t.id
                  ORDER BY order_id)
      FROM orders_picklist t
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id
      LEFT JOIN {users} u ON u.id = t.claimed_by_id
     WHERE t.reference = ANY(%s::text[])
     ORDER BY t.id
"""

# Two who claim at once: the second finds no open list any more.
CLAIM = """
    UPDATE orders_picklist
       SET status = 'claimed', claimed_by_id = %s,
           claimed_at = coalesce(%s::timestamptz, statement_timestamp())
     WHERE id = %s AND status = 'open'
    RETURNING id
"""

HAND_BACK = """
    UPDATE orders_picklist SET status = 'open', claimed_by_id = NULL, claimed_at = NULL
     WHERE id = %s AND status = 'claimed' AND claimed_by_id = %s
    RETURNING id
"""

REASSIGN = """
    UPDATE orders_picklist
       SET status = 'claimed', claimed_by_id = %s,
           claimed_at = coalesce(%s::timestamptz, statement_timestamp())
     WHERE id = %s AND (status = 'open' OR (status = 'claimed' AND claimed_by_id <> %s))
    RETURNING id
"""


@dataclass(frozen=True, slots=True)
class ListState:
    """A pick list as it was read, without a lock."""

    id: int
    reference: str
    warehouse: str
    status: str
    claimed_by: int | None
    claimed_name: str
    order_ids: list[int]


def claim(
    *,
    pick_list: str,
    staff_id: int,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> None:
    """Take an open list; its orders are being picked from now on. Claiming one's own again is harmless.

    Raises PickListNotFound, ListClaimed (naming who has it), WrongState (there is nothing left to
    pick), WarehouseNotAllowed.
    """
    require_unit_of_work()
    found = list_state(reference=pick_list, within=within)
    lock_orders(ids=found.order_ids)
    if not rows(CLAIM, [staff_id, now, found.id]):
        check_mine(state=list_state(reference=pick_list), user_id=staff_id)
        return
    _tell("picking.claimed", found, actor, now)


def hand_back(
    *,
    pick_list: str,
    user_id: int,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> None:
    """Give a list back for others; what is in its totes stays there.

    Raises PickListNotFound, ListNotYours, ListClaimed, WrongState, WarehouseNotAllowed.
    """
    require_unit_of_work()
    found = list_state(reference=pick_list, within=within)
    lock_orders(ids=found.order_ids)
    if not rows(HAND_BACK, [found.id, user_id]):
        found = list_state(reference=pick_list)
        if found.status == "open":
            return
        check_mine(state=found, user_id=user_id)
        raise Raced(
            _("%(reference)s was changed at the same moment; try again.")
            % {"reference": found.reference}
        )
    _tell("picking.handed_back", found, actor, now)


def reassign(
    *,
    pick_list: str,
    to_user_id: int,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> str:
    """Give a list to somebody, whoever has it or nobody: for managers. The person's name.

    Its next scan is refused to the one before. Giving it to who has it is harmless. Raises
    PickListNotFound, NoSuchPerson (or one who does not pick there), WrongState, WarehouseNotAllowed.
    """
    require_unit_of_work()
    found = list_state(reference=pick_list, within=within)
    people = {one.id: one.name for one in pickers(warehouses=[found.warehouse])}
    if to_user_id not in people:
        raise NoSuchPerson(
            _("There is no such person, or they do not pick in %(warehouse)s.")
            % {"warehouse": found.warehouse}
        )
    person = people[to_user_id]
    lock_orders(ids=found.order_ids)
    given = rows(REASSIGN, [to_user_id, now, found.id, to_user_id])
    if not given:
        found = list_state(reference=pick_list)
        check_mine(state=found, user_id=to_user_id)
        return person
    _tell("picking.reassigned", found, actor, now, to=person, before=found.claimed_name)
    return person


def list_states(*, references: Collection[str]) -> list[ListState]:
    """These lists as they stand, unlocked. Raises PickListNotFound."""
    sql = LIST.format(users=get_user_model()._meta.db_table)
    asked = [reference.strip().upper() for reference in references]
    found = [ListState(*row) for row in rows(sql, [asked])]
    lost = set(asked) - {state.reference for state in found}
    if lost:
        raise PickListNotFound(
            _("There is no pick list %(lost)s.") % {"lost": ", ".join(sorted(lost))}
        )
    return found


def list_state(*, reference: str, within: Collection[str] | None = None) -> ListState:
    """One list as it stands, unlocked. Raises PickListNotFound, WarehouseNotAllowed."""
    (found,) = list_states(references=[reference])
    if within is not None and found.warehouse not in within:
        raise WarehouseNotAllowed(
            _("Not allowed in warehouse %(warehouse)s.") % {"warehouse": found.warehouse},
            items=[{"warehouse": found.warehouse}],
        )
    return found


def check_mine(*, state: ListState, user_id: int, over_too: bool = False) -> None:
    """Raise WrongState, ListClaimed or ListNotYours unless this person walks with the list.

    With `over_too`, a list whose last line was just picked is still theirs.
    """
    if state.status not in ("open", "claimed", *(["picked"] if over_too else [])):
        raise WrongState(
            _("%(reference)s is %(status)s; there is nothing left to pick.")
            % {"reference": state.reference, "status": in_words(state.status)}
        )
    if state.claimed_by is None:
        raise ListNotYours(
            _("%(reference)s is not claimed; claim it and scan again.")
            % {"reference": state.reference}
        )
    if state.claimed_by != user_id:
        raise ListClaimed(
            _(
                "%(reference)s is picked by %(claimed_name)s. Take another list, or ask your "
                "manager to give it to you."
            )
            % {"reference": state.reference, "claimed_name": state.claimed_name},
            items=[{"pick_list": state.reference, "claimed_by": state.claimed_name}],
        )


def check_not_others(*, state: ListState, actor: Actor) -> None:
    """Raise ListClaimed while somebody else walks with the list: nobody reaches into their totes."""
    if state.status == "claimed" and state.claimed_by != actor.user_id:
        raise ListClaimed(
            _(
                "%(reference)s is picked by %(claimed_name)s, who has its totes. Ask them, or have "
                "a manager take the list over first."
            )
            % {"reference": state.reference, "claimed_name": state.claimed_name},
            items=[{"pick_list": state.reference, "claimed_by": state.claimed_name}],
        )


def lock_as_read(state: ListState) -> None:
    """Lock a list's orders, then the list. Raises Raced where its walk changed since it was read."""
    lock_orders(ids=state.order_ids)
    ((_id, reference, status, claimed_by),) = lock_pick_lists(ids=[state.id])
    if (status, claimed_by) != (state.status, state.claimed_by):
        raise Raced(
            _("%(reference)s was changed at the same moment; look again.")
            % {"reference": reference}
        )


def lock_mine(
    *,
    state: ListState,
    user_id: int,
    over_too: bool = False,
    done_too: bool = False,
    beside: Sequence[ListState] = (),
) -> dict[int, str]:
    """Lock a list's orders, then the list; the status of each order. `beside`: lists locked with it.

    Raises what `check_mine` raises where the list is no longer this person's, and Raced. With
    `done_too`, the engine may just have taken off it what was left.
    """
    orders = {order for each in (state, *beside) for order in each.order_ids}
    statuses = {order: status for order, _, status in lock_orders(ids=orders)}
    locked = lock_pick_lists(ids=[state.id, *(each.id for each in beside)])
    reference, status, claimed_by = next(row[1:] for row in locked if row[0] == state.id)
    right = [
        "claimed",
        *(["picked"] if over_too or done_too else []),
        *(["done"] if done_too else []),
    ]
    if status not in right or claimed_by != user_id:
        check_mine(state=list_state(reference=reference), user_id=user_id, over_too=over_too)
        raise Raced(
            _("%(reference)s was changed at the same moment; scan again.")
            % {"reference": reference}
        )
    return statuses


def finish(*, states: Sequence[ListState], actor: Actor, now: datetime | None = None) -> list[int]:
    """End the walks on which nothing is left; their orders, locked before, follow. Ids of those lists."""
    over = finish_lists(list_ids=[state.id for state in states], now=now)
    if not over:
        return []
    ended = [state for state in states if state.id in over]
    orders = sorted({order for state in ended for order in state.order_ids})
    refresh(order_ids=orders, actor=actor, now=now)
    events = [_event("picking.finished", state, actor) for state in ended]
    outbox.record(events=events, now=now)
    return over


def _tell(type: str, found: ListState, actor: Actor, now: datetime | None, **details: str) -> None:
    """The orders follow, and the event says what became of the list."""
    refresh(order_ids=found.order_ids, actor=actor, now=now)
    outbox.record(events=[_event(type, found, actor, **details)], now=now)


def _event(type: str, found: ListState, actor: Actor, **details: str) -> Event:
    return Event(
        type=type,
        reference=found.reference,
        actor=actor.name,
        levels=[],
        details={"warehouse": found.warehouse, **details},
    )
