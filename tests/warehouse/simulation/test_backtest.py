"""The back-test on years small enough to be worked out by hand, and its promise not to look ahead."""

import csv
import gzip
from collections import defaultdict
from datetime import date
from zlib import crc32

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from warehouse.simulation.backtest import (
    FIRST_WEEKS,
    Item,
    Past,
    curve,
    fixed,
    mean_over_lead_time,
    plans_of,
    run,
    suggested,
)
from warehouse.simulation.year import FILES

FIRST = FIRST_WEEKS * 7


def past(days, **asked):
    items = [
        Item(sku, opening, 2.0, lead, defaultdict(int, by_day))
        for sku, (opening, lead, by_day) in asked.items()
    ]
    return Past(date(2011, 1, 3), days, items)


def lived(year, policy):
    return run(year, name="", plans=plans_of(year, {"": policy})[""])


def test_steady_demand_is_always_served_and_its_stock_is_known():
    year = past(FIRST + 70, A=(1000, 3, dict.fromkeys(range(FIRST + 70), 1)))
    outcome = lived(year, fixed(1000, 50))
    assert (outcome.asked, outcome.served, outcome.stock_out_days) == (70, 70, 0)
    assert outcome.fill_rate == 1
    assert outcome.days == 70


def test_what_is_not_there_is_lost_and_counted():
    year = past(FIRST + 7, A=(0, 30, {FIRST + 1: 5, FIRST + 3: 2}))
    outcome = lived(year, lambda known: (0, 0))
    # The opening rule has ordered twelve once, long before.
    assert (outcome.asked, outcome.served, outcome.asked_days) == (7, 7, 2)
    less = past(FIRST + 7, A=(0, 30, {FIRST + 1: 50}))
    outcome = lived(less, lambda known: (0, 0))
    assert (outcome.served, outcome.stock_out_days) == (12, 1)


def test_no_plan_knows_what_is_still_to_come():
    known_part = dict.fromkeys(range(0, 140, 2), 3)
    calm = past(200, A=(50, 7, known_part))
    wild = past(200, A=(50, 7, known_part | dict.fromkeys(range(140, 200), 500)))
    policies = {"ours": suggested(), "mean": mean_over_lead_time}
    for name, weeks in plans_of(calm, policies).items():
        assert weeks[:21] == plans_of(wild, policies)[name][:21]  # up to the morning of day 140
        assert weeks[21:] != plans_of(wild, policies)[name][21:]


def test_more_service_serves_more_from_more_stock():
    days = range(FIRST + 300)
    asked = {f"S{n}": (40, 14, {d: (d * (n + 3)) % 11 for d in days}) for n in range(12)}
    most, usual, least = curve(past(len(days), **asked), factors=[0.1, 1, 4])
    assert most.fill_rate >= usual.fill_rate >= least.fill_rate
    assert most.average_value > usual.average_value > least.average_value


def test_a_folder_that_is_no_year_is_refused(tmp_path):
    with pytest.raises(CommandError, match="has no opening_stock"):
        call_command("backtest", tmp_path)


def a_quarter(year, folder):
    """Of the year's articles every fourth, with all that happened to them; the whole takes half a minute."""
    folder.mkdir()
    for name in FILES:
        opened = gzip.open if name.endswith(".gz") else open
        with opened(year / name, "rt", newline="") as read, opened(folder / name, "wt") as written:
            rows = csv.DictReader(read)
            kept = csv.DictWriter(written, rows.fieldnames)
            kept.writeheader()
            kept.writerows(row for row in rows if crc32(row["sku"].encode()) % 4 == 0)
    return folder


def test_a_real_year_serves_more_from_our_suggestion(year, tmp_path, capsys):
    drawn = tmp_path / "curve.svg"
    call_command("backtest", a_quarter(year, tmp_path / "quarter"), picture=drawn)
    lines = capsys.readouterr().out.splitlines()
    served = {line[:24].strip(): float(line[24:32].rstrip("% o")) for line in lines[1:4]}
    assert served["suggested"] > served["mean demand x lead time"] > served["10 / 50 for all"]
    assert drawn.read_text().startswith("<svg")
