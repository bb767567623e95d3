"""Two workers sweep the reports that are due at the same time: each report is sent once."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection
from django.utils import timezone

from inventory_site.core.models import ReportSchedule
from inventory_site.core.reporting import schedules
from inventory_site.core.tasks import send_reports
from tests.factories import stock

pytestmark = pytest.mark.usefixtures("committed_db", "valkey")

HOW_MANY = 6


def test_each_report_that_is_due_is_sent_once_by_one_of_two_workers(monkeypatch, settings):
    settings.EMAIL_HOST = "mail.example"
    stock({("A", "MAIN"): 3})
    boss = get_user_model().objects.create_superuser("boss")
    due = timezone.now() - timedelta(days=3)
    for _ in range(HOW_MANY):
        ReportSchedule.objects.create(
            report="stock-at-date", form="csv", recipients=["a@shop.example"], owner=boss,
            due_at=due, rhythm="daily",
        )  # fmt: skip
    together = threading.Barrier(2, timeout=20)
    sending, counts = schedules.send, []

    def send(**given):
        if not together.broken and len(counts) == 0 and not mail.outbox:
            together.wait()  # both hold one before any is sent
        return sending(**given)

    def sweep():
        counts.append(send_reports())
        connection.close()

    monkeypatch.setattr(schedules, "send", send)
    workers = [threading.Thread(target=sweep) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sum(counts) == HOW_MANY
    assert min(counts) >= 1
    assert len(mail.outbox) == HOW_MANY
    assert len({one.message()["Message-ID"] for one in mail.outbox}) == HOW_MANY
    assert not ReportSchedule.objects.filter(due_at__lte=timezone.now()).exists()
