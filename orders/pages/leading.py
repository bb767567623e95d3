"""Where a scanned code leads: the address of its page, or in words why there is none to go to."""

from django.urls import reverse

from inventory_site.core.roles import PICKER, RECEIVER
from orders.pages.arriving import Visit
from orders.pages.base import Said
from orders.queries.codes import Resolved
from orders.queries.floor import OrderHere, order_here

DOCUMENTS = {
    "pick_list": "floor:pick-list",
    "count_task": "floor:count-task",
    "purchase_order": "floor:receive-one",
    "return": "floor:return",
    "transfer": "floor:receive-one",
    "shipment": "floor:parcel",
}
NOT_ON_THE_FLOOR = {
    "draft": "is a draft: nothing is promised yet.",
    "allocated": "is promised and waits for a pick list.",
    "backordered": "waits for stock.",
    "cancelled": "was cancelled; nothing of it lies here.",
}


def lead(visit: Visit, what: Resolved) -> Said:
    """What is told of a code of this warehouse, with the page to go on with where there is one."""
    if what.kind == "order":
        return _of_order(visit, what.code)
    named = f"{what.kind.replace('_', ' ').capitalize()} {what.code}."
    return Said(named, next=_page_of(what))


def _page_of(what: Resolved) -> str:
    if what.kind == "product":
        return reverse("floor:product", args=[what.code])
    if what.kind == "bin":
        return reverse("floor:bin", args=[what.warehouse, what.code])
    return reverse(DOCUMENTS[what.kind], kwargs={"reference": what.code})


def _of_order(visit: Visit, reference: str) -> Said:
    """To its tote or list while there is work on it here; then to where its goods are taken back."""
    order = order_here(reference=reference, warehouse=visit.warehouse.code)
    if order is None:
        return Said(f"Order {reference} is gone.", "note")
    if order.pick_list:
        return _to_its_list(visit, reference, order, order.pick_list)
    if not order.shipped:
        why = NOT_ON_THE_FLOOR.get(order.status, "is on no list.")
        return Said(f"Order {reference} {why}", "note")
    told = f"Order {reference} has left."
    if _may(visit, RECEIVER):
        return Said(f"{told} What of it comes back?", next=_to("return-of-order", reference))
    if _may(visit, PICKER) and order.parcel:
        return Said(told, next=_to("parcel", order.parcel))
    return Said(f"{told} What comes back of it is for receivers.", "note")


def _to_its_list(visit: Visit, reference: str, order: OrderHere, pick_list: str) -> Said:
    told = f"Order {reference} is on list {pick_list}"
    if order.warehouse != visit.warehouse.code:
        return Said(f"{told} in {order.warehouse}.", "note")
    if not _may(visit, PICKER):
        return Said(f"{told}; that is for pickers.", "note")
    if order.list_status == "picked":
        return Said(f"{told}, tote {order.tote}.",
                    next=_to("pick-tote", pick_list, tote=order.tote))  # fmt: skip
    mine = order.list_status == "claimed" and order.claimed_by == visit.staff.user_id
    page = "pick-task" if mine else "pick-list"
    return Said(f"{told}.", next=_to(page, pick_list))


def _may(visit: Visit, role: str) -> bool:
    return visit.staff.is_manager or role in visit.staff.roles


def _to(page: str, reference: str, **more: object) -> str:
    return reverse(f"floor:{page}", kwargs={"reference": reference, **more})
