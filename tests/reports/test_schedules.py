"""Reports by mail: when, to whom, what of it, and what comes of a failure. A real mail server takes them."""

import email
import io
import socket
from datetime import UTC, datetime, timedelta
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from inventory_site.core.models import ReportSchedule, StaffAccess
from inventory_site.core.reporting import schedules
from inventory_site.core.tasks import send_reports
from tests.factories import do, stock
from tests.reports.asked import csv_rows, person

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 6, 8, 6, 0, tzinfo=UTC)
LIST = "/admin/core/reportschedule/"
FILLED = {
    "report": "stock-at-date", "warehouse": "", "days": "", "more": "", "form": "csv",
    "recipients": "boss@shop.example", "rhythm": "weekly", "weekday": "0", "month_day": "1",
    "hour": "7", "time_zone": "Europe/Berlin", "enabled": "on",
}  # fmt: skip


class Mailbox:
    def __init__(self):
        self.mails, self.to, self.answer = [], [], ""

    async def handle_DATA(self, server, session, envelope):
        if self.answer:
            return self.answer
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        self.to.append(envelope.rcpt_tos)
        return "250 taken"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    yield box
    server.stop()


def test_without_a_mail_server_it_says_so(boss, settings):
    settings.EMAIL_HOST = ""
    row = planned(boss)
    assert send_reports() == 0
    assert "EMAIL_URL is not set" in again(row).last_error


