"""Another primary bin: goods go there, are picked there first, and it is on record who named it."""

import pytest

from inventory_site.core.actors import Actor, acting
from inventory_site.core.models import SettingChange
from inventory_site.core.roles import PICKER
from notifications.models import OutboxEvent
from tests.factories import BinFactory, do, item, stock, warehouse
from tests.warehouse.test_item_settings_list import form, person, save
from warehouse.errors import (
    InvalidLines,
    SettingsChanged,
    UnknownBin,
    WarehouseNotAllowed,
    WrongBinKind,
)
from warehouse.lines import PlacedLine, ReserveLine, TransferLine
from warehouse.models import Bin, BinStock
from warehouse.services.levels import stock_level
from warehouse.services.movements import receive
from warehouse.services.primary_bins import PrimaryBin, set_primary_bins
from warehouse.services.proof import verify_ledger
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db

MOVED = {"reference": "M", "from_warehouse": "MAIN", "to_warehouse": "MAIN"}


@pytest.fixture(autouse=True)
def shelf():
    """All that there was of A lies in another bin now."""
    stock({("A", "MAIN"): 5, ("B", "MAIN"): 5, ("A", "EAST"): 5})
    BinFactory(warehouse=warehouse(), code="B-01-01")
    BinFactory(warehouse=warehouse(), code="BULK-1", kind="bulk")
    do(transfer, lines=[TransferLine("A", 5, "A-01-01", "B-01-01")], **MOVED)


def held():
    found = BinStock.objects.filter(item=item("A")).values_list("bin__code", "quantity")
    return {code: quantity for code, quantity in found if quantity}


def home(sku="A"):
    return item(sku).primary_bin.code


def test_goods_that_name_no_bin_go_there_and_are_taken_from_there():
    do(set_primary_bins, settings=[PrimaryBin("A", "MAIN", " b-01-01", instead_of="A-01-01")])
    assert {x.warehouse: x.bin for x in stock_level(sku="A").warehouses}["MAIN"] == "B-01-01"
    do(receive, reference="R", lines=[PlacedLine("A", "MAIN", 2)])
    assert held() == {"B-01-01": 7}
    do(receive, reference="R2", lines=[PlacedLine("A", "MAIN", 2, "A-01-01")])
    do(reserve, reference="O", lines=[ReserveLine("A", 7)], warehouse="MAIN")
    do(ship, reference="O")
    assert held() == {"A-01-01": 2}
    assert home() == "B-01-01", "what comes into another bin does not change it"
    assert verify_ledger() == []


def test_a_bulk_bin_will_do_and_several_items_are_one_event():
    both = [PrimaryBin("A", "MAIN", "BULK-1"), PrimaryBin("B", "MAIN", "BULK-1")]
    do(set_primary_bins, settings=both)
    event = OutboxEvent.objects.latest("id")
    assert (event.type, event.reference) == ("item.primary_bin_set", "2 items")
    assert (home("A"), home("B")) == ("BULK-1", "BULK-1")


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        (PrimaryBin("A", "MAIN", "NOWHERE"), UnknownBin),
        (PrimaryBin("A", "EAST", "B-01-01"), UnknownBin),
        (PrimaryBin("A", "MAIN", "QUARANTINE"), WrongBinKind),
        (PrimaryBin("A", "MAIN", "RECEIVING"), WrongBinKind),
        (PrimaryBin("A", "MAIN", " "), InvalidLines),
        (PrimaryBin("A", "MAIN", "B-01-01", instead_of="C-01-01"), SettingsChanged),
    ],
)
def test_what_cannot_be_a_primary_bin_is_refused(setting, error):
    with pytest.raises(error):
        do(set_primary_bins, settings=[setting])
    assert home() == "A-01-01"


def test_the_same_item_twice_or_another_warehouse_is_refused():
    setting = PrimaryBin("A", "MAIN", "B-01-01")
    with pytest.raises(InvalidLines):
        do(set_primary_bins, settings=[setting, setting])
    with pytest.raises(WarehouseNotAllowed):
        do(set_primary_bins, settings=[setting], within={"EAST"})


def test_it_is_on_record_who_named_another_but_not_that_goods_chose_the_first():
    before = SettingChange.objects.filter(topic="warehouse.inventoryitem").count()
    assert before == 0
    with acting(lambda: Actor("ada", 7)):
        do(set_primary_bins, settings=[PrimaryBin("A", "MAIN", "B-01-01")])
    change = SettingChange.objects.get(topic="warehouse.inventoryitem")
    was, now = (
        Bin.objects.get(code=code, warehouse__code="MAIN").pk for code in ("A-01-01", "B-01-01")
    )
    assert (change.actor, change.subject, change.warehouse) == ("ada", "A", "MAIN")
    assert change.changes == {"primary_bin_id": [was, now]}


def test_a_manager_names_it_in_the_list(client):
    told, rows = form(person(client, within=["MAIN"]))
    told |= {f"{rows['A']}-primary_bin": "b-01-01", f"{rows['A']}-reorder_point": 2}
    told |= {f"{rows['B']}-primary_bin": "BULK-1"}
    assert "2 items set." in save(client, told)
    assert (home("A"), home("B"), item("A").reorder_point) == ("B-01-01", "BULK-1", 2)


@pytest.mark.parametrize("code", ["", "NOWHERE", "QUARANTINE"])
def test_what_the_list_cannot_set_is_said_and_nothing_is_set(client, code):
    told, rows = form(person(client, within=["MAIN"]))
    told |= {f"{rows['A']}-primary_bin": code, f"{rows['A']}-reorder_point": 2}
    assert "set." not in save(client, told).replace("was set", "")
    assert (home(), item("A").reorder_point) == ("A-01-01", 0)


def test_what_somebody_else_named_meanwhile_is_not_overwritten(client):
    told, rows = form(person(client, within=["MAIN"]))
    do(set_primary_bins, settings=[PrimaryBin("A", "MAIN", "BULK-1")])
    told |= {f"{rows['A']}-primary_bin": "B-01-01"}
    assert "by somebody else meanwhile" in save(client, told)
    assert home() == "BULK-1"


def test_a_picker_sees_it_and_cannot_name_another(client):
    page = person(client, role=PICKER).get("/admin/warehouse/inventoryitem/")
    assert "A-01-01" in page.content.decode()
    assert page.context["cl"].formset is None
