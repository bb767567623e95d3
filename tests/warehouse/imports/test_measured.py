"""How long sheets of real size take: printed, and held to a bound that only a fault would pass."""

import time

import pytest
from django.contrib.auth import get_user_model

from tests.factories import ProductFactory, warehouse
from tests.warehouse.imports.sending import book, checked, confirm, csv
from warehouse import import_worker

pytestmark = [pytest.mark.usefixtures("committed_db", "valkey", "sent"), pytest.mark.slow]


@pytest.fixture
def manager(client):
    client.force_login(get_user_model().objects.create_superuser("manager"))
    return client


def timed(client, content, **more):
    """The import, and the seconds of its check and of its import."""
    start = time.perf_counter()
    run = checked(client, content, **more)
    middle = time.perf_counter()
    confirm(client, run)
    assert import_worker.carry_out(run_id=run.pk) == "done"
    end = time.perf_counter()
    run.refresh_from_db()
    print(
        f"\n{run}: {run.rows} rows, upload to check {middle - start:.1f} s, import {end - middle:.1f} s"
    )
    return run, end - start


def test_the_messy_sheet(committed_db, manager, year):
    content = (year / "opening_stock_messy.xlsx").read_bytes()
    run, seconds = timed(manager, content, kind="opening_stock", name="messy.xlsx")
    assert (run.rows, run.written) == (5538, 5403)
    assert seconds < 120


@pytest.mark.parametrize("again", [False, True])
def test_eight_thousand_products(committed_db, manager, again):
    titles = "SKU,Name,Supplier,Unit cost,Lead time (days),Pack size"
    lines = [f"P{n:05},Enamel mug number {n},S{n % 40},{1 + n % 90}.25,14,6" for n in range(8000)]
    if again:
        ProductFactory(sku="P00001")
    run, seconds = timed(manager, csv(titles, *lines), name="products.csv")
    assert run.written == 8000
    if again:
        changed = [line.replace(",14,6", ",21,6") for line in lines]
        run, seconds = timed(manager, csv(titles, *changed), name="changed.csv")
        assert run.result == {"created": 0, "changed": 8000, "unchanged": 0}
    assert seconds < 120


def test_eight_thousand_settings_and_an_opening_stock(committed_db, manager):
    warehouse("MAIN")
    rows = [
        [f"P{n:05}", f"Mug {n}", "MAIN", f"A-{1 + n % 99:02}-{1 + n % 20:02}", 5 + n % 90, 2.5]
        for n in range(8000)
    ]
    titles = ["SKU", "Name", "Warehouse", "Bin", "Qty on hand", "Unit cost"]
    run, seconds = timed(manager, book(titles, *rows), kind="opening_stock")
    assert run.written == 8000
    settings = [[row[0], "MAIN", 10, 24] for row in rows]
    titles = ["SKU", "Warehouse", "Reorder point", "Reorder quantity"]
    run, more = timed(manager, book(titles, *settings), kind="reorder_settings")
    assert run.written == 8000
    assert seconds + more < 240
