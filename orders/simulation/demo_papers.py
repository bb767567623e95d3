"""What the demo's company has to do today: orders to pick, deliveries to receive, returns on the bench.

Its open promises (warehouse/simulation/company.py) become sales orders; the rest is made through the same
services that everybody uses. One transaction, so that it is there or not.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext

from inventory_site.core.actors import Actor
from orders.queries.sales import OrderView, known_orders
from orders.services.counting import CountPlace, open_tasks
from orders.services.drafting import draft_from_suggestions
from orders.services.placing import NewLine, NewOrder, place_batch
from orders.services.planning import plan
from orders.services.purchasing import send_batch
from orders.services.returning import ReturnedLine, expect_return, receive_return
from orders.services.transferring import WantedLine, dispatch, request
from warehouse.lines import Held
from warehouse.queries import known_reservations, levels_of

SHOP = Actor(name="shop")
CREW = Actor(name="crew")
OPEN = [f"DEMO-OPEN-{n:03d}" for n in range(60)]
FIRST = 5001  # the number of the first order
CUT_OFF = 16  # o'clock
CARRIERS = ("DHL", "UPS", "Parcel post")
DELIVERIES = 4  # purchase orders that are expected today; the other drafts wait to be sent
BUYERS = (
    ("Ada Moreau", "12 Mill Lane, Ashford TN23 1QT"),
    ("Jonas Lindqvist", "Storgatan 8, 582 23 Linköping"),
    ("Mei Tanaka", "4-2-8 Shibakoen, Minato, Tokyo 105-0011"),
    ("Luca Bianchi", "Via Roma 21, 20121 Milano"),
    ("Zofia Nowak", "ul. Długa 5, 31-146 Kraków"),
    ("Sam O'Neill", "3 Quay Street, Galway H91 E4X3"),
)


def write_papers(*, now: datetime) -> list[OrderView]:
    """Everything; the orders that were placed. Does nothing where there are none to place (any more)."""
    held = {ref: state for ref, (_, state) in known_reservations(OPEN).items()}
    orders = [_order(ref, held[ref], now) for ref in OPEN if _is_free(held.get(ref))]
    if known_orders(references=[order.reference for order in orders]):
        return []
    placed = place_batch(orders=orders, actor=SHOP, now=now) if orders else []
    views = [answer for answer in placed if isinstance(answer, OrderView)]
    if views:
        _lists(now)
        _deliveries(now)
        _returns(views, now)
        _transfer(views, now)
        _counts(views, now)
    return views


def _is_free(held: Held | None) -> bool:
    return held is not None and held.status == "active"


def _order(reference: str, held: Held, now: datetime) -> NewOrder:
    """An order for what is promised under that reference."""
    number = int(reference[-3:])
    units: dict[str, int] = {}
    for line in held.lines:
        units[line.sku] = units.get(line.sku, 0) + line.quantity
    name, address = BUYERS[number % len(BUYERS)]
    return NewOrder(
        reference=f"WEB-{FIRST + number}",
        lines=[NewLine(sku, quantity) for sku, quantity in units.items()],
        priority=2 if number % 9 == 0 else 5,
        ship_by=_cut_off(now) + timedelta(days=number % 3 // 2),
        carrier=CARRIERS[number % 3],
        ship_to_name=name,
        ship_to_address=address,
        notes="Gift wrap, please." if number % 11 == 0 else "",
        reservation=reference,
    )


def _cut_off(now: datetime) -> datetime:
    return datetime(now.year, now.month, now.day, CUT_OFF, tzinfo=UTC)


def _lists(now: datetime) -> None:
    """A few of each kind; what is left waits for a manager to plan it."""
    for warehouse in ("MAIN", "EAST"):
        plan(warehouse=warehouse, kind="single", most_orders=2, actor=CREW, now=now)
        plan(
            warehouse=warehouse,
            kind="batch",
            most_orders=6,
            label=gettext("Before noon"),
            actor=CREW,
            now=now,
        )
    plan(warehouse="MAIN", kind="wave", carrier="DHL", most_orders=8, actor=CREW, now=now)


def _deliveries(now: datetime) -> None:
    drafts = draft_from_suggestions(actor=CREW, now=now)
    due = {draft.reference: _cut_off(now) for draft in drafts[:DELIVERIES]}
    if due:
        send_batch(references=list(due), expected_at=due, actor=CREW, now=now)


def _returns(orders: Sequence[OrderView], now: datetime) -> None:
    """Of orders from before we kept papers: one is announced, two lie on the bench."""
    for number, order in enumerate(orders[:3]):
        paper = expect_return(
            warehouse="MAIN",
            lines=[ReturnedLine(order.lines[0].sku, 1)],
            reason=("does not fit", "changed my mind", "arrived damaged")[number],
            actor=SHOP,
            now=now - timedelta(hours=30),
        )
        if number:
            at = now - timedelta(hours=5 * number)
            receive_return(reference=paper.reference, actor=CREW, now=at)


def _transfer(orders: Sequence[OrderView], now: datetime) -> None:
    """Asked for by EAST, and on the road from MAIN where there is enough."""
    plenty = _plenty(orders)
    if not plenty:
        return
    paper = request(
        source="MAIN", destination="EAST", lines=[WantedLine(plenty[0], 2)], actor=CREW, now=now
    )
    tomorrow = _cut_off(now) + timedelta(days=1)
    dispatch(reference=paper.reference, expected_at=tomorrow, actor=CREW, now=now)


def _counts(orders: Sequence[OrderView], now: datetime) -> None:
    """A few products are to be counted, wherever they lie in MAIN."""
    places = [CountPlace(warehouse="MAIN", sku=sku) for sku in _plenty(orders)[1:4]]
    if places:
        open_tasks(places=places, actor=CREW, now=now)


def _plenty(orders: Sequence[OrderView]) -> list[str]:
    """Products of these orders of which MAIN has more than it promised."""
    levels = levels_of(skus={line.sku for order in orders for line in order.lines})
    return sorted(
        sku
        for sku, level in levels.items()
        if any(x.warehouse == "MAIN" and x.available > 10 for x in level.warehouses)
    )
