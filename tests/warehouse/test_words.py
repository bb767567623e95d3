"""Every page of the stock engine, read under a gettext that marks what went through it: nothing else is said.

What the house keeps is in capitals here, so that a word in small letters is the program's own.
"""

import pytest
from django.contrib import admin
from django.utils import timezone

from inventory_site.core.roles import MANAGER
from tests.factories import SupplierFactory, do, item, stock, warehouse
from tests.marked import all_marked, said, unmarked
from tests.site.staff import at, person
from tests.warehouse.imports.sending import UPLOAD, address, checked, confirm, csv, upload
from warehouse import import_queue, import_worker
from warehouse import models as goods
from warehouse.lines import ExpectedLine, ReserveLine
from warehouse.reporting.dead import DEAD_STOCK
from warehouse.reporting.journal import JOURNAL
from warehouse.reporting.refused import LOST_DEMAND, OVERSELLS
from warehouse.reporting.selling import ABC_XYZ, TURNOVER
from warehouse.reporting.stock import DAYS_OF_COVER, STOCK_AT_DATE
from warehouse.services.inbound import expect
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

OURS = (
    ABC_XYZ, DAYS_OF_COVER, DEAD_STOCK, JOURNAL, LOST_DEMAND, OVERSELLS, STOCK_AT_DATE, TURNOVER,
)  # fmt: skip


def bare(page):
    """What is left of its main part without what was translated."""
    return unmarked(said(page, part="content"), names={"tester"})


@pytest.fixture
def marked():
    """Whatever is translated stands in brackets."""
    with all_marked():
        yield


@pytest.fixture
def house():
    """One of everything, under names in capitals."""
    stock({("MUG-1", "MAIN"): 9, ("MUG-1", "EAST"): 4})
    goods.Product.objects.update(name="MUG", supplier=SupplierFactory(code="ACME", name="ACME"))
    goods.Warehouse.objects.update(name="HALL", address="", time_zone="UTC")
    one = item("MUG-1")
    do(reserve, reference="HELD", lines=[ReserveLine("MUG-1", 2)], warehouse="MAIN")
    do(expect, reference="PO-7", lines=[ExpectedLine("MUG-1", "MAIN", 7)], expected_at=None)
    do(set_reorder_batch, settings=[ReorderSetting("MUG-1", "MAIN", 20, 6)])
    goods.ReorderAdvice.objects.create(
        item=one, point=44, quantity=55, old_point=20, old_quantity=6, safety_stock=1, abc="A",
        pattern="smooth", method="tsb", weekly_mean=9, weekly_deviation=1, lead_days=7,
        lead_deviation=1, deliveries=3, service=0.9, weeks=10, lost_units=2,
    )  # fmt: skip
    goods.ItemClass.objects.create(
        item=one, abc="A", xyz="X", weekly_mean=9, value=1, at=timezone.now()
    )
    goods.LostDemand.objects.create(
        reference="LOST", product=one.product, warehouse=warehouse("MAIN"), requested=2, available=1,
        actor="KIM",
    )  # fmt: skip
    goods.Clearance.objects.create(
        item=one, way="mark_down", units=9, opened_by="KIM", changed_by="KIM"
    )
    goods.ImportRun.objects.create(
        kind="bins", status="failed", file_name="A.CSV", size=1, sha256="A", actor="KIM"
    )


@pytest.fixture
def kim(house, marked):
    return at(person("KIM", MANAGER))


MODELS = sorted(
    model._meta.model_name for model in admin.site._registry if model._meta.app_label == "warehouse"
)


@pytest.mark.parametrize("name", MODELS)
def test_lists_and_pages_of_rows_say_nothing_that_cannot_be_translated(kim, name):
    address = f"/admin/warehouse/{name}/"
    row = goods.__dict__[
        next(m.__name__ for m in admin.site._registry if m._meta.label_lower == f"warehouse.{name}")
    ].objects.first()
    for path in (address, f"{address}{row.pk}/change/", f"{address}add/"):
        answer = kim.get(path, follow=True)
        if answer.status_code == 200:
            assert bare(answer.content.decode()) == [], path


@pytest.mark.parametrize("name", MODELS)
def test_empty_lists_say_nothing_that_cannot_be_translated(marked, name):
    browser = at(person("KIM", MANAGER))
    page = browser.get(f"/admin/warehouse/{name}/").content.decode()
    assert bare(page) == []


SHEET = ("SKU,NAME,UNIT COST,PACK SIZE", "CUP-1,CUP,1.5,6", " CUP-2,CUP,-3,0", ",CUP,1,1")


def test_an_import_from_the_file_to_the_result(kim, monkeypatch):
    monkeypatch.setattr(import_queue.sender, "send_task", lambda *given, **more: None)
    assert bare(kim.get(UPLOAD).content.decode()) == []
    empty = upload(kim, b"", name="A.CSV").content.decode()
    assert "⟦The file is empty." in empty
    assert bare(empty) == []
    run = checked(kim, csv(*SHEET), name="A.CSV")
    for name in ("columns", "change"):
        assert bare(kim.get(address(run, name)).content.decode()) == [], name
    confirm(kim, run)
    import_worker.carry_out(run_id=run.pk)
    assert bare(kim.get(address(run)).content.decode()) == []


def test_dead_stock_is_put_into_the_queue(kim):
    page = f"/admin/warehouse/clearance/add/?item_id={item('MUG-1', 'EAST').pk}"
    assert bare(kim.get(page).content.decode()) == []
    sent = {"item_id": item("MUG-1", "EAST").pk, "way": "bundle"}
    assert bare(kim.post(page, sent, follow=True).content.decode()) == []
    assert bare(kim.post(page, sent).content.decode()) == []  # in the queue already


def test_what_is_decided_and_what_is_refused(kim):
    advice = goods.ReorderAdvice.objects.get()
    told = {"action": "decline_chosen", "_selected_action": [advice.pk], "confirmed": 1}
    for words in ("item declined.", "was declined already"):
        page = kim.post(
            "/admin/warehouse/reorderadvice/?state=all", told, follow=True
        ).content.decode()
        assert words in page
        assert bare(page) == []


@pytest.mark.parametrize("key", [one.key for one in OURS])
def test_reports_say_nothing_that_cannot_be_translated(kim, key):
    assert bare(kim.get(f"/admin/reports/{key}/").content.decode()) == []
