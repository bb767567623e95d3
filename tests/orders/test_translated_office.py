"""What a person reads in the back office of orders can all be said in another language."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client

from orders.admin.handling import WAYS
from orders.admin.making import Maker
from tests.marked import all_marked, said, unmarked
from tests.site.every_address import no_trace
from tests.site.two_houses import furnish, people

NAMES = {
    "Holdfast", "Main", "East", "West", "South", "Acme", "Ada", "DHL", "boss", "tester", "manager",
    "picker", "reader", "receiver", "worker-of-MAIN", "worker-of-EAST", "manager-of-main",
    "helper-of-MAIN", "helper-of-EAST", "esc", "supplier",
}  # fmt: skip
OFFICE = {
    "orders_counttask", "orders_picklist", "orders_pickscan", "orders_purchaseorder",
    "orders_returnorder", "orders_salesorder", "orders_shipment", "orders_transferorder",
}  # fmt: skip


@pytest.fixture(scope="module")
def office(django_db_setup, django_db_blocker):
    """Somebody who may do everything, and one row of each kind."""
    with django_db_blocker.unblock(), no_trace():
        people()
        rows = furnish()["MAIN"]
        client = Client()
        client.force_login(get_user_model().objects.create_superuser("boss"))
        client.get("/admin/")
        yield client, rows


def bare(answer):
    """What is left of a page, without what stands around every page."""
    assert answer.status_code == 200
    return unmarked(said(answer.content.decode(), part="content"), names=NAMES)


@pytest.mark.parametrize("name", sorted(OFFICE))
def test_every_word_of_a_page_of_the_back_office_can_be_translated(office, name):
    client, rows = office
    row = rows[name]
    page = f"/admin/{name.replace('_', '/')}/"
    makes = isinstance(admin.site.get_model_admin(type(row)), Maker)
    with all_marked():
        for path in (page, f"{page}{row.pk}/change/", *([f"{page}add/"] if makes else [])):
            answer = client.get(path)
            assert bare(answer) == [], path


@pytest.mark.parametrize("way", [way.name for way in WAYS])
def test_every_word_said_about_handling_stock_can_be_translated(office, way):
    client, _ = office
    path = f"/admin/stock/{way.replace('_', '-')}/"
    with all_marked():
        for sent in (None, {"sku": "", "delta": "0"}):
            answer = client.get(path) if sent is None else client.post(path, sent)
            assert bare(answer) == [], path
