"""A list as a file: its rows, with its filters, search and order, for whoever goes on in a sheet."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inventory_site.core.sheets_out import TYPES, write_csv, write_xlsx

# In the list's own address, so that whoever may not open the list gets no file of it.
ASKED = "_file"
MOST_ROWS = 50_000
NOTHING = "-"  # as a list shows it
END_OF_A_LINE = re.compile(r"</(?:div|li|p)>|<br>")
AT_ONCE = 2_000


class TakenAlong:
    """Mixed into a ModelAdmin: its list goes as CSV or as a workbook, too."""

    list_before_template = "admin/list_links.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        form = request.GET.get(ASKED, "")
        if ASKED in request.GET:
            others = request.GET.copy()
            del others[ASKED]
            request.GET = others  # type: ignore[assignment]
        if form in TYPES and request.method == "GET":
            return self._file(request, form)
        return super().changelist_view(request, extra_context)  # type: ignore[misc]

    def made_ready(self, rows: Sequence[Any]) -> None:
        """What a list reads for a whole page at once is read here for so many rows."""

    def _file(self, request: HttpRequest, form: str) -> HttpResponseBase:
        admin: Any = self
        if not admin.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            found = admin.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return super().changelist_view(request)  # type: ignore[misc,no-any-return]
        if found.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
            words = _("A file has %(most)s rows at most: filter the list first.")
            messages.error(request, words % {"most": f"{MOST_ROWS:,}"})
            return HttpResponseRedirect(f"{request.path}?{request.GET.urlencode()}")
        shown = [name for name in admin.get_list_display(request) if name != "action_checkbox"]
        header = [str(label_for_field(name, admin.model, admin)) for name in shown]
        portions = self._portions(found, shown)
        body = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
        title = str(admin.model._meta.verbose_name_plural)
        if form == "csv":
            write_csv(to=body, header=header, portions=portions)
        else:
            write_xlsx(to=body, title=title, header=header, portions=portions)
        body.seek(0)
        name = f"{title.replace(' ', '-')}-{timezone.localdate().isoformat()}.{form}"
        return FileResponse(body, as_attachment=True, filename=name, content_type=TYPES[form])

    def _portions(self, found: Any, shown: Sequence[str]) -> Iterator[list[list[Any]]]:
        admin: Any = self
        for rows in _parts(found.iterator(chunk_size=AT_ONCE)):
            self.made_ready(rows)
            yield [[_value(lookup_field(name, row, admin)) for name in shown] for row in rows]


def _parts(rows: Iterator[Any]) -> Iterator[list[Any]]:
    part: list[Any] = []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _value(found: tuple[Any, Any, Any]) -> Any:
    """What a cell of the list says: numbers as such, times in the zone of the page, words without markup."""
    field, _how, value = found
    if field is not None and getattr(field, "flatchoices", None):
        return str(dict(field.flatchoices).get(value, value if value is not None else ""))
    if value is None or isinstance(value, int | float):
        return value
    if hasattr(value, "astimezone") and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if hasattr(value, "as_tuple") or hasattr(value, "isoformat"):  # a decimal, a day
        return value
    if value == NOTHING:
        return ""
    if isinstance(value, SafeString):
        return unescape(strip_tags(END_OF_A_LINE.sub("; ", value))).strip("; ")
    return str(value)
