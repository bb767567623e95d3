"""What is not sold any more is neither watched nor suggested to order, from the moment somebody says so."""

from dataclasses import replace

import pytest

from inventory_site.core.roles import MANAGER
from tests.factories import do, item, stock
from tests.site.staff import at, person
from tests.warehouse.test_stale_forms import opened
from warehouse.lines import PlacedLine, ReserveLine
from warehouse.models import Product, ReorderSuggestion
from warehouse.services.cataloguing import write_products
from warehouse.services.movements import damage, receive
from warehouse.services.replenishment import check_all, set_reorder
from warehouse.services.reservations import reserve
from warehouse.sheet_records import products_now
from warehouse.sheets.records import Planned

pytestmark = pytest.mark.django_db


def low():
    stock({("A", "MAIN"): 10})
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=20, reorder_quantity=5)


def suggested():
    return ReorderSuggestion.objects.filter(closed_at=None).count()


def by_form(active):
    address = f"/admin/warehouse/product/{Product.objects.get().pk}/change/"
    client = at(person(f"ann {active}", MANAGER))
    sent = {k: v for k, v in opened(client, address).items() if k != "active"}
    assert client.post(address, sent | ({"active": "on"} if active else {})).status_code == 302


def by_sheet(active):
    before = products_now(skus=["A"])["A"]
    word = "changed"
    planned = [Planned(row=2, before=before, after=replace(before, active=active))]
    assert do(write_products, planned=planned)[word] == 1


@pytest.mark.parametrize("way", [by_form, by_sheet])
def test_saying_so_closes_its_suggestion_and_taking_that_back_opens_one(way):
    low()
    assert suggested() == 1
    way(False)
    assert (suggested(), Product.objects.get().active) == (0, False)
    way(True)
    assert suggested() == 1


def test_no_change_and_no_sweep_suggests_it():
    low()
    do(reserve, reference="R", lines=[ReserveLine("A", 1)])
    Product.objects.update(active=False)
    do(check_all)
    assert suggested() == 0
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=30, reorder_quantity=5)
    do(receive, reference="R", lines=[PlacedLine("A", "MAIN", 40)])
    do(damage, reference="D", reason="wet", lines=[PlacedLine("A", "MAIN", 30)])
    do(check_all)
    assert (suggested(), item("A").on_hand) == (0, 20)
