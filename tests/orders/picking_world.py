"""A small warehouse with orders to pick: made through the services, as far as there are any."""

from collections.abc import Mapping

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from inventory_site.core.actors import Actor
from inventory_site.core.db import in_unit_of_work
from inventory_site.core.roles import PICKER
from orders.models import OrderLine, PickLine, SalesOrder
from orders.services import picking, planning
from orders.services.progress import OWNER, refresh
from tests.factories import TESTER, BinFactory, do, known, shelves, warehouse
from warehouse.lines import PlacedLine, ReserveLine, ReserveRequest
from warehouse.models import BinStock, Product, Reservation
from warehouse.services.locations import walk_sequence
from warehouse.services.movements import receive
from warehouse.services.reservations import reserve_batch


def shelve(
    contents: Mapping[tuple[str, str], int], *, code: str = "MAIN", kind: str = "pick"
) -> None:
    """So many units of each (SKU, bin), in bins that lie where their code says."""
    place = warehouse(code)
    known(sku for sku, _ in contents)
    codes = dict.fromkeys(code for _, code in contents)
    shelves(
        [
            BinFactory.build(warehouse=place, code=x, kind=kind, pick_sequence=walk_sequence(x))
            for x in codes
        ]
    )
    lines = [PlacedLine(sku, code, n, bin_code) for (sku, bin_code), n in contents.items() if n]
    if lines:
        do(receive, reference="OPENING", lines=lines)


def order(
    reference: str, *, warehouse: str | None = None, backorder: bool = False, **lines: int
) -> SalesOrder:
    """An order of so many of each SKU, promised its stock."""
    return orders({reference: lines}, warehouse=warehouse, backorder=backorder)[0]


def orders(
    wanted: Mapping[str, Mapping[str, int]],
    *,
    warehouse: str | None = None,
    backorder: bool = False,
    **given,
) -> list[SalesOrder]:
    """Many orders at once: lines by reference."""
    requests = [
        ReserveRequest(
            reference,
            [ReserveLine(sku, n) for sku, n in lines.items()],
            warehouse=warehouse,
            owner=OWNER,
            backorder=backorder,
        )
        for reference, lines in wanted.items()
    ]
    in_unit_of_work(lambda: reserve_batch(requests=requests, actor=TESTER))
    reservations = dict(Reservation.objects.values_list("reference", "pk"))
    products = dict(Product.objects.values_list("sku", "pk"))
    made = SalesOrder.objects.bulk_create(
        SalesOrder(reference=x, status="allocated", reservation_id=reservations[x], **given)
        for x in wanted
    )
    OrderLine.objects.bulk_create(
        OrderLine(order=one, product_id=products[sku], quantity=n)
        for one in made
        for sku, n in wanted[one.reference].items()
    )
    do(refresh, order_ids=[one.pk for one in made])
    return made


def person(name: str = "anna", *, role: str = PICKER) -> int:
    made = get_user_model().objects.create_user(name, password="x")
    made.groups.add(Group.objects.get_or_create(name=role)[0])
    return made.pk


def actor(user_id: int) -> Actor:
    return Actor(name=f"user {user_id}", user_id=user_id)


def planned(kind: str = "batch", **arguments) -> list[str]:
    return do(planning.plan, kind=kind, **({"warehouse": "MAIN"} | arguments))


def claimed(user_id: int, **arguments) -> str:
    """A batch list of everything that waits, claimed."""
    (reference,) = planned(**arguments)
    do(picking.claim, pick_list=reference, staff_id=user_id)
    return reference


def walk(reference: str) -> list[tuple[str, str, int]]:
    """The lines of a list as (bin, SKU, quantity), in walk order."""
    found = PickLine.objects.filter(pick_list__reference=reference).order_by("sequence", "id")
    return list(found.values_list("bin__code", "item__product__sku", "quantity"))


def line(reference: str, **where) -> PickLine:
    return PickLine.objects.get(pick_list__reference=reference, **where)


def in_bin(sku: str, code: str, place: str = "MAIN") -> int:
    found = BinStock.objects.filter(
        item__product__sku=sku, bin__code=code, bin__warehouse__code=place
    )
    return found.values_list("quantity", flat=True).first() or 0


def scan(reference: str, user_id: int, **given):
    """Pick one unit of the list's line, as the label says; `given` says what was done otherwise."""
    what = (
        given.pop("line", None)
        or PickLine.objects.filter(pick_list__reference=reference)
        .order_by("sequence", "id")
        .first()
    )
    told = {
        "line_id": what.pk,
        "bin": what.bin.code,
        "code": what.item.product.sku,
        "user_id": user_id,
    }
    return do(picking.pick, pick_list=reference, **(told | given))
