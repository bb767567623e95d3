"""A report as a file. It is written whole before any of it is sent: half a report is none."""

import tempfile
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext, gettext_noop

from inventory_site.core.errors import DomainError
from inventory_site.core.reporting.answering import count_of, stream
from inventory_site.core.reporting.definition import Given, Kind, Report
from inventory_site.core.sheets_out import TYPES, write_csv, write_xlsx

MOST_IN_A_WORKBOOK = 200_000  # rows: it takes longer to write than anybody waits, CSV does not


class ReportTooLong(DomainError):
    """A report has more rows than a workbook can be made of while somebody waits."""

    code = "report_too_long"
    title = gettext_noop("Too long for a workbook")


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file that lies open at its begin, on disk; it is gone when it is closed."""

    name: str
    type: str
    body: IO[bytes]
    rows: int


def report_file(*, report: Report, given: Given, form: str, sort: str = "") -> ReportFile:
    """All rows of the report as `csv` or `xlsx`. Raises ReportTooLong (of a workbook)."""
    if form == "xlsx" and (rows := count_of(report=report, given=given)) > MOST_IN_A_WORKBOOK:
        raise ReportTooLong(
            gettext(
                "%(rows)s rows are too many for a workbook (at most %(most)s). Take CSV, which spreadsheets"
                " open too, or a shorter period."
            )
            % {"rows": f"{rows:,}", "most": f"{MOST_IN_A_WORKBOOK:,}"}
        )
    body = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    header = [heading(one.label, one.kind) for one in report.columns]
    portions = stream(report=report, given=given, sort=sort)
    try:
        if form == "csv":
            count = write_csv(to=body, header=header, portions=portions)
        else:
            count = write_xlsx(
                to=body,
                title=str(report.title),
                header=header,
                portions=portions,
                about=[
                    (gettext("Report"), str(report.title)),
                    ("", str(report.about)),
                    *described(report, given),
                ],
            )
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return ReportFile(file_name(report, given, form), TYPES[form], body, count)


def file_name(report: Report, given: Given, form: str) -> str:
    """Such as stock-at-date-MAIN-2026-03-31.csv."""
    parts = [report.key]
    if len(given.places) == 1:
        parts.append(given.places[0].code.lower())
    if report.period:
        parts.append(given.since.isoformat())
    parts.append(given.until.isoformat())
    return f"{'-'.join(parts)}.{form}"


def described(report: Report, given: Given) -> list[tuple[str, str]]:
    """What was asked, in words."""
    told = [(gettext("Warehouses"), ", ".join(one.code for one in given.places))]
    if report.period:
        days = {"since": given.since, "until": given.until}
        told.append((gettext("Period"), gettext("%(since)s to %(until)s") % days))
    elif report.on_day:
        told.append((gettext("At the end of"), str(given.until)))
    told += [(key, value) for key, value in given.values.items() if value]
    return [*told, (gettext("Made at"), f"{given.now:%Y-%m-%d %H:%M} UTC")]


def heading(label: object, kind: Kind) -> str:
    """A column's name, with its unit where the value alone does not show it."""
    return f"{label} (%)" if kind is Kind.PERCENT else str(label)
