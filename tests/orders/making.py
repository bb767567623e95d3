"""Orders and lists as tests start from them."""

from typing import Any

from orders.queries.sales import OrderView
from orders.services.placing import NewLine, NewOrder, place
from tests.factories import do


def new_order(reference: str = "O-1", /, **lines_and_more: Any) -> NewOrder:
    """An order of `A=2` and the like; whatever is not a whole number is another field."""
    fields = {k: v for k, v in lines_and_more.items() if k in NewOrder.__annotations__}
    lines = [NewLine(sku, n) for sku, n in lines_and_more.items() if sku not in fields]
    return NewOrder(reference=reference, lines=lines, **fields)


def order(reference: str = "O-1", /, **lines_and_more: Any) -> OrderView:
    """The same, placed."""
    return do(place, order=new_order(reference, **lines_and_more))


def status(reference: str = "O-1") -> str:
    from orders.models import SalesOrder

    return SalesOrder.objects.get(reference=reference).status
