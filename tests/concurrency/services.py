"""The services that racing clients may call, with the type of their lines."""

from typing import Any

from inventory_site.core.actors import Actor
from orders.services import picking
from orders.services.cancelling import cancel
from orders.services.count_results import submit
from orders.services.count_work import claim_task
from orders.services.packing import ship_packed
from orders.services.placing import NewLine, NewOrder, place
from orders.services.planning import plan
from orders.services.shipping import ShipLine, ship_order
from warehouse.lines import (
    AdjustLine,
    CountLine,
    PlacedLine,
    ReservedLine,
    ReserveLine,
    TransferLine,
)
from warehouse.services.counting import count
from warehouse.services.movements import adjust, damage, receive
from warehouse.services.releasing import expire_due, extend, release
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship
from warehouse.services.transfers import transfer


def place_order(*, reference: str, lines: list[NewLine], actor: Actor, **fields: Any) -> Any:
    """An order out of what JSON can carry."""
    return place(order=NewOrder(reference=reference, lines=lines, **fields), actor=actor)


SERVICES: dict[str, tuple[Any, Any]] = {
    "reserve": (reserve, ReserveLine),
    "release": (release, ReservedLine),
    "ship": (ship, ReservedLine),
    "extend": (extend, None),
    "expire_due": (expire_due, None),
    "receive": (receive, PlacedLine),
    "damage": (damage, PlacedLine),
    "adjust": (adjust, AdjustLine),
    "count": (count, CountLine),
    "transfer": (transfer, TransferLine),
    "claim_count": (claim_task, None),
    "submit_count": (submit, None),
    "plan": (plan, None),
    "claim": (picking.claim, None),
    "hand_back": (picking.hand_back, None),
    "reassign": (picking.reassign, None),
    "pick": (picking.pick, None),
    "undo": (picking.undo, None),
    "short": (picking.short, None),
    "place": (place_order, NewLine),
    "cancel": (cancel, NewLine),
    "ship_order": (ship_order, ShipLine),
    "ship_packed": (ship_packed, None),
}
