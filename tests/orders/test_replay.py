"""The replay, on a hundred orders of a real year and on a small one made up here."""

import json
from dataclasses import asdict, replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orders.models import ReturnOrder
from tests.factories import stock
from tests.orders.years import ORDERS, SMALL, beginning, write
from warehouse.models import LostDemand, StockMovement
from warehouse.simulation.ways import EngineWays

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def small_year(tmp_path):
    for name, text in SMALL.items():
        write(tmp_path, name, text)
    return tmp_path


@pytest.fixture(scope="module")
def hundred_orders(year, tmp_path_factory):
    return beginning(year, tmp_path_factory.mktemp("hundred"), orders=100)


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
def test_a_hundred_orders_of_a_real_year_through_orders(hundred_orders, workers):
    told = replay(hundred_orders, "--workers", workers, "--through-orders")
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
def test_a_hundred_orders_of_a_real_year(hundred_orders, workers):
    told = replay(hundred_orders, "--workers", workers)
    assert told["orders"] == 100
    assert told["lines_reserved"] + told["lines_refused"] == told["lines"]
    assert told["units_shipped"] == told["units_reserved"] > 0
    assert (told["oversold_units"], told["unexpected"]) == (0, [])
    assert told["verify_ledger"]["clean"]


def test_no_more_is_replayed_than_is_asked_for(small_year):
    assert replay(small_year, "--limit", "2")["orders"] == 2


def test_what_nobody_has_is_no_lost_demand(small_year):
    write(small_year, "orders.csv.gz", ORDERS + "5,2020-01-11T12:00:00,UK,NEW,7,1.00\n")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("replay", str(small_year), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["orders_refused"], told["units_refused"]) == (1, 6)
    assert (told["orders_unfit"], told["units_unfit"]) == (1, 7)
    assert told["unexpected"] == ["5: unknown_sku"]


def test_a_sku_in_small_letters_and_a_blank_lead_time_are_read(small_year):
    for name, text in SMALL.items():
        small = text.replace(",A,", ",a,").replace("ALDER,1,2020", "ALDER,,2020")
        write(small_year, name, small)
    told = replay(small_year)
    assert (told["orders_reserved"], told["units_returned"], told["oversold_units"]) == (3, 2, 0)


WRONG = {
    "returns.csv.gz": [
        (",A,2", ",ZZ,2", "row 2: opening_stock.csv has no ZZ"),
        (",A,2", ",A,two", 'row 2: quantity "two"'),
        ("2020-01-07T", "soon", 'row 2: returned_at "soon'),
        ("quantity", "units", "has no column quantity"),
    ],
    "adjustments.csv.gz": [(",-50,", ",0,", "row 2: a correction of no units")],
    "orders.csv.gz": [
        ("4,2020-01-10", "1,2020-01-10", "row 5: 1 has ended above"),
        ("4,2020-01-10", "4,2020-01-01", "row 5: 4 is earlier"),
    ],
    "opening_stock.csv": [("ALDER,1,", "ALDER,x,", 'row 2: lead_time_days "x"')],
}


@pytest.mark.parametrize(
    ("name", "old", "new", "told"), [(name, *one) for name, all_ in WRONG.items() for one in all_]
)
def test_a_folder_is_read_whole_before_anything_is_booked(small_year, name, old, new, told):
    write(small_year, name, SMALL[name].replace(old, new, 1))
    with pytest.raises(CommandError, match=f"{name}.*{told}"):
        replay(small_year)
    assert not StockMovement.objects.exists()


def test_what_is_no_zipped_file_is_told(small_year):
    (small_year / "orders.csv.gz").write_text(ORDERS)
    with pytest.raises(CommandError, match=r"orders\.csv\.gz cannot be read"):
        replay(small_year)


def test_a_report_that_cannot_be_written_is_told_before_the_year(small_year):
    path = str(small_year / "no" / "report.json")
    with pytest.raises(CommandError, match="cannot be written"):
        replay(small_year, "--report", path)
    assert not StockMovement.objects.exists()
    kept = small_year / "report.json"
    assert replay(small_year, "--report", str(kept)) == json.loads(kept.read_text())


def test_a_year_is_not_booked_into_somebodys_house(small_year):
    stock({("MUG", "MAIN"): 5})
    with pytest.raises(CommandError, match="--into-this-house"):
        replay(small_year)
    assert StockMovement.objects.count() == 1
    assert replay(small_year, "--into-this-house")["orders"] == 4
    assert replay(small_year)["run"] == 2  # it has begun, and goes on


def test_a_folder_that_lacks_files_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"orders\.csv\.gz"):
        call_command("replay", str(tmp_path))