def test_a_mail_server_that_is_away_is_told_without_its_password(boss, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_HOST_PASSWORD = "Connection"  # as if the answer repeated it
    row = planned(boss)
    assert send_reports() == 0
    assert "does not take it" in again(row).last_error
    assert "… refused" in row.last_error


@pytest.fixture
def boss(db):
    made = get_user_model().objects.create_user("boss", is_staff=True)
    made.groups.add(Group.objects.get_or_create(name="operations manager")[0])
    return made


def planned(owner, *, due=None, **given):
    usual = {"report": "stock-at-date", "form": "csv", "recipients": ["a@shop.example"], "hour": 7}
    due = due or timezone.now() - timedelta(minutes=1)
    return ReportSchedule.objects.create(owner=owner, due_at=due, **(usual | given))


def again(row):
    row.refresh_from_db()
    return row


def test_a_clock_that_is_put_back_makes_no_rest_longer(boss):
    row, now = planned(boss), timezone.now()
    for at in (
        {"rests_until": now + timedelta(minutes=9)},
        {"leased_until": now + schedules.LEASE},
    ):
        ReportSchedule.objects.update(**at)
        assert do(schedules.take, now=now) is None
        ReportSchedule.objects.update(due_at=now - timedelta(days=2))
        assert do(schedules.take, now=now - timedelta(days=1)).id == row.pk
        ReportSchedule.objects.update(rests_until=None, leased_until=None)


def test_who_began_a_moment_sooner_and_came_second_gets_nothing(boss):
    planned(boss)
    now = timezone.now()
    assert do(schedules.take, now=now)
    assert do(schedules.take, now=now - timedelta(milliseconds=20)) is None


@pytest.mark.parametrize(
    ("given", "after", "due"),
    [
        ({"rhythm": "daily"}, "2026-06-08 06:59", "2026-06-08 07:00"),
        ({"rhythm": "daily"}, "2026-06-08 07:00", "2026-06-09 07:00"),
        ({"rhythm": "weekdays"}, "2026-06-05 08:00", "2026-06-08 07:00"),
        ({"rhythm": "weekly", "weekday": 2}, "2026-06-08 08:00", "2026-06-10 07:00"),
        ({"rhythm": "weekly", "weekday": 0}, "2026-06-08 08:00", "2026-06-15 07:00"),
        ({"rhythm": "monthly", "month_day": 28}, "2026-02-28 08:00", "2026-03-28 07:00"),
        ({"rhythm": "monthly", "month_day": 1}, "2026-12-01 08:00", "2027-01-01 07:00"),
        # The hour that is left out in spring, and the one that comes twice in autumn.
        ({"rhythm": "daily", "hour": 2}, "2026-03-28 12:00", "2026-03-29 03:00"),
        ({"rhythm": "daily", "hour": 2}, "2026-10-25 12:00", "2026-10-26 02:00"),
    ],
)
def test_the_next_time_is_by_the_clock_of_the_zone(boss, given, after, due):
    berlin = ZoneInfo("Europe/Berlin")
    row = planned(boss, time_zone="Europe/Berlin", **given)
    at = datetime.fromisoformat(after).replace(tzinfo=berlin)
    found = schedules.next_due(schedule=row, after=at)
    assert f"{found.astimezone(UTC).astimezone(berlin):%Y-%m-%d %H:%M}" == due


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_due_is_sent_with_its_file_once(mailbox, boss, form):
    stock({("A", "MAIN"): 3})
    row = planned(boss, form=form, recipients=["a@shop.example", "b@shop.example"])
    assert (send_reports(), send_reports()) == (1, 0)
    (mail,) = mailbox.mails
    assert mailbox.to == [["a@shop.example", "b@shop.example"]]
    assert "Stock at a date" in mail["Subject"]
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == f"stock-at-date-main-{timezone.now().date()}.{form}"
    body = attached.get_payload(decode=True)
    if form == "csv":
        assert csv_rows(body)[1][:1] == ["A"]
    else:
        assert load_workbook(io.BytesIO(body)).worksheets[0]["A2"].value == "A"
    row = again(row)
    assert row.sent_at is not None
    assert row.due_at > timezone.now()
    assert (row.leased_until, row.failures, row.last_error) == (None, 0, "")


def test_what_was_missed_for_weeks_is_made_up_once(mailbox, boss):
    row = planned(boss, due=timezone.now() - timedelta(days=40), rhythm="daily")
    assert (send_reports(), send_reports(), len(mailbox.mails)) == (1, 0, 1)
    assert again(row).due_at > timezone.now()


def test_a_failure_is_shown_and_tried_again_later_and_later(mailbox, boss):
    row = planned(boss)
    mailbox.answer = "451 not now"
    rests = []
    at = timezone.now()
    for _ in range(9):
        taken = do(schedules.take, now=at)
        error = schedules.send(taken=taken, now=at)
        assert do(schedules.settle, taken=taken, error=error, now=at)
        row = again(row)
        rests.append((row.rests_until - at).total_seconds() / 60)
        assert do(schedules.take, now=at) is None
        at = row.rests_until
    assert rests == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    assert "451" in row.last_error
    assert row.failures == 9
    mailbox.answer = ""
    taken = do(schedules.take, now=at)
    assert schedules.send(taken=taken, now=at) == ""
    do(schedules.settle, taken=taken, error="", now=at)
    assert (again(row).failures, row.last_error, len(mailbox.mails)) == (0, "", 1)


def test_a_sender_that_died_is_followed_by_one_with_the_same_name_of_the_mail(mailbox, boss):
    row = planned(boss)
    at = timezone.now()
    first = do(schedules.take, now=at)
    assert schedules.send(taken=first, now=at) == ""  # and then it dies
    assert do(schedules.take, now=at) is None
    later = at + schedules.LEASE
    second = do(schedules.take, now=later)
    schedules.send(taken=second, now=later)
    assert mailbox.mails[0]["Message-ID"] == mailbox.mails[1]["Message-ID"]
    assert not do(schedules.settle, taken=first, error="late", now=later)
    assert do(schedules.settle, taken=second, error="", now=later)
    assert again(row).failures == 0


def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(mailbox, boss, monkeypatch):
    planned(boss)
    depth = len(connection.savepoint_ids)
    deeper = []

    def looked_at(*, seconds, work):
        deeper.append(len(connection.savepoint_ids) - depth)
        work()

    monkeypatch.setattr(schedules, "within", looked_at)
    assert send_reports() == 1
    assert deeper == [0]


def test_what_the_owner_may_see_by_then_is_what_is_sent(mailbox, boss):
    stock({("A", "MAIN"): 3, ("B", "EAST"): 4})
    row = planned(boss)
    StaffAccess.objects.create(user=boss, warehouses=["EAST"])
    send_reports()
    (attached,) = mailbox.mails[0].iter_attachments()
    assert [x[0] for x in csv_rows(attached.get_payload(decode=True))[1:]] == ["B"]
    ReportSchedule.objects.update(due_at=timezone.now(), parameters={"warehouse": "MAIN"})
    assert send_reports() == 0
    assert "cannot be answered" in again(row).last_error


@pytest.mark.parametrize("lost", ["role", "active", "report"])
def test_who_may_not_look_any_more_is_sent_nothing(mailbox, boss, lost):
    row = planned(boss)
    if lost == "role":
        boss.groups.set([Group.objects.get_or_create(name="picker")[0]])
    elif lost == "active":
        get_user_model().objects.update(is_active=False)
    else:
        ReportSchedule.objects.update(report="gone")
    assert send_reports() == 0
    assert mailbox.mails == []
    assert again(row).last_error in (
        "boss may not see reports any more.",
        "There is no report gone any more.",
    )


def test_one_that_fails_does_not_keep_the_others(mailbox, boss):
    planned(boss, report="gone")
    planned(boss)
    planned(boss, enabled=False)
    assert (send_reports(), len(mailbox.mails)) == (1, 1)


def test_a_file_too_large_for_mail_says_so(mailbox, boss, monkeypatch):
    monkeypatch.setattr(schedules, "MOST_BYTES", 10)
    row = planned(boss)
    send_reports()
    assert "larger than" in again(row).last_error


def test_a_manager_plans_one_from_the_page_of_a_report(client):
    stock({("A", "MAIN"): 3})
    one = person(client)
    page = client.get(f"{LIST}add/?report=dead-stock&idle=180&warehouse=MAIN").content.decode()
    assert 'value="idle=180"' in page
    given = FILLED | {"report": "dead-stock", "more": "idle=180", "warehouse": "main"}
    given["recipients"] = "boss@shop.example, a@shop.example\nboss@shop.example"
    answer = client.post(f"{LIST}add/", given)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = ReportSchedule.objects.get()
    assert row.parameters == {"warehouse": "MAIN", "idle": "180"}
    assert row.recipients == ["boss@shop.example", "a@shop.example"]
    assert (row.owner_id, row.due_at.astimezone(ZoneInfo("Europe/Berlin")).hour) == (one.pk, 7)
    assert client.get(LIST).status_code == 200
    page = client.get(f"{LIST}{row.pk}/change/").content.decode()
    assert 'value="idle=180"' in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"recipients": "nobody"}, "valid email"),
        ({"recipients": ", ,"}, "1 to 20 addresses"),
        ({"recipients": "a@b.example\nBcc: c@d.example"}, "valid email"),
        ({"time_zone": "Mars/Olympus"}, "A name such as"),
        ({"warehouse": "NOWHERE"}, "Select a valid choice"),
        ({"more": "idle=7", "report": "dead-stock"}, "Select a valid choice"),
        ({"more": "day=2020-01-01"}, "is no parameter"),
        ({"hour": "24"}, "less than or equal"),
        ({"report": "nothing"}, "Select a valid choice"),
        ({"days": "0", "report": "movements"}, "greater than or equal"),
    ],
)
def test_what_cannot_be_sent_is_said_when_it_is_planned(client, given, words):
    stock({("A", "MAIN"): 3})
    person(client)
    page = client.post(f"{LIST}add/", FILLED | given)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert ReportSchedule.objects.count() == 0


