"""The demo's company, small."""

from io import StringIO
from unittest.mock import Mock

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from tests.emptying import empty
from tests.factories import stock
from warehouse.management.commands import demo_data
from warehouse.models import InventoryItem, ItemClass, Reservation, StockMovement
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.usefixtures("committed_db")

SMALL = ("--skus", "60", "--days", "12", "--until", "2026-03-02")


def make(*options):
    call_command("demo_data", *SMALL, *options, stdout=StringIO())


def picture():
    """Everything that the company has and that happened to it, but for the hour of its making."""
    place = ("product__sku", "warehouse__code")
    items = InventoryItem.objects.order_by(*place)
    moves = StockMovement.objects.order_by("id")
    promises = Reservation.objects.order_by("reference")
    return {
        "items": list(items.values_list(*place, "on_hand", "reserved", "inbound")),
        "moves": list(
            moves.values_list("item__product__sku", "type", "quantity", "reference", "occurred_at")
        ),
        "promises": list(promises.values_list("reference", "status")),
    }


def test_it_is_a_company_with_a_history_and_its_books_are_right():
    make()
    kinds = set(StockMovement.objects.values_list("type", flat=True))
    assert {"receive", "ship", "return", "cycle_count"} <= kinds
    assert Reservation.objects.filter(status="active", expires_at__isnull=False).exists()
    assert verify_ledger() == []


def test_it_is_the_same_company_each_time_and_another_for_another_seed():
    make()
    first = picture()
    assert all(first.values())
    empty()
    make()
    assert picture() == first
    empty()
    make("--seed", "2")
    assert picture() != first


def test_an_interrupted_start_goes_on_where_it_stopped(monkeypatch):
    from warehouse.simulation.company import Company

    live = Company.live

    def stop_in_the_middle(self, day):
        if day.day == 25:
            raise KeyboardInterrupt
        live(self, day)

    monkeypatch.setattr(Company, "live", stop_in_the_middle)
    with pytest.raises(KeyboardInterrupt):
        make()
    monkeypatch.setattr(Company, "live", live)
    make()
    references = Reservation.objects.values_list("reference", flat=True)
    assert {reference[5:11] for reference in references if reference.startswith("DEMO-26")} == {
        *(f"2602{day}" for day in range(19, 29)), "260301",
    }  # fmt: skip
    assert verify_ledger() == []
    resumed = picture()
    empty()
    make()
    assert picture() == resumed, "without the interruption it is another company"


def test_killed_after_its_last_day_it_has_its_people_and_the_next_start_looks_back(
    monkeypatch, settings
):
    settings.DEMO = True
    monkeypatch.setattr(demo_data, "verify_ledger", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        make()
    monkeypatch.undo()
    assert get_user_model().objects.filter(username="manager").exists()
    get_user_model().objects.all().delete()  # as they were missing after such an end before
    make()
    assert get_user_model().objects.filter(username="manager").exists()
    assert ItemClass.objects.exists()


def test_it_leaves_a_database_alone_that_has_products():
    stock({("A", "MAIN"): 1})
    make("--if-empty")
    assert InventoryItem.objects.count() == 1
    with pytest.raises(CommandError, match="products already"):
        make()
