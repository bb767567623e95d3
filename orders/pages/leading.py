"""Where a scanned code leads: the address of its page, or in words why there is none to go to."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
KINDS = {
    "product": _("Product"),
    "bin": _("Bin"),
    "order": _("Order"),
    "pick_list": _("Pick list"),
    "count_task": _("Count task"),
    "purchase_order": _("Purchase order"),
    "return": _("Return"),
    "transfer": _("Transfer"),
    "transfer_out": _("Transfer"),
    "shipment": _("Shipment"),
}
NOT_ON_THE_FLOOR = {
    "draft": _("Order %(order)s is a draft: nothing is promised yet."),
    "allocated": _("Order %(order)s is promised and waits for a pick list."),
    "backordered": _("Order %(order)s waits for stock."),
    "cancelled": _(
        "Order %(order)s was cancelled. What was picked of it, if anything, lies in PACKING: put it away."
    ),
}

NOTHING_TO_DO = {
    ("purchase_order", "draft"): _(
        "Purchase order %(code)s is a draft: its supplier does not know of it yet."
    ),
    ("purchase_order", "cancelled"): _(
        "Purchase order %(code)s was cancelled. What comes all the same is received without an order."
    ),
    ("return", "cancelled"): _(
        "Return %(code)s was cancelled. What comes all the same is taken in under its order, or as of "
        "unknown origin."
    ),
    ("transfer", "requested"): _("Transfer %(code)s has not left %(other)s yet."),
    ("transfer", "received"): _(
        "Transfer %(code)s has arrived. What comes beyond it is received without an order."
    ),
    ("transfer", "cancelled"): _("Transfer %(code)s was cancelled; nothing of it comes."),
    ("transfer_out", "requested"): _(
        "Transfer %(code)s to %(other)s is to be dispatched; the back office does that."
    ),
    ("transfer_out", "in_transit"): _(
        "Transfer %(code)s has left and is on the road to %(other)s."
    ),
    ("transfer_out", "partly_received"): _(
        "Transfer %(code)s has left; some of it has arrived in %(other)s."
    ),
    ("transfer_out", "received"): _("Transfer %(code)s has left and arrived in %(other)s."),
    ("transfer_out", "cancelled"): _("Transfer %(code)s was cancelled; nothing of it leaves."),
    ("count_task", "approval"): _("Count %(code)s is counted; a manager decides on it."),
    ("count_task", "done"): _("Count %(code)s is done."),
    ("count_task", "cancelled"): _("Count %(code)s was cancelled; nothing is to be counted."),
}


def lead(visit: Visit, what: Resolved) -> Said:
    """What is told of a code of this warehouse, with the page to go on with where there is one."""
    if what.kind == "order":
        return _of_order(visit, what.code)
    words = nothing_to_do(what)
    return Said(words, "note") if words else Said(named(what), next=_page_of(what))


def nothing_to_do(what: Resolved) -> str:
    """Why there is no page to go to for a document as it stands; empty where there is one."""
    words = NOTHING_TO_DO.get((what.kind, what.status or ""))
    return str(words) % {"code": what.code, "other": what.other} if words else ""


def named(what: Resolved) -> str:
    """What a code is, and the code."""
    return gettext("%(kind)s %(code)s.") % {"kind": KINDS[what.kind], "code": what.code}


def _page_of(what: Resolved) -> str:
    if what.kind == "product":
        return reverse("floor:product", args=[what.code])
    if what.kind == "bin":
        return reverse("floor:bin", args=[what.warehouse, what.code])
    return reverse(DOCUMENTS[what.kind], kwargs={"reference": what.code})


def _of_order(visit: Visit, reference: str) -> Said:
    """To its tote or list while there is work on it here; then to where its goods are taken back."""
    order = order_here(
        reference=reference, warehouse=visit.warehouse.code, within=visit.staff.within
    )
    if order is None:
        return Said(gettext("Order %(reference)s is gone.") % {"reference": reference}, "note")
    if order.pick_list:
        return _to_its_list(visit, reference, order, order.pick_list)
    if not order.shipped:
        words = NOT_ON_THE_FLOOR.get(order.status, _("Order %(order)s is on no list."))
        return Said(words % {"order": reference}, "note")
    told = gettext("Order %(reference)s has left.") % {"reference": reference}
    if _may(visit, RECEIVER):
        return Said(
            gettext("%(told)s What of it comes back?") % {"told": told},
            next=_to("return-of-order", reference),
        )
    if _may(visit, PICKER) and order.parcel:
        return Said(told, next=_to("parcel", order.parcel))
    return Said(
        gettext("%(told)s What comes back of it is for receivers.") % {"told": told}, "note"
    )


def _to_its_list(visit: Visit, reference: str, order: OrderHere, pick_list: str) -> Said:
    known = {
        "order": reference,
        "list": pick_list,
        "warehouse": order.warehouse,
        "tote": order.tote,
    }
    if order.warehouse != visit.warehouse.code:
        told = gettext("Order %(order)s is on list %(list)s in %(warehouse)s.") % known
        return Said(told, "note")
    if not _may(visit, PICKER):
        told = gettext("Order %(order)s is on list %(list)s; that is for pickers.") % known
        return Said(told, "note")
    if order.list_status == "picked":
        told = gettext("Order %(order)s is on list %(list)s, tote %(tote)s.") % known
        return Said(told, next=_to("pick-tote", pick_list, tote=order.tote))
    mine = order.list_status == "claimed" and order.claimed_by == visit.staff.user_id
    page = "pick-task" if mine else "pick-list"
    told = gettext("Order %(order)s is on list %(list)s.") % known
    return Said(told, next=_to(page, pick_list))


def _may(visit: Visit, role: str) -> bool:
    return visit.staff.is_manager or role in visit.staff.roles


def _to(page: str, reference: str, **more: object) -> str:
    return reverse(f"floor:{page}", kwargs={"reference": reference, **more})
