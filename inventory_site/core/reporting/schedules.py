"""Reports by mail: who sends which one now, and when it is sent next.

To take a report and to write down what came of it are statements of their own; while its file is made and
the mail server spoken to, no transaction is open. Whoever takes it holds it for a while (a lease): should it
die, another one takes it later, and sends it once more under the same Message-ID.
"""

import hashlib
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.leases import lasts
from inventory_site.core.models import ReportSchedule, Rhythm
from inventory_site.core.patience import within
from inventory_site.core.reporting.asking import ask
from inventory_site.core.reporting.definition import Given, Report
from inventory_site.core.reporting.files import ReportFile, ReportTooLong, described, report_file
from inventory_site.core.reporting.registry import report as report_of
from inventory_site.core.reporting.rights import reads
from inventory_site.core.roles import staff
from inventory_site.core.sql import rows

LEASE = timedelta(minutes=15)  # longer than any report takes to be made and sent
FIRST_REST, LONGEST_REST = timedelta(minutes=5), timedelta(hours=6)
MOST_BYTES = 15 * 1024 * 1024  # what mail servers take without complaint
MOST_SECONDS = 120.0  # for the whole mail; EMAIL_TIMEOUT is for each answer

logger = structlog.get_logger(__name__)

_NOW = "%(now)s::timestamptz"
TAKE = f"""
    UPDATE core_reportschedule SET leased_until = %(now)s::timestamptz + %(lease)s
     WHERE id = (SELECT id FROM core_reportschedule
                  WHERE enabled AND due_at <= %(now)s::timestamptz
                    AND NOT {lasts("leased_until", now=_NOW, at_most="%(lease)s::interval")}
                    AND NOT {lasts("rests_until", now=_NOW, at_most="%(longest)s::interval")}
                  ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, leased_until
"""

# Guarded by the lease: whoever overstayed it writes nothing.
SENT = """
    UPDATE core_reportschedule
       SET sent_at = %(now)s, due_at = %(next)s, leased_until = NULL, rests_until = NULL, failures = 0,
           last_error = ''
     WHERE id = %(id)s AND leased_until = %(lease)s
    RETURNING id
"""
FAILED = """
    UPDATE core_reportschedule
       SET failures = failures + 1, last_error = %(error)s, leased_until = NULL,
           rests_until = %(now)s::timestamptz
                         + least(%(longest)s::interval, %(first)s::interval * (1 << least(failures, 10)))
     WHERE id = %(id)s AND leased_until = %(lease)s
    RETURNING id
"""
DUE_NOW = """
    UPDATE core_reportschedule SET due_at = least(due_at, %(now)s::timestamptz), rests_until = NULL
     WHERE id = ANY(%(ids)s::bigint[]) AND enabled
    RETURNING id
"""


class NotSent(Exception):
    """Why a report could not be sent, in words for its owner."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A schedule in the hands of one sender, until `lease`."""

    id: int
    lease: datetime


def take(*, now: datetime) -> Taken | None:
    """Take one report that is due and that nobody has taken; None where there is none."""
    require_unit_of_work()
    found = rows(TAKE, {"now": now, "lease": LEASE, "longest": LONGEST_REST})
    return Taken(*found[0]) if found else None


def send(*, taken: Taken, now: datetime) -> str:
    """Make the file and send it; why it could not be sent, empty where it was. Opens no transaction but that
    of the file's own rows. Raises nothing."""
    schedule = ReportSchedule.objects.select_related("owner").filter(pk=taken.id).first()
    if schedule is None:
        return _("It was deleted.")
    try:
        with translation.override(settings.LANGUAGE_CODE):
            _mail(schedule, now)
    except NotSent as error:
        return str(error)
    except Exception as error:  # a defect, or a database that is away: told, and tried again
        logger.exception("report_not_sent", schedule=taken.id)
        return _("It could not be made (%(error)s).") % {"error": type(error).__name__}
    logger.info("report_sent", schedule=taken.id, report=schedule.report)
    return ""


