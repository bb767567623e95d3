"""A pick list in somebody's hand: walk it line by line, say what is wrong."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory_site.core.roles import PICKER
from orders.errors import OtherWarehouse, PickListNotFound
from orders.pages.arriving import Visit
from orders.pages.base import Elsewhere, FloorPage, Said, whole_number
from orders.queries.picking import (
    PickLineView,
    PickListView,
    PickTaskView,
    pick_list_view,
    pick_task,
)
from orders.services import picking, scanning
from orders.services.picking import Picked
from orders.services.short_picks import Shorted
from orders.states import in_words
from warehouse.errors import WarehouseNotAllowed

OVER = ("picked", "done", "cancelled")
AT = "floor_at"  # in the session: the list, and the bin whose label was scanned last


def address(page: str, reference: str, **more: Any) -> str:
    """Of a page of this list."""
    return reverse(f"floor:{page}", kwargs={"reference": reference, **more})


def check_here(visit: Visit, found: PickListView | None) -> PickListView:
    """The list, where it is one of this warehouse. Raises PickListNotFound, OtherWarehouse."""
    if found is None:
        raise PickListNotFound(_("There is no such pick list."))
    if found.warehouse != visit.warehouse.code:
        if found.warehouse not in {place.code for place in visit.choices}:
            raise WarehouseNotAllowed(
                _("%(reference)s is not a list of your warehouse.") % {"reference": found.reference}
            )
        raise OtherWarehouse(
            _(
                "%(reference)s is a list of %(warehouse)s, and you are in %(code)s. Change the "
                "warehouse on the start page."
            )
            % {
                "reference": found.reference,
                "warehouse": found.warehouse,
                "code": visit.warehouse.code,
            }
        )
    return found


def task_of(visit: Visit, reference: str, sent: QueryDict | None = None) -> PickTaskView:
    """What this person picks now. Leads elsewhere when the walk is over or somebody else's.

    With what was `sent`, a scan that names its line: then the refusal says what became of that one.
    """
    task = pick_task(reference=reference)
    found = check_here(visit, task.pick_list if task else None)
    assert task is not None
    if found.status in OVER:
        if sent is not None:
            _scanned(visit, task, sent)
        raise Elsewhere(address("pick-finish", found.reference), _over(found.reference))
    if found.claimed_by != visit.staff.user_id:
        raise Elsewhere(address("pick-list", found.reference), _not_yours(found))
    return task


def _over(reference: str) -> str:
    """To somebody who scans or taps for a list on which nothing is left to pick."""
    found = pick_list_view(reference=reference)
    assert found is not None
    gone = [tote for tote in found.totes if tote.cancelled]
    if not gone:
        return _("%(reference)s is %(status)s; nothing was booked.") % {
            "reference": reference,
            "status": in_words(found.status),
        }
    words = ngettext(
        "Order %(orders)s was cancelled; nothing was booked.",
        "Orders %(orders)s were cancelled; nothing was booked.",
        len(gone),
    ) % {"orders": ", ".join(tote.order for tote in gone)}
    if any(tote.taken or tote.in_tote for tote in gone):
        words = _("%(words)s Put back what is in the tote, here.") % {"words": words}
    return words


def _not_yours(found: PickListView) -> str:
    """To somebody who scans for a list that is not, or no longer, theirs."""
    if found.claimed_by is None:
        return _(
            "%(reference)s is nobody's list now. Nothing was booked; put back what is in "
            "your hand, or take the list again."
        ) % {"reference": found.reference}
    return _(
        "%(reference)s is picked by %(claimed_name)s now. Nothing was booked; put back "
        "what is in your hand and give %(claimed_name)s the totes."
    ) % {"reference": found.reference, "claimed_name": found.claimed_name}


class PickTaskPage(FloorPage):
    """One line at a time: bin, goods, next."""

    roles = (PICKER,)
    template = "floor/picking_task.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        task = task_of(visit, names["reference"])
        found, line = task.pick_list, task.line
        if line is None:
            raise Elsewhere(address("pick-finish", found.reference))
        return {
            "list": found,
            "line": line,
            "coming": task.coming,
            "at_bin": bin_of(visit, found.reference) == line.bin,
            "keep": [("line", line.id)],
            "progress": (found.lines_done, found.line_count),
        }

    def do_scan(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """A bin label or goods, whichever the line waits for. `bin` may say where, without a session."""
        task = task_of(visit, reference, sent)
        line = task.line
        if line is None:
            return Said(_("Nothing is left to pick."), "note", address("pick-finish", reference))
        code, at = _scanned(visit, task, sent)
        if at != line.bin:
            scanning.check_bin(
                task=scanning.task(pick_list=task.pick_list.reference, line_id=line.id), code=code
            )
            visit.request.session[AT] = [task.pick_list.reference, line.bin]
            return Said(
                _("Bin %(bin)s. Take %(left)s of %(sku)s and scan it.")
                % {"bin": line.bin, "left": line.left, "sku": line.sku}
            )
        quantity = whole_number(sent, "quantity") if sent.get("quantity") else 1
        picked = picking.pick(
            pick_list=reference,
            line_id=line.id,
            bin=line.bin,
            code=code,
            quantity=quantity,
            user_id=visit.staff.user_id,
            actor=visit.staff.actor,
        )
        return _picked(picked, line, task.pick_list)

    def do_undo(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        found = check_here(visit, pick_list_view(reference=reference))
        if found.status in ("done", "cancelled"):
            raise Elsewhere(address("pick-finish", found.reference), _over(found.reference))
        undone = picking.undo(
            pick_list=reference, user_id=visit.staff.user_id, actor=visit.staff.actor
        )
        return Said(
            _("Taken back: %(quantity)s of %(sku)s. Put it from tote %(tote)s into bin %(bin)s.")
            % {
                "quantity": undone.quantity,
                "sku": undone.sku,
                "tote": undone.tote,
                "bin": undone.bin,
            },
            "note",
        )


class PickProblemPage(FloorPage):
    """Less there than the books say, or not as it should be: say it and walk on."""

    roles = (PICKER,)
    template = "floor/picking_problem.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        task = task_of(visit, names["reference"])
        if task.line is None or task.line.id != names["line"]:
            raise Elsewhere(address("pick-task", task.pick_list.reference))
        return {"list": task.pick_list, "line": task.line}

    def do_report(self, visit: Visit, sent: QueryDict, reference: str, line: int) -> Said:
        task_of(visit, reference)
        problem = sent.get("problem", "")
        found = 0 if problem == "bin_empty" else whole_number(sent, "found", least=0)
        result = picking.short(
            pick_list=reference,
            line_id=line,
            found=found,
            problem=problem,
            user_id=visit.staff.user_id,
            actor=visit.staff.actor,
        )
        page = "pick-finish" if result.list_over else "pick-task"
        return Said(_shorted(result), "note", address(page, reference))


def bin_of(visit: Visit, reference: str) -> str:
    """The bin at which the person stands, by the label scanned last on this list."""
    at = visit.request.session.get(AT) or ["", ""]
    return str(at[1]) if at[0] == reference.strip().upper() else ""


def _scanned(visit: Visit, task: PickTaskView, sent: QueryDict) -> tuple[str, str]:
    """The code, and the bin at which it was scanned.

    Scans that follow each other faster than the page, or were kept on the device, name the line before. The
    service says whether they are right for the present one all the same.
    """
    reference, told = task.pick_list.reference, sent.get("line", "")
    code = sent.get("code", "").strip()
    at = sent.get("bin", "").strip().upper() or bin_of(visit, reference)
    named = int(told) if told.isascii() and told.isdigit() else None
    if named is not None and (task.line is None or named != task.line.id):
        scanning.check_named(pick_list=reference, line_id=named, line=task.line, at=at, code=code)
    return code, at


def _picked(picked: Picked, line: PickLineView, found: PickListView) -> Said:
    words = (
        _("%(quantity)s of %(sku)s into tote %(tote)s.")
        if found.orders > 1
        else _("%(quantity)s of %(sku)s.")
    ) % {"quantity": picked.quantity, "sku": picked.sku, "tote": picked.tote}
    if picked.list_over:
        return Said(
            _("%(words)s That was the last one.") % {"words": words},
            next=address("pick-finish", found.reference),
        )
    if picked.left:
        return Said(_("%(words)s %(left)s to go.") % {"words": words, "left": picked.left})
    return Said(_("%(words)s Line done.") % {"words": words})


def _shorted(result: Shorted) -> str:
    """What becomes of the units, in the order in which the picker meets them."""
    sku = result.sku
    told = (
        (
            result.damaged,
            _("%(damaged)s of %(sku)s are written off as damaged.")
            % {"damaged": result.damaged, "sku": sku},
        ),
        (
            result.left,
            _("%(left)s of %(sku)s are still to be picked here.")
            % {"left": result.left, "sku": sku},
        ),
        (
            result.replanned,
            _("%(replanned)s of %(sku)s come from %(bins)s instead.")
            % {"replanned": result.replanned, "sku": sku, "bins": ", ".join(result.bins)},
        ),
        (
            result.later,
            _("%(later)s of %(sku)s are planned again on another list.")
            % {"later": result.later, "sku": sku},
        ),
        (
            result.elsewhere,
            _("%(elsewhere)s of %(sku)s come from another warehouse.")
            % {"elsewhere": result.elsewhere, "sku": sku},
        ),
        (
            result.waits,
            _("%(waits)s of %(sku)s wait for stock.") % {"waits": result.waits, "sku": sku},
        ),
        (result.count_task, _("The bin will be counted.")),
    )
    return " ".join(
        [
            _("Noted for bin %(bin)s.") % {"bin": result.bin},
            *(words for there, words in told if there),
        ]
    )


ADDRESSES = [
    path("pick/<str:reference>/task/", PickTaskPage.as_view(), name="pick-task"),
    path(
        "pick/<str:reference>/problem/<int:line>/", PickProblemPage.as_view(), name="pick-problem"
    ),
]
