"""Orders and lists as tests start from them."""

from typing import Any

from django.db.models import F

from inventory_site.core.actors import Actor
from orders.locks import lock_orders
from orders.models import (
    OrderLine,
    PickLine,
    PickList,
    PickListOrder,
    SalesOrder,
    ShipmentLine,
)
from orders.queries.facts import facts_of
from orders.queries.sales import OrderView
from orders.services.placing import NewLine, NewOrder, place
from orders.services.progress import finish_lists, refresh
from orders.states import status_of
from tests.factories import TESTER, do, item, warehouse
from warehouse.lines import TransferLine
from warehouse.models import BinStock, ReservationLine
from warehouse.services.proof import verify_ledger
from warehouse.services.transfers import transfer


def new_order(reference: str = "O-1", /, **lines_and_more: Any) -> NewOrder:
    """An order of `A=2` and the like; whatever is not a whole number is another field."""
    fields = {k: v for k, v in lines_and_more.items() if k in NewOrder.__annotations__}
    lines = [NewLine(sku, n) for sku, n in lines_and_more.items() if sku not in fields]
    return NewOrder(reference=reference, lines=lines, **fields)


def order(reference: str = "O-1", /, **lines_and_more: Any) -> OrderView:
    """The same, placed."""
    return do(place, order=new_order(reference, **lines_and_more))


def status(reference: str = "O-1") -> str:
    return SalesOrder.objects.get(reference=reference).status


def pick_list(reference: str = "PICK-1", /, code: str = "MAIN", **orders: dict[str, int]) -> None:
    """A list that walks for these orders, each with so many of each SKU, from the bin A-01-01.

    Names of orders are given with `_` for `-`.
    """
    place = warehouse(code)
    made = PickList.objects.create(reference=reference, warehouse=place, kind="batch")
    for tote, (name, wanted) in enumerate(orders.items(), 1):
        order = SalesOrder.objects.get(reference=name.replace("_", "-"))
        PickListOrder.objects.create(pick_list=made, order=order, tote=tote)
        for sku, quantity in wanted.items():
            PickLine.objects.create(
                pick_list=made,
                order_line=order.lines.get(product__sku=sku),
                item=item(sku, code),
                bin=place.bins.get(code="A-01-01"),
                sequence=1,
                quantity=quantity,
            )


def pick(reference: str = "PICK-1", /, *, most: int | None = None, only: str | None = None) -> None:
    """Pick a list, or at most so many of each line of one order, as a scan would: stock, then paper."""
    lines = PickLine.objects.filter(pick_list__reference=reference, quantity__gt=F("picked"))
    lines = lines.filter(order_line__order__reference=only) if only else lines
    found = lines.select_related("order_line__product", "order_line__order", "item__warehouse")
    for line in found.order_by("id"):
        do(pick_one, line=line, quantity=min(line.left, most or line.left))


def pick_one(*, line: PickLine, quantity: int, actor: Actor = TESTER) -> None:
    sku, code = line.order_line.product.sku, line.item.warehouse.code
    transfer(
        reference=line.pick_list.reference,
        from_warehouse=code,
        to_warehouse=code,
        lines=[TransferLine(sku, quantity, line.bin.code, "PACKING")],
        actor=actor,
    )
    PickLine.objects.filter(pk=line.pk).update(picked=F("picked") + quantity)
    order_id = line.order_line.order_id
    lock_orders(ids=[order_id])
    finish_lists(list_ids=[line.pick_list_id])
    refresh(order_ids=[order_id])


def lines_of(reference: str = "PICK-1") -> list[tuple[int, int, int, int, str]]:
    """quantity, picked, short, shipped, problem of each line."""
    found = PickLine.objects.filter(pick_list__reference=reference).order_by("id")
    return list(found.values_list("quantity", "picked", "short", "shipped", "problem"))


def list_status(reference: str = "PICK-1") -> str:
    return PickList.objects.get(reference=reference).status


def in_bin(sku: str, bin: str, code: str = "MAIN") -> int:
    found = BinStock.objects.filter(item=item(sku, code), bin__code=bin)
    return found.values_list("quantity", flat=True).first() or 0


def papers_agree_with_the_stock() -> None:
    """What is left of an order line is promised to it, what has left is in parcels, every status follows from
    the facts, and the books are right."""
    assert verify_ledger() == []
    for line in OrderLine.objects.select_related("order", "product"):
        sent = ShipmentLine.objects.filter(order_line=line)
        assert sum(x.quantity for x in sent) == line.shipped, line
        if line.order.reservation_id is not None:
            held = ReservationLine.objects.filter(
                reservation=line.order.reservation_id, item__product=line.product
            )
            left = line.quantity - line.cancelled - line.shipped
            assert sum(x.shipped for x in held) == line.shipped, line
            assert sum(x.quantity - x.shipped - x.released for x in held) == left, line
    ids = list(SalesOrder.objects.values_list("id", flat=True))
    for found in facts_of(order_ids=ids):
        assert found.facts.status == status_of(found.facts), found
