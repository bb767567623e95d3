"""The replay, on a hundred orders of a real year and on a small one made up here."""

import gzip
import json
from dataclasses import asdict, replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orders.models import ReturnOrder
from warehouse.models import LostDemand
from warehouse.simulation.ways import EngineWays

pytestmark = pytest.mark.usefixtures("committed_db")

OPENING = """sku,name,warehouse,bin,on_hand,unit_cost,barcode,supplier,lead_time_days,counted_on
A,Thing,MAIN,A-01-01,10,1.00,,ALDER,1,2020-01-01
B,Other,EAST,N-01-01,4,1.00,,ALDER,1,2020-01-01
"""
ORDERS = """order_id,placed_at,country,sku,quantity,unit_price
1,2020-01-06T09:00:00,UK,A,6,2.50
2,2020-01-06T09:10:00,UK,A,6,2.50
3,2020-01-06T12:00:00,UK,B,1,1.00
4,2020-01-10T12:00:00,UK,A,3,2.50
"""
RETURNS = """return_id,returned_at,sku,quantity
C1,2020-01-07T09:00:00,A,2
"""
ADJUSTMENTS = """adjustment_id,adjusted_at,sku,quantity,reason
9,2020-01-08T09:00:00,B,-50,lost
"""


@pytest.fixture
def small_year(tmp_path):
    (tmp_path / "opening_stock.csv").write_text(OPENING)
    for name, text in (("orders", ORDERS), ("returns", RETURNS), ("adjustments", ADJUSTMENTS)):
        (tmp_path / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path


def replay(folder, *options):
    out = StringIO()
    call_command("replay", str(folder), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_a_small_year_is_accounted_for_to_the_unit(small_year):
    told = replay(small_year)
    assert (told["orders"], told["orders_reserved"], told["orders_refused"]) == (4, 3, 1)
    assert (told["units_shipped"], told["units_refused"]) == (10, 6)
    assert LostDemand.objects.get().requested == 6
    assert (told["returns"], told["units_returned"]) == (1, 2)
    assert told["units_adjusted_out"] + told["units_not_there_to_adjust"] == 50
    assert (told["oversold_units"], told["unexpected"]) == (0, [])
    assert told["verify_ledger"]["clean"]
    shows = told["sheet_synced_twice_a_day"]["shows_last_sync"]
    assert (shows["accepted_orders"], shows["oversold_units"]) == (4, 2)
    assert told["sheet_synced_twice_a_day"]["counts_down"]["oversold_units"] == 0


class Careless(EngineWays):
    """The control: the engine's refusal does not keep the goods in the house."""

    def sell(self, orders, *, now):
        answers, left = super().sell(orders, now=now)
        sold = zip(orders, answers, strict=True)
        refused = [order for order, answer in sold if answer.refusal is not None]
        return answers, [*left, *((sku, "MAIN", n) for x in refused for sku, n, _ in x.lines)]


class Forgetful(EngineWays):
    """The control: of each lorry the engine books one unit too few."""

    def receive(self, purchase, *, now):
        short = [replace(line, quantity=line.quantity - 1) for line in purchase.lines]
        super().receive(replace(purchase, lines=short), now=now)


@pytest.mark.parametrize(("ways", "oversold"), [(Careless, 2), (Forgetful, 0)])
def test_what_an_engine_without_its_checks_would_do_is_told(
    small_year, monkeypatch, ways, oversold
):
    made = "orders.management.commands.replay.by_engine"
    monkeypatch.setattr(made, lambda setting: ways(**asdict(setting)))
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("replay", str(small_year), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (ended.value.code, told["oversold_units"]) == (1, oversold)
    assert any("differs from the documents'" in what for what in told["unexpected"])


def test_a_second_run_goes_on_from_there(small_year):
    replay(small_year)
    again = replay(small_year)
    assert (again["run"], again["orders"], again["oversold_units"]) == (2, 4, 0)
    assert again["verify_ledger"]["clean"]


def test_through_orders_every_order_becomes_parcels_and_what_is_not_there_waits(small_year):
    told = replay(small_year, "--through-orders")
    assert (told["orders"], told["orders_reserved"], told["orders_refused"]) == (4, 4, 0)
    papers = told["through_orders"]
    waiting = papers["units_waiting"]
    assert told["units_shipped"] + waiting == 16
    assert (papers["returns"], told["units_returned"]) == (1, 2)
    assert ReturnOrder.objects.get().order.reference == "Y1-2"  # the latest that has it
    assert papers["purchase_orders"] == told["purchase_orders"]
    assert papers["shipments"] >= 3
    assert (told["oversold_units"], told["unexpected"]) == (0, [])
    assert told["verify_ledger"]["clean"]


@pytest.mark.parametrize("workers", ["1", "3"])
def test_a_hundred_orders_of_a_real_year_through_orders(year, workers):
    told = replay(year, "--limit", "100", "--workers", workers, "--through-orders")
    papers = told["through_orders"]
    assert sum(papers["orders"].values()) == told["orders"] - told["orders_refused"]
    assert told["units_shipped"] >= told["units_reserved"] > 0
    assert (
        told["units_asked"] - told["units_refused"]
        == told["units_shipped"] + papers["units_waiting"]
    )
    assert papers["pick_lines"] >= told["lines_reserved"] // 2
    assert (told["oversold_units"], told["unexpected"]) == (0, [])
    assert told["verify_ledger"]["clean"]


@pytest.mark.parametrize("workers", ["1", "3"])
def test_a_hundred_orders_of_a_real_year(year, workers):
    told = replay(year, "--limit", "100", "--workers", workers)
    assert told["orders"] == 100
    assert told["lines_reserved"] + told["lines_refused"] == told["lines"]
    assert told["units_shipped"] == told["units_reserved"] > 0
    assert (told["oversold_units"], told["unexpected"]) == (0, [])
    assert told["verify_ledger"]["clean"]


def test_a_folder_that_lacks_files_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"orders\.csv\.gz"):
        call_command("replay", str(tmp_path))
