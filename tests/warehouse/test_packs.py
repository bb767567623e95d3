"""Goods are bought in whole packs, and as many as it takes to come above the reorder point again."""

import pytest
from django.db import IntegrityError, transaction

from orders.queries.purchases import suggested
from orders.services.drafting import draft_from_suggestions
from tests.factories import ProductFactory, SupplierFactory, do, item, stock
from warehouse.lines import PlacedLine, ReserveLine
from warehouse.models import Product, ReorderSuggestion
from warehouse.policy import to_order
from warehouse.services.movements import damage
from warehouse.services.replenishment import ReorderSetting, check_all, set_reorder_batch
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db


@pytest.fixture
def packed():
    """A is bought by the dozen, of somebody; 30 on hand, ordered again at 20."""
    ProductFactory(sku="A", supplier=SupplierFactory(), pack_size=12)
    stock({("A", "MAIN"): 30})
    do(set_reorder_batch, settings=[ReorderSetting("A", "MAIN", 20, 30)])


def open_quantity():
    return ReorderSuggestion.objects.get(closed_at=None).quantity


def test_a_suggestion_is_whole_packs_whoever_opens_it(packed):
    do(reserve, reference="O", lines=[ReserveLine("A", 12)])
    assert open_quantity() == 36
    ReorderSuggestion.objects.all().delete()
    do(check_all)
    assert open_quantity() == 36
    ReorderSuggestion.objects.all().delete()
    do(set_reorder_batch, settings=[ReorderSetting("A", "MAIN", 100, 1)])
    assert open_quantity() == 84  # 100 - 18 + 1 = 83


def test_what_sinks_further_is_drafted_as_it_is_by_then(packed):
    do(reserve, reference="O", lines=[ReserveLine("A", 10)])
    assert open_quantity() == 36
    do(set_reorder_batch, settings=[ReorderSetting("A", "MAIN", 50, 30)])
    do(damage, reference="D", reason="wet", lines=[PlacedLine("A", "MAIN", 20)])
    assert open_quantity() == 36  # what it was when it opened
    (draft,) = do(draft_from_suggestions)
    (line,) = draft.lines
    assert line.quantity == 60  # 50 - 0 + 1 = 51
    row = item("A")
    assert row.on_hand - row.reserved + row.inbound + line.quantity > row.reorder_point
    assert suggested(warehouses=None) == []


@pytest.mark.parametrize("size", [0, -1, 100_001])
def test_a_pack_has_at_least_one_unit(size):
    ProductFactory(sku="A")
    with pytest.raises(IntegrityError, match="product_pack_size"), transaction.atomic():
        Product.objects.update(pack_size=size)


@pytest.mark.parametrize(
    ("point", "quantity", "coming", "pack", "units"),
    [
        (10, 50, 10, 1, 50),
        (10, 0, 10, 1, 1),
        (10, 5, 0, 1, 11),
        (10, 48, 9, 24, 48),
        (10, 49, 9, 24, 72),
    ],
)
def test_packs_by_hand(point, quantity, coming, pack, units):
    assert to_order(point=point, quantity=quantity, coming=coming, pack=pack) == units
