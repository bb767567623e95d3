"""A backup restored into another cluster, as documented: the books are right, the feed goes on."""

import json
import subprocess

import pytest
from django.core.management import call_command

from inventory_site.core.sql import rows
from inventory_site.wheels import postgres_programs
from notifications.feed import read
from notifications.services import dispatching
from notifications.services.dispatching import Reader
from tests.concurrency.clients import environment
from tests.concurrency.test_servers_stopped import House
from tests.factories import counters, do, stock
from warehouse import level_cache
from warehouse.lines import Level, ReserveLine
from warehouse.services.levels import stock_level
from warehouse.services.reservations import reserve

LOOK = """
import django, io, json; django.setup()
from django.core.management import call_command
from notifications.feed import read
from notifications.services import dispatching
from notifications.services.dispatching import Reader
from tests.factories import counters, do
from warehouse.lines import ReserveLine
from warehouse.services.proof import verify_ledger
from warehouse.services.reservations import reserve
def ids(): return [event.mark.id for event in read(limit=1000)]
ahead = ids()
call_command("after_restore", stdout=io.StringIO())
do(dispatching.advance, reader=Reader("alerts", lambda events, now: None))
restored, drifts = ids(), [drift.message for drift in verify_ledger()]
do(reserve, reference="AFTER", lines=[ReserveLine("A", 1)])
later = []
do(dispatching.advance, reader=Reader("alerts", lambda events, now: later.extend(events)))
told = [event.reference for event in later]
print(json.dumps([ahead, restored, ids(), drifts, counters("A"), told]))
"""


@pytest.fixture
def elsewhere(tmp_path):
    house = House(tmp_path)
    yield house
    house.close()


def program(name, *words):
    found = postgres_programs() / name
    subprocess.run([found, *words], check=True, capture_output=True)


@pytest.mark.usefixtures("committed_db")
def test_a_dump_restored_elsewhere_is_whole_and_its_events_are_readable(elsewhere, tmp_path):
    for _ in range(5000):  # so that the ids of its transactions are ahead of a young cluster's
        rows("SELECT pg_current_xact_id()", [])
    stock({("A", "MAIN"): 10, ("B", "EAST"): 5})
    do(reserve, reference="R", lines=[ReserveLine("A", 2)])
    events = [event.mark.id for event in read(limit=1000)]
    do(dispatching.open_reader, name="alerts")
    do(dispatching.advance, reader=Reader("alerts", lambda events, now: None))
    dump = str(tmp_path / "backup")
    program("pg_dump", "--format=custom", f"--file={dump}", environment()["DATABASE_URL"])
    program("pg_restore", "--exit-on-error", f"--dbname={elsewhere.state.database_url}", dump)
    told = json.loads(elsewhere.run(LOOK))
    ahead, restored, later, drifts, counted, read_on = told
    assert ahead == [], "the control: without the command they wait"
    assert restored == events
    assert later[: len(events)] == events
    assert len(later) == len(events) + 1
    assert read_on == ["AFTER"], "a reader goes on where it was"
    assert drifts == []
    assert tuple(counted) == (10, 3, 0, 0)
    assert counters("A") == (10, 2, 0, 0)


@pytest.mark.usefixtures("committed_db")
def test_what_redis_holds_of_the_time_after_the_backup_is_not_read_again():
    stock({("A", "MAIN"): 10})
    stock_level(sku="A")
    later = Level("A", "MAIN", 77, 0, 0, 0, 0, None, version=1000)
    level_cache.refresh(levels=[later])
    assert stock_level(sku="A").total("on_hand") == 77, "the control: a later version is believed"
    call_command("after_restore")
    assert stock_level(sku="A").total("on_hand") == 10
    before = level_cache.generation.number
    call_command("after_restore")
    assert level_cache.generation.number > before
