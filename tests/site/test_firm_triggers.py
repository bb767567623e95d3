"""What the database refuses or keeps stays so, whatever a session sets and whoever it belongs to."""

import pytest
from django.db import DatabaseError, connection, transaction

from inventory_site.core.models import SettingChange
from inventory_site.core.sql import rows
from tests.factories import stock
from warehouse.models import Bin, BinStock, InventoryItem, Product, StockMovement

pytestmark = pytest.mark.django_db

REFUSED = (
    "UPDATE warehouse_stockmovement SET reason = 'changed'",
    "DELETE FROM warehouse_stockmovement",
    "TRUNCATE warehouse_stockmovement",
    "UPDATE core_settingchange SET actor = 'nobody'",
    "DELETE FROM core_settingchange",
    "TRUNCATE core_settingchange",
    "UPDATE warehouse_bin SET kind = 'quarantine'",
    "DELETE FROM warehouse_binstock",
    "UPDATE warehouse_binstock SET quantity = 4",
    "UPDATE warehouse_inventoryitem SET on_hand = 4",
)


@pytest.fixture
def clerk():
    """A role of the database that may write every table and owns none."""
    stock({("A", "MAIN"): 5})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("CREATE ROLE clerk")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk")
        cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO clerk")
        cursor.execute("SET LOCAL ROLE clerk")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def attempt(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def switch_off_all():
    """What pgtrigger.ignore does, for every trigger there is."""
    rows(
        "SELECT set_config('pgtrigger.ignore', array_agg(DISTINCT tgname)::text, true)"
        " FROM pg_trigger WHERE NOT tgisinternal",
        [],
    )


@pytest.mark.parametrize("sql", REFUSED)
def test_no_setting_of_a_session_opens_what_is_guarded(clerk, sql):
    switch_off_all()
    with pytest.raises(DatabaseError):
        attempt(sql)
    assert StockMovement.objects.get().reason != "changed"
    assert SettingChange.objects.exclude(actor="nobody").exists()


def test_no_setting_keeps_a_change_off_the_record(clerk):
    switch_off_all()
    known = SettingChange.objects.latest("id").pk
    Product.objects.update(name="Renamed")
    Bin.objects.update(pick_sequence=7)
    InventoryItem.objects.update(safety_stock=1)
    told = SettingChange.objects.filter(pk__gt=known)
    assert set(told.values_list("topic", flat=True)) == {
        "warehouse.product",
        "warehouse.bin",
        "warehouse.inventoryitem",
    }


def test_a_table_of_the_same_name_is_not_read_in_place_of_the_real_one(clerk):
    with pytest.raises(DatabaseError, match="bins hold 5"):
        attempt(
            "CREATE TEMP TABLE warehouse_binstock AS"
            " SELECT id, item_id, bin_id, 4 AS quantity FROM public.warehouse_binstock;"
            "CREATE TEMP TABLE warehouse_stockmovement AS"
            " SELECT id, item_id, 4 AS on_hand_after FROM public.warehouse_stockmovement;"
            "UPDATE warehouse_inventoryitem SET on_hand = 4"
        )
    assert BinStock.objects.get().quantity == 5


def test_no_trigger_asks_whether_it_shall_be_ignored():
    asking = rows(
        "SELECT p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND (p.prosrc LIKE %s OR p.proconfig IS NULL)",
        ["%should_ignore%"],
    )
    assert asking == []
