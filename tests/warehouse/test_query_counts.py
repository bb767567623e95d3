"""How many statements each piece of work sends: a pinned number, whatever the number of lines."""

import pytest

from tests.factories import do
from tests.warehouse.statements import sent_by, shelves, skus
from warehouse.lines import (
    AdjustLine,
    CountLine,
    Disposition,
    ExpectedLine,
    PlacedLine,
    ReserveLine,
    ReserveRequest,
    ReturnLine,
    TransferLine,
)
from warehouse.services.counting import count
from warehouse.services.inbound import cancel_expected, expect
from warehouse.services.levels import stock_level, stock_levels
from warehouse.services.movements import adjust, damage, receive, return_stock
from warehouse.services.owning import adopt
from warehouse.services.releasing import extend, release
from warehouse.services.reservations import reserve, reserve_batch
from warehouse.services.shipping import ship
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db

LINES = pytest.mark.parametrize("n", [1, 3, 100])
GUARDED = 1  # whether the reference is that of a document of the orders app
FOLLOWED = 1  # whoever owns promises that were hurt or filled asks which of its documents they are


def orders(n: int) -> list[ReserveRequest]:
    return [
        ReserveRequest(f"O-{place}", [ReserveLine(sku, 1)]) for place, sku in enumerate(skus(n))
    ]


def placed(n: int) -> list[PlacedLine]:
    return [PlacedLine(sku, "MAIN", 1, "A-01-01") for sku in skus(n)]


@LINES
def test_reserve(n):
    shelves(n)
    assert len(sent_by(do, reserve, reference="O", lines=[ReserveLine(s, 1) for s in skus(n)])) == 2


@LINES
def test_a_refused_reservation(n):
    shelves(n, each=1)
    lines = [ReserveLine(sku, 9) for sku in skus(n)]

    def refused():
        with pytest.raises(Exception, match="Not enough stock"):
            do(reserve, reference="O", lines=lines)

    locked_looked_for_run_out_known_facts_recorded = 6
    assert len(sent_by(refused)) == locked_looked_for_run_out_known_facts_recorded


@pytest.mark.parametrize(("n", "statements"), [(1, 2), (2, 3), (10, 3), (50, 3)])
def test_reserve_batch(n, statements):
    shelves(n)
    assert len(sent_by(do, reserve_batch, requests=orders(n))) == statements


@LINES
def test_ship(n):
    shelves(n)
    do(reserve, reference="O", lines=[ReserveLine(sku, 2) for sku in skus(n)])
    assert len(sent_by(do, ship, reference="O")) == 5


@LINES
def test_release(n):
    shelves(n)
    do(reserve, reference="O", lines=[ReserveLine(sku, 2) for sku in skus(n)])
    assert len(sent_by(do, release, reference="O")) == 5


@LINES
def test_movements(n):
    shelves(n)
    main = [(sku, "MAIN") for sku in skus(n)]
    back = [ReturnLine(*place, 1, Disposition.RESTOCK) for place in main]
    counted = [CountLine(*place, 90, "A-01-01") for place in main]
    carried = [TransferLine(sku, 2) for sku in skus(n)]
    ways = {"reference": "T", "from_warehouse": "MAIN", "to_warehouse": "EAST"}
    adjusted = [AdjustLine(*place, delta=5) for place in main]
    pinned = {
        "receive": len(sent_by(do, receive, reference="R", lines=placed(n))),
        "return": len(sent_by(do, return_stock, reference="B", lines=back)),
        "damage": len(sent_by(do, damage, reference="D", reason="wet", lines=placed(n))),
        "adjust": len(sent_by(do, adjust, reference="A", reason="found", lines=adjusted)),
        "transfer": len(sent_by(do, transfer, lines=carried, **ways)),
        "dispatch": len(sent_by(do, transfer, lines=carried, mode="dispatch", **ways)),
        "count": len(sent_by(do, count, reference="C", lines=counted)),
    }
    assert pinned == {
        "receive": 6 + GUARDED,
        "return": 6,
        "damage": 4,
        "adjust": 5,
        "transfer": 6,
        "dispatch": 6,
        "count": 5,
    }


