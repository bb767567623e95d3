"""Imports that really commit: a worker killed in the middle, one that was only asleep, and two at once."""

import os
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from inventory_site.core.roles import staff
from tests.concurrency.clients import environment
from tests.factories import do
from tests.forked import start
from tests.warehouse.imports.sending import book, person
from warehouse import import_worker
from warehouse.models import ImportRun, Product
from warehouse.services import import_claims, import_runs

pytestmark = pytest.mark.usefixtures("committed_db", "valkey")

TITLES = ["SKU", "Name"]
# A worker that has written all rows, and stands before the end of its transaction.
ASLEEP = """
import time, django
django.setup()
from warehouse import import_worker
def asleep(**given):
    print("written", flush=True)
    time.sleep(60)
import_worker.finish = asleep
import_worker.carry_out(run_id={run_id})
"""


def queued(user, content):
    """An import of products as far as the queue."""
    who = staff(user)
    look = import_runs.look_at(content=content, name="s.xlsx", kind="products")
    form = ImportRun().form_id
    given = {"form_id": form, "kind": "products", "name": "s.xlsx", "content": content}
    run = ImportRun.objects.get(pk=do(import_runs.start, look=look, who=who, **given))
    checked = import_runs.examine(run=run, who=who, today=timezone.localdate())
    do(import_runs.keep_check, run=run, revision=0, checked=checked)
    run.refresh_from_db()
    do(import_runs.confirm, run=run, revision=1, leave_bad=True)
    return run


def sleeper(run):
    """A process of its own that has claimed the import and written its rows, but not yet committed."""
    heard, told = os.pipe()
    given = {"DJANGO_SETTINGS_MODULE": "inventory_site.settings"}
    code = ASLEEP.format(run_id=run.pk)
    process = start("-c", code, env=os.environ | environment() | given, stdout=told)
    os.close(told)
    with open(heard) as said:
        assert said.readline() == "written\n"
    return process


def silence():
    """No sign of life for longer than a living worker would be silent; what is sent again."""
    ImportRun.objects.update(touched_at=timezone.now() - timedelta(minutes=5))
    return do(import_claims.take_from_the_dead, now=timezone.now())


def test_a_killed_worker_leaves_nothing_half_done_and_the_import_goes_on():
    run = queued(person(), book(TITLES, *([f"S{n}", "Mug"] for n in range(50))))
    process = sleeper(run)
    process.kill()
    process.wait()
    run.refresh_from_db()
    assert (run.status, Product.objects.count()) == ("running", 0)
    assert silence() == [run.pk]
    assert import_worker.carry_out(run_id=run.pk) == "done"
    assert Product.objects.count() == 50
    run.refresh_from_db()
    assert (run.status, run.attempt, run.written) == ("done", 2, 50)


def test_a_worker_that_was_only_asleep_cannot_write_a_second_time():
    run = queued(person(), book(TITLES, ["A", "Mug"]))
    first = do(import_claims.claim, run_id=run.pk)
    assert silence() == [run.pk]
    assert import_worker.carry_out(run_id=run.pk) == "done"
    with pytest.raises(import_worker.ImportMovedOn):
        do(import_claims.finish, mine=first, written=1, result={}, found={})
    with pytest.raises(import_worker.ImportMovedOn):
        do(import_claims.note, mine=first)


def test_while_one_import_is_written_another_waits_its_turn():
    boss = person()
    one, other = (queued(boss, book(TITLES, [sku, "Mug"])) for sku in "AB")
    process = sleeper(one)
    try:
        assert import_worker.carry_out(run_id=other.pk) == "queued"
        other.refresh_from_db()
        assert (other.status, other.attempt) == ("queued", 0)
    finally:
        process.kill()
        process.wait()
    assert import_worker.carry_out(run_id=other.pk) == "done"
    assert list(Product.objects.values_list("sku", flat=True)) == ["B"]


def test_two_workers_with_one_import_write_it_once():
    run = queued(person(), book(TITLES, *([f"S{n}", "Mug"] for n in range(200))))
    told = []

    def work():
        try:
            told.append(import_worker.carry_out(run_id=run.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["", "", "", "done"]
    assert Product.objects.count() == 200


def test_a_worker_gives_signs_of_life_beside_its_transaction(monkeypatch):
    run = queued(person(), book(TITLES, ["A", "Mug"]))
    monkeypatch.setattr(import_worker, "PULSE_SECONDS", 0.05)
    seen, real = [], import_worker.finish

    def slow(**given):
        ended = threading.Event()
        before = timezone.now()
        for _ in range(40):
            ended.wait(0.05)
            seen.append(_touched(run) > before)
            if seen[-1]:
                break
        real(**given)

    monkeypatch.setattr(import_worker, "finish", slow)
    assert import_worker.carry_out(run_id=run.pk) == "done"
    assert seen[-1] is True


def _touched(run):
    return ImportRun.objects.values_list("touched_at", flat=True).get(pk=run.pk)
