"""A page that somebody else's save has overtaken does not undo it."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from inventory_site.core.models import SettingChange
from inventory_site.core.stale import SEEN
from tests.factories import ProductFactory, SupplierFactory
from warehouse.models import Barcode

pytestmark = pytest.mark.django_db


def boss(name):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser(name))
    return client


@pytest.fixture
def two():
    return boss("ann"), boss("ben")


@pytest.fixture
def supplier():
    return SupplierFactory(code="ACME", name="Acme", lead_time_days=7)


def of(supplier):
    return f"/admin/warehouse/supplier/{supplier.pk}/change/"


def opened(client, address):
    """What the page would send, untouched."""
    page = client.get(address)
    fields = page.context["adminform"].form
    sent = {one.html_name: "" if one.value() is None else one.value() for one in fields}
    return {**sent, SEEN: page.context["seen"]}


def test_whoever_saves_second_is_told_and_undoes_nothing(two, supplier):
    ann, ben = two
    anns, bens = opened(ann, of(supplier)), opened(ben, of(supplier))
    assert ann.post(of(supplier), anns | {"lead_time_days": 14}).status_code == 302
    refused = ben.post(of(supplier), bens | {"name": "Acme <Ltd>"})
    page = refused.content.decode()
    assert "ann has changed lead time days at" in page
    assert "Acme &lt;Ltd&gt;" in page, "what was typed is kept"
    supplier.refresh_from_db()
    assert (supplier.name, supplier.lead_time_days) == ("Acme", 14)


def test_they_may_look_and_save_again(two, supplier):
    ann, ben = two
    anns, bens = opened(ann, of(supplier)), opened(ben, of(supplier))
    ann.post(of(supplier), anns | {"lead_time_days": 14})
    refused = ben.post(of(supplier), bens | {"name": "Mine"})
    again = bens | {"name": "Mine", "lead_time_days": 14, SEEN: refused.context["seen"]}
    assert ben.post(of(supplier), again).status_code == 302
    supplier.refresh_from_db()
    assert (supplier.name, supplier.lead_time_days) == ("Mine", 14)


def test_a_form_sent_twice_is_no_quarrel(two, supplier):
    ann, _ = two
    sent = opened(ann, of(supplier)) | {"name": "New"}
    assert ann.post(of(supplier), sent).status_code == 302
    assert ann.post(of(supplier), sent).status_code == 302
    assert SettingChange.objects.filter(changes__has_key="name", actor="ann").count() == 1


def test_what_goes_with_it_counts_too(two):
    ann, ben = two
    product = ProductFactory(sku="A", name="A")
    Barcode.objects.create(code="111", product=product)
    address = f"/admin/warehouse/product/{product.pk}/change/"
    code = Barcode.objects.get()
    inline = {
        "barcodes-TOTAL_FORMS": "1", "barcodes-INITIAL_FORMS": "1", "barcodes-0-id": code.pk,
        "barcodes-0-product": product.pk, "barcodes-0-code": "111",
    }  # fmt: skip
    anns, bens = opened(ann, address) | inline, opened(ben, address) | inline
    assert ann.post(address, anns | {"barcodes-0-code": "222"}).status_code == 302
    assert ben.post(address, bens | {"barcodes-0-code": "333"}).status_code == 200
    assert [one.code for one in Barcode.objects.all()] == ["222"]


def test_a_form_with_others_below_it_sent_twice_is_no_quarrel_either(two):
    product = ProductFactory(sku="A", name="A")
    address = f"/admin/warehouse/product/{product.pk}/change/"
    inline = {"barcodes-TOTAL_FORMS": "0", "barcodes-INITIAL_FORMS": "0"}
    sent = opened(two[0], address) | inline | {"name": "New"}
    assert [two[0].post(address, sent).status_code for _ in range(2)] == [302, 302]


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "٣"])
def test_nonsense_is_as_if_no_page_had_been_seen(two, supplier, seen):
    ann, _ = two
    sent = opened(ann, of(supplier)) | {"name": "New", SEEN: seen}
    assert ann.post(of(supplier), sent).status_code == 302


def test_no_such_thing_is_said_by_the_page(two):
    assert two[0].post("/admin/warehouse/supplier/99999/change/", {}).status_code == 302
    assert two[0].post("/admin/warehouse/supplier/x/change/", {}).status_code == 302
    assert two[0].get("/admin/warehouse/supplier/x/change/").status_code == 302
