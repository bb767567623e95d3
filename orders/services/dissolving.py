"""A pick list that was planned wrongly is cancelled; its orders wait to be planned anew."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.errors import ListClaimed
from orders.services.claiming import ListState, list_state, lock_as_read
from orders.services.progress import refresh
from orders.states import WrongState, in_words

IN_TOTES = """
    SELECT coalesce(sum(picked - shipped), 0)::int FROM orders_pickline WHERE pick_list_id = %s
"""

# Its lines speak for no goods any more, so that nobody who plans has to ask what became of their list.
CANCEL = """
    WITH list AS (
        UPDATE orders_picklist
           SET status = 'cancelled',
               finished_at = coalesce(%(now)s::timestamptz, statement_timestamp())
         WHERE id = %(list)s
        RETURNING id)
    UPDATE orders_pickline x
       SET short = x.quantity - x.picked,
           problem = CASE x.problem WHEN 'cancelled' THEN x.problem ELSE 'list_cancelled' END
      FROM list
     WHERE x.pick_list_id = list.id AND x.quantity > x.picked + x.short
"""


def cancel_list(
    *,
    pick_list: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> None:
    """Nobody walks with this list: for managers. What it asked for can be planned anew at once.

    Raises PickListNotFound, ListClaimed (it is handed back first), WrongState (it is over, or goods lie in
    its totes: they are put back first), WarehouseNotAllowed, Raced.
    """
    require_unit_of_work()
    state = list_state(reference=pick_list, within=within)
    _check_open(state)
    lock_as_read(state)
    ((in_totes,),) = rows(IN_TOTES, [state.id])
    if in_totes:
        words = ngettext(
            "%(n)s unit lies in a tote of %(reference)s. Put it back first, on the page of the list.",
            "%(n)s units lie in totes of %(reference)s. Put them back first, on the page of the list.",
            in_totes,
        )
        raise WrongState(words % {"n": in_totes, "reference": state.reference})
    rows(CANCEL, {"list": state.id, "now": now})
    refresh(order_ids=state.order_ids, actor=actor, now=now)
    event = Event(
        type="picking.cancelled",
        reference=state.reference,
        actor=actor.name,
        levels=[],
        details={"warehouse": state.warehouse, "orders": len(state.order_ids)},
    )
    outbox.record(events=[event], now=now)


def _check_open(state: ListState) -> None:
    if state.status == "claimed":
        raise ListClaimed(
            _("%(reference)s is picked by %(claimed_name)s. Have it handed back, then cancel it.")
            % {"reference": state.reference, "claimed_name": state.claimed_name},
            items=[{"pick_list": state.reference, "claimed_by": state.claimed_name}],
        )
    if state.status != "open":
        raise WrongState(
            _("%(reference)s is %(status)s; there is nothing left to cancel.")
            % {"reference": state.reference, "status": in_words(state.status)}
        )