def settle(*, taken: Taken, error: str, now: datetime) -> bool:
    """Write down what came of it: sent, with the next time, or failed, with a pause before the next try that
    doubles up to six hours. False where the lease had run out and somebody else has it."""
    require_unit_of_work()
    given = {"id": taken.id, "lease": taken.lease, "now": now}
    if error:
        pause = {"error": error[:300], "first": FIRST_REST, "longest": LONGEST_REST}
        return bool(rows(FAILED, given | pause))
    schedule = ReportSchedule.objects.filter(pk=taken.id).first()
    if schedule is None:
        return False
    return bool(rows(SENT, given | {"next": next_due(schedule=schedule, after=now)}))


def send_now(*, schedules: list[int], now: datetime) -> int:
    """Have these sent with the next sweep, whatever their time and rest; how many are enabled."""
    require_unit_of_work()
    return len(rows(DUE_NOW, {"ids": schedules, "now": now}))


def next_due(*, schedule: ReportSchedule, after: datetime) -> datetime:
    """The first time after this that it is to be sent. An hour that the clock leaves out is the one after."""
    zone = ZoneInfo(schedule.time_zone)
    day = after.astimezone(zone).date()
    for n in range(63):
        one = day + timedelta(days=n)
        wanted = {
            Rhythm.DAILY.value: True,
            Rhythm.WEEKDAYS.value: one.weekday() < 5,
            Rhythm.WEEKLY.value: one.weekday() == schedule.weekday,
            Rhythm.MONTHLY.value: one.day == schedule.month_day,
        }[schedule.rhythm]
        at = datetime(one.year, one.month, one.day, schedule.hour, tzinfo=zone)
        if wanted and at.timestamp() > after.timestamp():
            return at
    raise AssertionError("every rhythm comes once in two months")


def _mail(schedule: ReportSchedule, now: datetime) -> None:
    if not settings.EMAIL_HOST:
        raise NotSent(_("E-mail is not set up here: EMAIL_URL is not set (docs/operations.md)."))
    report, given = _asked(schedule, now)
    try:
        made = report_file(report=report, given=given, form=schedule.form)
    except ReportTooLong as error:
        raise NotSent(error.detail) from error
    with made.body:
        message = _message(schedule, report, described(report, given), made)
    try:
        within(seconds=MOST_SECONDS, work=message.send)
    except TimeoutError as error:
        raise NotSent(_("The mail server did not answer in time.")) from error
    except (OSError, smtplib.SMTPException) as error:
        words = _("The mail server does not take it: %(answer)s") % {"answer": _said(error)}
        raise NotSent(words) from error


def _said(error: Exception) -> str:
    """What the mail server answered, or what became of the network, without a password."""
    told = " ".join(str(error).split())
    secret = settings.EMAIL_HOST_PASSWORD
    return told.replace(secret, "…") if secret else told


def _asked(schedule: ReportSchedule, now: datetime) -> tuple[Report, Given]:
    """What the schedule asks for, as its owner may by now. Raises NotSent."""
    report = report_of(schedule.report)
    if report is None:
        words = _("There is no report %(report)s any more.") % {"report": schedule.report}
        raise NotSent(words)
    owner = schedule.owner
    who = staff(owner)
    if not (owner.is_active and owner.is_staff and reads(who)):
        words = _("%(name)s may not see reports any more.") % {"name": owner.get_username()}
        raise NotSent(words)
    question = ask(report=report, data=schedule.parameters, now=now, within=who.within)
    if question.given is None:
        told = "; ".join(f"{k}: {' '.join(map(str, v))}" for k, v in question.form.errors.items())
        raise NotSent(_("What it asks for cannot be answered. %(why)s") % {"why": told})
    return report, question.given


def _message(
    schedule: ReportSchedule, report: Report, told: list[tuple[str, str]], made: ReportFile
) -> EmailMessage:
    body = made.body.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise NotSent(
            _("The file is larger than 15 MB; ask for a shorter period or one warehouse.")
        )
    name = hashlib.sha256(f"{schedule.pk} {schedule.due_at.isoformat()}".encode()).hexdigest()[:32]
    rows = _("Rows: %(n)s") % {"n": f"{made.rows:,}"}
    lines = [str(report.about), "", *(f"{k}: {v}" for k, v in told), rows]
    message = EmailMessage(
        subject=f"{report.title}: {made.name}",
        body="\n".join(lines),
        to=schedule.recipients,
        headers={"Message-ID": f"<report-{name}@holdfast>", "Auto-Submitted": "auto-generated"},
    )
    message.attach(made.name, body, made.type.partition(";")[0])
    return message
