"""Every change of a setting is on record: who, when, old and new; by whatever way it came."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction

from inventory_site.core.actors import Actor, acting
from inventory_site.core.history import changes_settings
from inventory_site.core.models import ApiKey, SettingChange, StaffAccess
from notifications.models import Channel, Endpoint
from tests.factories import ProductFactory, SupplierFactory, do, item, stock, warehouse
from warehouse.lines import ReserveLine
from warehouse.models import Barcode, Bin, InventoryItem, Product
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

ADA = Actor("ada", 7)


def last(topic):
    return SettingChange.objects.filter(topic=topic).first()


def told(topic):
    change = last(topic)
    return change.action, change.changes


def test_a_product_says_what_was_and_what_is():
    product = ProductFactory(sku="A", unit_cost=Decimal("1.5"))
    with acting(lambda: ADA):
        Product.objects.filter(sku="A").update(unit_cost=2, name="Anchor")
    change = last("warehouse.product")
    assert (change.actor, change.user_id, change.subject) == ("ada", 7, "A")
    assert change.subject_id == str(product.pk)
    assert change.changes == {"unit_cost": [1.5, 2], "name": ["Product A", "Anchor"]}


def test_what_changes_nothing_is_not_told():
    product = ProductFactory(sku="A")
    before = SettingChange.objects.count()
    product.save()
    Product.objects.filter(sku="A").update(version=9)
    assert SettingChange.objects.count() == before


def test_plain_sql_is_on_record_under_the_name_of_the_database_user():
    SupplierFactory(code="S")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('holdfast.actor', '', true)")
        cursor.execute("UPDATE warehouse_supplier SET lead_time_days = 3")
    assert last("warehouse.supplier").actor.startswith("database user ")
    assert told("warehouse.supplier") == ("changed", {"lead_time_days": [14, 3]})


def test_barcodes_are_told_of_their_product():
    product = ProductFactory(sku="A")
    code = Barcode.objects.create(code="501", product=product)
    assert told("warehouse.product") == (
        "added",
        {"code": [None, "501"], "product_id": [None, product.pk]},
    )
    code.delete()
    assert told("warehouse.product")[0] == "removed"
    assert last("warehouse.product").subject == "A"


def test_places_say_in_which_warehouse_they_lie():
    place = warehouse("EAST")
    Bin.objects.filter(warehouse=place, code="RECEIVING").update(pick_sequence=4)
    assert last("warehouse.bin").warehouse == last("warehouse.warehouse").warehouse == "EAST"


def test_reorder_settings_are_kept_and_counters_are_not():
    stock({("A", "MAIN"): 5})
    assert not SettingChange.objects.filter(topic="warehouse.inventoryitem").exists()
    with acting(lambda: ADA):
        do(set_reorder_batch, settings=[ReorderSetting("A", "MAIN", 4, 10)])
    change = last("warehouse.inventoryitem")
    assert change.changes == {"reorder_point": [0, 4], "reorder_quantity": [0, 10]}
    assert (change.actor, change.subject, change.warehouse) == ("ada", "A", "MAIN")
    InventoryItem.objects.filter(pk=item("A").pk).update(on_hand=5, reserved=0, inbound=1)
    assert last("warehouse.inventoryitem") == change


def test_people_roles_and_access_are_told_of_the_person():
    user = get_user_model().objects.create_user("bob", password="an-unusual-one-42")
    assert last("auth.user").changes["password"] == [None, "hidden"]
    user.groups.add(Group.objects.get_or_create(name="picker")[0])
    assert told("auth.user") == ("changed", {"role": [None, "picker"]})
    StaffAccess.objects.create(user=user, warehouses=["MAIN"])
    assert told("auth.user") == ("added", {"warehouses": [None, ["MAIN"]]})
    user.set_password("another-unusual-43")
    user.save()
    assert told("auth.user") == ("changed", {"password": ["hidden", "hidden"]})
    user.delete()
    assert last("auth.user").action == "removed"


def test_secrets_and_addresses_are_never_kept():
    key, _ = ApiKey.objects.create_key(name="shop", scopes=["stock:read"])
    ApiKey.objects.filter(pk=key.pk).update(revoked=True)
    assert told("core.apikey") == ("changed", {"revoked": [False, True]})
    channel = Channel(name="team", kind="email")
    channel.address = "boss@example.com"
    channel.save()
    assert last("notifications.channel").changes["sealed_address"] == [None, "hidden"]
    everything = str(list(SettingChange.objects.values()))
    assert key.hashed_key not in everything
    assert channel.sealed_address not in everything


def test_use_and_couriers_leave_no_trace():
    key, _ = ApiKey.objects.create_key(name="shop", scopes=["stock:read"])
    channel = Channel.objects.create(name="team", kind="email", sealed_address="x")
    webhook = Endpoint.objects.create(name="hook", url="https://x", sealed_secret="x", actor="x")
    before = SettingChange.objects.count()
    Endpoint.objects.filter(pk=webhook.pk).update(
        last_sequence=5,
        looked_to=3,
        failures=1,
        last_error="away",
        called_until="2026-01-01T00:00Z",
    )
    ApiKey.objects.filter(pk=key.pk).update(last_used_at="2026-01-01T00:00Z")
    Channel.objects.filter(pk=channel.pk).update(failures=3, last_error="away")
    assert SettingChange.objects.count() == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_settingchange SET actor = 'nobody'",
        "DELETE FROM core_settingchange",
        "TRUNCATE core_settingchange",
    ],
)
def test_history_is_only_added_to(sql):
    SupplierFactory()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_stock_pays_nothing_for_it():
    stock({("A", "MAIN"): 9})
    with connection.execute_wrapper(seen := Seen()):
        do(reserve, reference="R", lines=[ReserveLine("A", 1)])
        plain = list(seen.statements)
        seen.statements.clear()
        with acting(lambda: ADA):
            do(reserve, reference="R2", lines=[ReserveLine("A", 1)])
    assert len(seen.statements) == len(plain)
    assert not any(changes_settings(sql) for sql in seen.statements)


class Seen:
    """Every statement that is sent."""

    def __init__(self):
        self.statements = []

    def __call__(self, execute, sql, params, many, context):
        self.statements.append(str(sql))
        return execute(sql, params, many, context)
