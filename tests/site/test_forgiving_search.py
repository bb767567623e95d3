"""Every list about products or bins finds them however they are typed; others have a search too."""

import pytest
from django.contrib import admin

from tests.site.every_address import no_trace
from tests.site.staff import at
from tests.site.two_houses import furnish, people
from warehouse.models import Bin, Product

OF_PRODUCTS = (
    "orders_counttask", "orders_pickscan", "orders_purchaseorder", "orders_returnorder",
    "orders_transferorder", "warehouse_binstock",
)  # fmt: skip
OF_BINS = ("orders_counttask", "orders_pickscan", "warehouse_bin", "warehouse_binstock")
# Lists of a few rows.
WITHOUT = {"notifications_feedreader", "notifications_setaside"}


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """Mugs in A-01-01 of MAIN, with one of each document about them; lamps in EAST."""
    with django_db_blocker.unblock(), no_trace():
        folk = people()
        things = furnish()
        Product.objects.filter(sku__startswith="MAIN").update(name="Enamel mug")
        Product.objects.filter(sku__startswith="EAST").update(name="Copper lamp")
        Bin.objects.filter(warehouse__code="EAST", code="A-01-01").update(code="Z-77-77")
        task = things["MAIN"]["orders_counttask"]
        task.product = things["MAIN"]["warehouse_product"]
        task.save()
        yield things, {letter: at(folk[letter]) for letter in "Mm"}


def found(house, name, words, letter="M"):
    answer = house[1][letter].get(f"/admin/{name.replace('_', '/', 1)}/", {"q": words})
    assert answer.status_code == 200
    return set(answer.context["cl"].queryset.values_list("pk", flat=True))


@pytest.mark.parametrize("words", ["enamel", "enamle mug", "main1"])
@pytest.mark.parametrize("name", OF_PRODUCTS)
def test_products_are_found_by_name_and_misspelt(house, name, words):
    rows = found(house, name, words)
    assert house[0]["MAIN"][name].pk in rows
    assert house[0]["EAST"][name].pk not in rows


@pytest.mark.parametrize("words", ["A0101", "a-01-01", "a0101"])
@pytest.mark.parametrize("name", OF_BINS)
def test_bins_are_found_without_their_dashes(house, name, words):
    rows = found(house, name, words)
    assert house[0]["MAIN"][name].pk in rows
    assert house[0]["EAST"][name].pk not in rows


@pytest.mark.parametrize("name", sorted({*OF_PRODUCTS, *OF_BINS}))
def test_what_is_found_is_of_ones_own_warehouses(house, name):
    for words in ("Z7777", "copper lmap"):
        assert house[0]["EAST"][name].pk not in found(house, name, words, "m")
    assert found(house, name, "xylophone") == set()


def test_a_schedule_is_found_by_its_title_its_addresses_and_whose_it_is(house):
    one = house[0]["MAIN"]["core_reportschedule"].pk
    assert one in found(house, "core_reportschedule", "DEAD stock")
    assert one in found(house, "core_reportschedule", "ops@shop")
    assert found(house, "core_reportschedule", "manager-of-main") == {one}
    assert found(house, "core_reportschedule", "turnover") == set()


def test_every_list_can_be_searched():
    without = {
        f"{model._meta.app_label}_{model._meta.model_name}"
        for model, page in admin.site._registry.items()
        if not page.search_fields
    }
    assert without <= WITHOUT
