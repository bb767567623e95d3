"""The reports in the back office: which there are, and each of them, on screen or as a file."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import structlog
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inventory_site.core.reporting import registry
from inventory_site.core.reporting.answering import Answer, answer
from inventory_site.core.reporting.asking import Question, ask
from inventory_site.core.reporting.charts import Drawing, draw
from inventory_site.core.reporting.definition import Column, Given, Kind, Report
from inventory_site.core.reporting.files import ReportTooLong, report_file
from inventory_site.core.reporting.rights import reads
from inventory_site.core.reporting.wording import is_number, told
from inventory_site.core.roles import Staff, staff
from inventory_site.core.sheets_out import TYPES

PER_PAGE = 50
MOST_PAGES = 1_000_000
PERIODS = (7, 30, 90, 365)
STYLES = {
    **{kind: "report-number" for kind in Kind if is_number(kind)},
    Kind.DAY: "report-day",
    Kind.MOMENT: "report-day",
}

logger = structlog.get_logger(__name__)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The reports by the questions that they answer."""
    who = reader(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Reports"),
        "reports": registry.reports(),
        "may_schedule": who.is_manager,
    }
    return TemplateResponse(request, "admin/reports.html", context)


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponseBase:
    """One report: `?format=csv` or `xlsx` for all of it, `?page=` from 1, `?sort=`, and what it asks for."""
    who = reader(request)
    report = registry.report(key)
    if report is None:
        raise Http404
    data = request.GET.dict()
    question = ask(report=report, data=data, now=timezone.now(), within=who.within)
    form = data.get("format", "")
    if form in TYPES and question.given is not None:
        try:
            return _file(report, question, form, data.get("sort", ""))
        except ReportTooLong as error:
            question.form.add_error(None, error.detail)
    number = _page_number(data.get("page", ""))
    found = None
    if question.given is not None:
        found = answer(
            report=report,
            given=question.given,
            limit=PER_PAGE,
            skip=(number - 1) * PER_PAGE,
            sort=data.get("sort", ""),
        )
    context = {
        **admin.site.each_context(request),
        **_shown(report, question, data, found, number),
        "may_choose": who.is_manager and report.choose is not None,
        "may_schedule": who.is_manager,
    }
    status = 400 if question.form.errors else 200
    return TemplateResponse(request, "admin/report.html", context, status=status)


def reader(request: HttpRequest) -> Staff:
    """Who may look: managers, and those who are there to read. Raises PermissionDenied."""
    who = staff(request.user)
    if not reads(who):
        raise PermissionDenied(_("Reports need the role of a manager, or of one who reads."))
    return who


def _file(report: Report, question: Question, form: str, sort: str) -> HttpResponseBase:
    assert question.given is not None
    made = report_file(report=report, given=question.given, form=form, sort=sort)
    logger.info("report_exported", report=report.key, rows=made.rows, form=form)
    return FileResponse(made.body, as_attachment=True, filename=made.name, content_type=made.type)


def _page_number(given: str) -> int:
    usable = given.isascii() and given.isdigit() and len(given) < 8
    return min(max(int(given), 1), MOST_PAGES) if usable else 1


def _shown(
    report: Report, question: Question, data: Mapping[str, str], found: Answer | None, number: int
) -> dict[str, Any]:
    form = question.form
    kept = {k: v for k, v in data.items() if k in form.fields and v}
    sort = data.get("sort", "")
    last = max(1, -(-found.total // PER_PAGE)) if found else 1
    sorted_by = {"sort": sort} if sort else {}
    return {
        "report": report,
        "title": report.title,
        "form": form,
        "fields": [form[name] for name in form.fields if name != "days"],
        "answered": found is not None,
        "figures": _figures(report, found),
        "chart": _chart(report, question.given, found),
        "heads": [_head(one, kept, sort) for one in report.columns],
        "rows": [_row(report, row) for row in found.rows] if found else [],
        "total": found.total if found else 0,
        "page": number,
        "pages": last,
        "before": _query(kept, **sorted_by, page=number - 1) if 1 < number <= last else "",
        "after": _query(kept, **sorted_by, page=number + 1) if number < last else "",
        "files": [(form, _query(kept, **sorted_by, format=form)) for form in TYPES],
        "periods": _periods(kept) if report.period else [],
        "schedule": _schedule(report, question.given, kept),
        "choose": _choose(report),
    }


def _chart(report: Report, given: Given | None, found: Answer | None) -> Drawing | None:
    if given is None or found is None:
        return None
    return draw(chart=report.chart, rows=found.chart, steps=given.steps())


def _figures(report: Report, found: Answer | None) -> list[tuple[str, str]]:
    if found is None:
        return []
    pairs = zip(report.figures, found.figures, strict=True)
    return [(str(one.label), told(value, one.kind)) for one, value in pairs]


def _head(column: Column, kept: Mapping[str, str], sort: str) -> dict[str, Any]:
    """A column's head, and where it leads: numbers the largest first, words from A on, then the other way."""
    up, down = column.key, f"-{column.key}"
    first, second = (down, up) if is_number(column.kind) else (up, down)
    towards = {up: "ascending", down: "descending"}.get(sort, "")
    then = second if sort == first else first
    return {
        "label": column.label,
        "number": is_number(column.kind),
        "sorted": towards,
        "href": _query(kept, sort=then) if column.sorts else "",
    }


def _row(report: Report, row: Mapping[str, Any]) -> dict[str, Any]:
    cells = []
    for column in report.columns:
        href = ""
        if column.link and row.get(column.link[1]) is not None:
            href = reverse(column.link[0], args=[row[column.link[1]]])
        cells.append(
            {
                "label": column.label,
                "words": told(row[column.key], column.kind),
                "style": STYLES.get(column.kind, ""),
                "href": href,
            }
        )
    return {"cells": cells, "id": row.get(report.choose[1]) if report.choose else None}


def _schedule(report: Report, given: Given | None, kept: Mapping[str, str]) -> str:
    """The same, asked again and again: as many days, counted back from the day of sending."""
    same = {k: v for k, v in kept.items() if k not in ("day", "since", "until", "days")}
    if report.period and given is not None:
        same["days"] = str(given.days)
    return "?" + urlencode({"report": report.key, **same})


def _periods(kept: Mapping[str, str]) -> Sequence[tuple[int, str]]:
    other = {k: v for k, v in kept.items() if k not in ("since", "until", "days")}
    return [(days, _query(other, days=days)) for days in PERIODS]


def _choose(report: Report) -> dict[str, Any] | None:
    if report.choose is None:
        return None
    address, key, words = report.choose
    return {"href": reverse(address), "name": key, "words": words}


def _query(kept: Mapping[str, str], **more: Any) -> str:
    return "?" + urlencode({**kept, **more})
