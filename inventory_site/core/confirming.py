"""Whoever does something to many rows is asked first: what, to how many, to which."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

NAMED = 20  # rows that the page names
CONFIRMED = "confirmed"  # carries how many rows the person was asked about
MEANT = "meant"  # and, where they are all rows of a list, which

# It lists all that goes with the rows on a page of its own.
_ASKS_BY_ITSELF = "delete_selected"

_Action = TypeVar("_Action", bound=Callable[..., Any])


def at_once(action: _Action) -> _Action:
    """For an action that changes nothing, asks by itself, or is undone as easily: for rows that were ticked
    it is carried out when it is chosen."""
    action.at_once = True  # type: ignore[attr-defined]
    return action


class Confirmed:
    """A list of which every action asks before it is carried out, on a page without which nothing is done.

    What is done to all rows of a list asks always. Whoever confirms it when these are others than the page
    said is asked again. Mixed into a ModelAdmin.
    """

    def response_action(self, request: HttpRequest, queryset: Any) -> Any:
        admin: Any = self
        chosen = _chosen(request)
        known = admin.get_actions(request).get(chosen["action"])
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        everything = request.POST.get("select_across") == "1"
        asks = known is not None and chosen["action"] != _ASKS_BY_ITSELF and (ticked or everything)
        if not asks or (getattr(known[0], "at_once", False) and not everything):
            return super().response_action(request, queryset)  # type: ignore[misc]
        try:
            rows = queryset if everything else queryset.filter(pk__in=ticked)
            keys = list(rows.order_by("pk").values_list("pk", flat=True))
        except (ValueError, ValidationError):
            messages.error(request, _("These rows are not known. Choose them again."))
            return None
        if not keys:
            messages.error(request, _("None of these rows is here any more. Nothing was done."))
            return None
        told = {CONFIRMED: str(len(keys)), MEANT: _mark_of(keys) if everything else ""}
        if all(request.POST.get(name, "") == value for name, value in told.items()):
            meant = queryset.filter(pk__in=keys) if everything else queryset
            return super().response_action(request, meant)  # type: ignore[misc]
        form = admin.action_form.base_fields
        carried = {**{key: request.POST.get(key, "") for key in form}, **chosen, **told}
        return TemplateResponse(
            request,
            "admin/confirm_action.html",
            {
                **admin.admin_site.each_context(request),
                "opts": admin.model._meta,
                "title": known[2] % {"verbose_name_plural": admin.model._meta.verbose_name_plural},
                "count": len(keys),
                "changed": CONFIRMED in request.POST,
                "gone": 0 if everything else len(set(ticked)) - len(keys),
                "rows": [str(row) for row in rows[:NAMED]],
                "others": max(len(keys) - NAMED, 0),
                "carried": carried,
                "ticked": ticked[:1] if everything else ticked,
                "back": request.get_full_path(),
            },
        )


def _mark_of(keys: list[Any]) -> str:
    """Of these rows and no others."""
    return sha256(" ".join(str(key) for key in keys).encode()).hexdigest()[:32]


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The action whose button was pushed, as Django finds it: there may be several forms on a page."""
    names = request.POST.getlist("action") or [""]
    try:
        place = int(request.POST.get("index", 0))
    except ValueError:
        place = 0
    name = names[place] if -len(names) <= place < len(names) else names[-1]
    return {"action": name, "index": "0"}