@LINES
def test_a_count_that_takes_promises_away(n):
    shelves(n, each=10)
    do(reserve, reference="O", lines=[ReserveLine(sku, 15) for sku in skus(n)])
    lines = [CountLine(sku, "MAIN", 0, "A-01-01") for sku in skus(n)]
    assert len(sent_by(do, count, reference="C", lines=lines)) == 7 + FOLLOWED


@LINES
def test_promises_that_wait(n):
    shelves(n, each=1)
    lines = [ReserveLine(sku, 9) for sku in skus(n)]
    late = {"lines": lines, "backorder": True, "expires_in": 60}
    pinned = {
        "reserve": len(sent_by(do, reserve, reference="O", **late)),
        "again": len(sent_by(do, reserve, reference="O", **late)),
        "extend": len(sent_by(do, extend, reference="O", expires_in=60)),
        "adopt": len(sent_by(do, adopt, reference="O", owner="orders")),
        "fill": len(sent_by(do, receive, reference="R", lines=placed(n))),
        "release": len(sent_by(do, release, reference="O", owner="orders")),
    }
    assert pinned == {
        "reserve": 3, "again": 5, "extend": 4, "adopt": 5,
        "fill": 7 + GUARDED + FOLLOWED, "release": 5 + FOLLOWED,
    }  # fmt: skip


@LINES
def test_what_was_expected(n):
    shelves(n)
    lines = [ExpectedLine(sku, "MAIN", 5) for sku in skus(n)]
    some = [ExpectedLine(sku, "MAIN", 2) for sku in skus(n)]
    found = [CountLine(sku, "MAIN", 90, "A-01-01", expected=95) for sku in skus(n)]
    pinned = {
        "expect": len(sent_by(do, expect, reference="P", lines=lines, expected_at=None)),
        "cancel": len(sent_by(do, cancel_expected, reference="P", lines=some)),
        "cancel the rest": len(sent_by(do, cancel_expected, reference="P")),
        "count": len(sent_by(do, count, reference="C", lines=found)),
    }
    assert pinned == {"expect": 5, "cancel": 5, "cancel the rest": 5, "count": 5}


@pytest.mark.parametrize("orders", [1, 20])
def test_filling_takes_the_same_number_of_statements_for_any_number_of_orders(orders):
    shelves(1, each=1)
    for n in range(orders):
        do(reserve, reference=f"O{n}", lines=[ReserveLine("S000", 3)], backorder=True)
    lines = [PlacedLine("S000", code, 2 * orders, "A-01-01") for code in ("MAIN", "EAST")]
    assert len(sent_by(do, receive, reference="R", lines=lines)) == 7 + GUARDED + FOLLOWED


@LINES
def test_a_partial_reservation_and_its_repetition(n):
    shelves(n, each=1)
    order = {"reference": "O", "lines": [ReserveLine(s, 9) for s in skus(n)], "allow_partial": True}
    locked_looked_for_run_out_looked_up_lost_written = 5
    assert len(sent_by(do, reserve, **order)) == locked_looked_for_run_out_looked_up_lost_written
    locked_looked_for_run_out_looked_up_with_what_is_short = 4
    assert (
        len(sent_by(do, reserve, **order)) == locked_looked_for_run_out_looked_up_with_what_is_short
    )


@LINES
def test_levels(n, valkey, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("warehouse.level_cache.GENERATION_SECONDS", 3600)
    shelves(n)
    # As if the test's own transaction ended: what is read in one is kept only then.
    with django_capture_on_commit_callbacks(execute=True):
        assert (
            len(sent_by(stock_levels, skus=skus(n))) == 2
        )  # the cache's generation, and the levels
    assert sent_by(stock_levels, skus=skus(n)) == []
    assert sent_by(stock_level, sku=skus(n)[0]) == []