def test_a_report_is_sent_at_once_when_it_is_asked_for(client, mailbox, monkeypatch):
    one = person(client)
    row = planned(one, due=timezone.now() + timedelta(days=3))
    monkeypatch.setattr(send_reports, "delay", send_reports)
    told = {"action": "send_chosen", "_selected_action": [row.pk], "confirmed": 1}
    page = client.post(LIST, told, follow=True).content.decode()
    assert "1 on its way." in page
    assert len(mailbox.mails) == 1
    assert again(row).due_at > timezone.now()


def test_limited_managers_see_their_own_and_cannot_plan_another_s_warehouse(client, boss):
    stock({("A", "MAIN"): 3, ("B", "EAST"): 4})
    foreign = planned(boss)
    person(client, within=["EAST"])
    assert client.get(LIST).context["cl"].result_count == 0
    assert client.get(f"{LIST}{foreign.pk}/change/").status_code == 302
    page = client.post(f"{LIST}add/", FILLED | {"warehouse": "MAIN"}).content.decode()
    assert "Select a valid choice" in page


@pytest.mark.parametrize("role", ["read-only", "picker"])
def test_whoever_is_no_manager_plans_nothing(client, boss, role):
    row = planned(boss)
    person(client, role)
    assert client.post(f"{LIST}add/", FILLED).status_code == 403
    told = {"action": "send_chosen", "_selected_action": [row.pk], "confirmed": 1}
    client.post(LIST, told)
    assert again(row).due_at < timezone.now()
    assert client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
