"""Ship of a 3-line reservation. Each run ships reservations that were made for it just before."""

import random
import uuid
from functools import partial

from benchmarks import engine, floor
from benchmarks.measure import Result
from benchmarks.mixes import spread
from benchmarks.world import SKUS, sku

TOGETHER = 100


def _reservations(count: int) -> tuple[int, list[str]]:
    """So many fresh reservations: the first one's id (the others follow it) and the references."""
    from inventory_site.core.actors import SYSTEM
    from inventory_site.core.db import in_unit_of_work
    from warehouse.lines import ReserveLine, ReserveRequest
    from warehouse.models import Reservation
    from warehouse.services.reservations import reserve_batch

    dice = random.Random()
    references: list[str] = []
    while len(references) < count:
        orders = [
            ReserveRequest(
                reference=uuid.uuid4().hex,
                lines=[ReserveLine(sku(n), 1) for n in spread(dice, SKUS)],
                warehouse="MAIN",
            )
            for _ in range(min(TOGETHER, count - len(references)))
        ]
        in_unit_of_work(partial(reserve_batch, requests=orders, actor=SYSTEM))
        references += [order.reference for order in orders]
    return Reservation.objects.get(reference=references[0]).pk, references


def floor_ships(*, clients: int, seconds: float, per_second: int) -> Result:
    """PostgreSQL alone ships so many, shared among the clients."""
    each = max(1, int(per_second * seconds / clients))
    first, _ = _reservations(each * clients)
    return floor.ship(first=first, each=each, clients=clients, seconds=seconds)


def ours_ships(*, workers: int, seconds: float, per_second: int) -> Result:
    """The service ships until the time is over or all is shipped."""
    _, references = _reservations(int(per_second * seconds))
    return engine.ship(references=references, workers=workers, seconds=seconds)
