"""Two people edit the same thing: the second one's page is out of date, and does not undo the first one's.

Every change of a setting is in the history (ADR 18). A page knows up to which one it has seen; whoever
saves it after others came is told what they changed, and by whom, keeps what they typed, and decides. What
one saved oneself is no news: the same form sent twice is not refused. A request without the number was made
by no page, and is compared with nothing.
"""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from inventory_site.core.models import SettingChange
from inventory_site.core.subjects import label_of

SEEN = "history-seen"  # the number of the last change that the page knows of


class _Overtaken:
    """A form that is not saved, since others saved before."""

    overtaken_by: list[str]

    def clean(self) -> Any:
        given = super().clean()  # type: ignore[misc]
        for words in self.overtaken_by:
            self.add_error(None, words)  # type: ignore[attr-defined]
        return given


class NotOutdated:
    """For a ModelAdmin of a setting whose history is kept. Put it before the other mixins."""

    change_form_template = "admin/setting_form.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if object_id is None:
            return super().changeform_view(request, None, form_url, extra_context)  # type: ignore[misc,no-any-return]
        key = unquote(object_id)
        with transaction.atomic():
            if request.method == "POST":
                request.overtaken_by = self._overtaken_by(request, key)  # type: ignore[attr-defined]
            last = self._history(key).values_list("id", flat=True).first() or 0
            shown = {"seen_name": SEEN, "seen": last}
            return super().changeform_view(  # type: ignore[misc,no-any-return]
                request, object_id, form_url, {**(extra_context or {}), **shown}
            )

    def get_form(self, request: HttpRequest, obj: Any = None, **more: Any) -> Any:
        form = super().get_form(request, obj, **more)  # type: ignore[misc]
        told = getattr(request, "overtaken_by", None)
        return type(form.__name__, (_Overtaken, form), {"overtaken_by": told}) if told else form

    def _overtaken_by(self, request: HttpRequest, key: str) -> list[str]:
        """What others changed since the page was opened. Whoever saves at the same moment waits for this."""
        model = self.model  # type: ignore[attr-defined]
        try:
            list(model._default_manager.select_for_update(of=("self",)).filter(pk=key).values("pk"))
        except (ValueError, ValidationError):
            return []  # no such object, as the page will say
        seen = request.POST.get(SEEN, "")
        if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
            return []
        newer = self._history(key).filter(id__gt=int(seen)).exclude(user_id=request.user.pk)
        return [_told(change) for change in newer[:5]]

    def _history(self, key: str) -> Any:
        topic = self.model._meta.label_lower  # type: ignore[attr-defined]
        return SettingChange.objects.filter(topic=topic, subject_id=key).order_by("-id")


def _told(change: SettingChange) -> str:
    named = [label_of(change.topic, column) for column in sorted(change.changes)]
    fields = get_text_list(named, _("and"))
    return _(
        "%(who)s has changed %(fields)s at %(time)s, after this page was opened. Below is what you typed:"
        " compare it with the history, then save again to put it in place of theirs."
    ) % {"who": change.actor, "fields": fields, "time": date_format(localtime(change.at), "H:i")}
