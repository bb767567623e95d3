"""Whoever does something to many rows is asked first: what, to how many, to which."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

NAMED = 20  # rows that the page names
CONFIRMED = "confirmed"  # carries how many rows the person was asked about

# It lists all that goes with the rows on a page of its own.
_ASKS_BY_ITSELF = "delete_selected"

_Action = TypeVar("_Action", bound=Callable[..., Any])


def at_once(action: _Action) -> _Action:
    """For an action that changes nothing, or asks by itself: it is carried out when it is chosen."""
    action.at_once = True  # type: ignore[attr-defined]
    return action


class Confirmed:
    """A list of which every action asks before it is carried out, on a page without which nothing is done.

    Whoever chose all rows, and confirms when there are more or fewer of them than the page said, is asked
    again. Mixed into a ModelAdmin.
    """

    def response_action(self, request: HttpRequest, queryset: Any) -> Any:
        admin: Any = self
        chosen = _chosen(request)
        name, form = chosen["action"], admin.action_form
        known = admin.get_actions(request).get(name)
        if known is None or name == _ASKS_BY_ITSELF or getattr(known[0], "at_once", False):
            return super().response_action(request, queryset)  # type: ignore[misc]
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        everything = request.POST.get("select_across") == "1"
        if not ticked and not everything:
            return super().response_action(request, queryset)  # type: ignore[misc]
        try:
            rows = queryset if everything else queryset.filter(pk__in=ticked)
        except (ValueError, ValidationError):
            messages.error(request, _("These rows are not known. Choose them again."))
            return None
        count = rows.count() if everything else len(set(ticked))
        if request.POST.get(CONFIRMED) == str(count):
            return super().response_action(request, queryset)  # type: ignore[misc]
        carried = {**{key: request.POST.get(key, "") for key in form.base_fields}, **chosen}
        return TemplateResponse(
            request,
            "admin/confirm_action.html",
            {
                **admin.admin_site.each_context(request),
                "opts": admin.model._meta,
                "title": known[2] % {"verbose_name_plural": admin.model._meta.verbose_name_plural},
                "count": count,
                "changed": CONFIRMED in request.POST,
                "rows": [str(row) for row in rows[:NAMED]],
                "others": max(count - NAMED, 0),
                "carried": carried,
                "ticked": ticked[:1] if everything else ticked,
                "confirmed": CONFIRMED,
                "back": request.get_full_path(),
            },
        )


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The action whose button was pushed: there may be several forms of them on a page."""
    names = request.POST.getlist("action")
    try:
        name = names[int(request.POST.get("index", 0))]
    except (ValueError, IndexError):
        name = ""
    return {"action": name, "index": "0"}
