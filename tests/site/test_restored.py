"""A backup restored into another cluster, as documented: the books are right, the feed goes on."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from inventory_site.core.sql import rows
from inventory_site.wheels import postgres_programs
from notifications.feed import read
from notifications.services import dispatching
from notifications.services.dispatching import Reader
from tests.concurrency.clients import environment
from tests.concurrency.test_servers_stopped import House
from tests.factories import counters, do, stock
from warehouse.lines import ReserveLine
from warehouse.services.reservations import reserve

OPERATIONS = Path(__file__).parents[2] / "docs/operations.md"
LOOK = """
import django, json; django.setup()
from inventory_site.core.sql import rows
from notifications.feed import read
from notifications.services import dispatching
from notifications.services.dispatching import Reader
from tests.factories import counters, do
from warehouse.lines import ReserveLine
from warehouse.services.proof import verify_ledger
from warehouse.services.reservations import reserve
def ids(): return [event.mark.id for event in read(limit=1000)]
ahead = ids()
for update in {updates!r}:
    rows(update, [])
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


def documented_updates():
    updates = re.findall(r"^ {4}(UPDATE notifications_.*);$", OPERATIONS.read_text(), re.M)
    assert len(updates) == 3
    return updates


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
    told = json.loads(elsewhere.run(LOOK.replace("{updates!r}", repr(documented_updates()))))
    ahead, restored, later, drifts, counted, read_on = told
    assert ahead == [], "the control: without the update they wait"
    assert restored == events
    assert later[: len(events)] == events
    assert len(later) == len(events) + 1
    assert read_on == ["AFTER"], "a reader goes on where it was"
    assert drifts == []
    assert tuple(counted) == (10, 3, 0, 0)
    assert counters("A") == (10, 2, 0, 0)
