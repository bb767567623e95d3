"""Counting, blind: scan the bin, scan what is in it, hand it in. Managers decide what two counts agree on."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.roles import MANAGER, PICKER, RECEIVER
from orders.errors import CountTaskNotFound, NothingToCount
from orders.pages.arriving import Visit
from orders.pages.base import Elsewhere, FloorPage, Said, whole_number
from orders.queries.counts import CountTaskView, approvals, task_for_bin, task_view, tasks_to_do
from orders.services import count_results, count_work, counting
from warehouse.lines import MAX_QUANTITY

LAST = "floor_counted"  # in the session: the product that was counted last
OUTCOMES = {
    "done": _("{bin} is counted. Thank you."),
    "recount": _("{bin} is counted. It is to be counted once more, best by somebody else."),
    "approval": _("{bin} is counted. Your manager looks at it now."),
}


def here(visit: Visit, reference: str) -> CountTaskView:
    """The task, where it is one of this warehouse. Raises CountTaskNotFound."""
    task = task_view(reference=reference)
    if task is None or task.warehouse != visit.warehouse.code:
        raise CountTaskNotFound(
            gettext("There is no count %(reference)s in %(name)s.")
            % {"reference": reference, "name": visit.warehouse.name}
        )
    return task


class Counts(FloorPage):
    """What waits to be counted here, one's own first."""

    roles = (PICKER, RECEIVER)
    template = "floor/counting_list.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        person = visit.staff
        waiting = approvals(within=[visit.warehouse.code]) if person.is_manager else []
        return {
            "tasks": tasks_to_do(
                warehouse_id=visit.warehouse.id, user_id=person.user_id, actor=person.name
            ),
            "waiting": len(waiting),
        }

    def do_scan(self, visit: Visit, sent: QueryDict) -> Said:
        """The label of a bin leads to its count."""
        code = sent.get("code", "").strip().upper()
        found = task_for_bin(warehouse_id=visit.warehouse.id, bin=code, user_id=visit.staff.user_id)
        if found is None:
            raise NothingToCount(
                gettext("No count waits for %(code)s that you could take.") % {"code": code[:40]}
            )
        count_work.begin(
            task=found,
            bin=code,
            user_id=visit.staff.user_id,
            actor=visit.staff.actor,
            within=visit.staff.within,
        )
        return Said(
            gettext("Count %(code)s.") % {"code": code},
            next=reverse("floor:count-task", args=[found]),
        )


class CountPage(FloorPage):
    """One task: the bin, then unit by unit, then done."""

    roles = (PICKER, RECEIVER)
    template = "floor/counting_task.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        task = here(visit, names["reference"])
        if task.status not in ("open", "recount"):
            raise Elsewhere(reverse("floor:count"))
        mine = task.claimed_by_id == visit.staff.user_id
        last = visit.request.session.get(LAST)
        shown = next(
            (x for x in task.tally if x.sku == last), task.tally[0] if task.tally else None
        )
        return {"task": task, "mine": mine, "last": shown}

    def do_scan(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """The bin's label begins the count."""
        count_work.begin(
            task=reference,
            bin=sent.get("code", ""),
            user_id=visit.staff.user_id,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        return Said(gettext("Count what is in the bin."))

    def do_item(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        done = count_work.scan(
            task=reference,
            code=sent.get("code", ""),
            user_id=visit.staff.user_id,
            within=[visit.warehouse.code],
        )
        visit.request.session[LAST] = done.sku
        return Said(gettext("%(counted)s of %(sku)s.") % {"counted": done.counted, "sku": done.sku})

    def do_set(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """A number that was typed replaces what was scanned."""
        done = count_work.tally(
            task=reference,
            sku=sent.get("sku", ""),
            quantity=whole_number(sent, "quantity", least=0, most=MAX_QUANTITY),
            replace=True,
            user_id=visit.staff.user_id,
            within=[visit.warehouse.code],
        )
        visit.request.session[LAST] = done.sku
        return Said(gettext("%(counted)s of %(sku)s.") % {"counted": done.counted, "sku": done.sku})

    def do_finish(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        task = here(visit, reference)
        outcome = count_results.submit(
            task=reference,
            user_id=visit.staff.user_id,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        words = OUTCOMES[outcome.status].format(bin=task.bin)
        return Said(words, next=reverse("floor:count"))

    def do_back(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        count_work.hand_back(
            task=reference,
            user_id=visit.staff.user_id,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        return Said(gettext("Given back; nothing was booked."), "note", next=reverse("floor:count"))


class CountHere(FloorPage):
    """From the page of a product or a bin: have it counted."""

    roles = (PICKER, RECEIVER)
    template = "floor/counting_list.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        raise Elsewhere(reverse("floor:count"))

    def do_open(self, visit: Visit, sent: QueryDict) -> Said:
        place = counting.CountPlace(
            visit.warehouse.code, sent.get("bin") or None, sent.get("sku") or None
        )
        made = counting.open_tasks(
            places=[place], actor=visit.staff.actor, within=[visit.warehouse.code]
        )
        words = ngettext(
            "%(n)s bin waits to be counted.", "%(n)s bins wait to be counted.", len(made)
        )
        return Said(words % {"n": len(made)}, next=reverse("floor:count"))


class Approvals(FloorPage):
    """Counts that two people agree on and the books do not."""

    roles = (MANAGER,)
    template = "floor/counting_approvals.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        return {"waiting": approvals(within=[visit.warehouse.code])}

    def do_approve(self, visit: Visit, sent: QueryDict) -> Said:
        count_results.approve(
            task=sent.get("task", ""), actor=visit.staff.actor, within=[visit.warehouse.code]
        )
        return Said(gettext("%(task)s is booked.") % {"task": sent.get("task")})

    def do_reject(self, visit: Visit, sent: QueryDict) -> Said:
        count_results.reject(
            task=sent.get("task", ""), actor=visit.staff.actor, within=[visit.warehouse.code]
        )
        return Said(gettext("%(task)s is counted once more.") % {"task": sent.get("task")}, "note")


ADDRESSES = [
    path("count/", Counts.as_view(), name="count"),
    path("count/approvals/", Approvals.as_view(), name="count-approvals"),
    path("count/here/", CountHere.as_view(), name="count-here"),
    path("count/<str:reference>/", CountPage.as_view(), name="count-task"),
]
