"""The way of a sheet through the pages: each step once, whoever takes it, and however often."""

import io
import uuid
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from inventory_site.core.errors import Busy
from tests.factories import ProductFactory
from tests.warehouse.imports.sending import (
    UPLOAD,
    address,
    book,
    checked,
    confirm,
    imported,
    name_columns,
    person,
    problems,
    upload,
)
from warehouse import import_queue, import_worker, tasks
from warehouse.models import ImportFile, ImportMapping, ImportRun, Product
from warehouse.services import cataloguing, import_claims

SHEET = book(["SKU", "Name", "Unit cost"], ["A", "Mug", 2.5], ["B", None, 2.5])
PAGES = ("change", "columns", "progress", "mend")
POSTS = ("check", "confirm", "cancel")


def said(client, run):
    """What the page of an import says."""
    return client.get(address(run), follow=True).content.decode()


def test_unknown_titles_are_named_by_a_person_and_remembered(boss, sent):
    content = book(["Our number", "What it is"], ["A", "Mug"], ["B", "Cup"])
    assert upload(boss, content).status_code == 302
    run = ImportRun.objects.get()
    page = boss.get(address(run, "columns"))
    assert page.context["missing"] == ["SKU"]
    assert "Mug" in page.content.decode()
    refused = name_columns(boss, run)
    assert refused.context["refused"] == "Say which column is the SKU."
    refused = name_columns(boss, run, c0="sku", c1="sku")
    assert refused.context["refused"] == "Two columns are both the SKU. Leave one out."
    name_columns(boss, run, c0="sku", c1="name")
    run.refresh_from_db()
    assert (run.status, run.good) == ("checked", 2)
    again = book(["OUR NUMBER", "what it is"], ["C", "Pot"])
    upload(boss, again)
    assert ImportRun.objects.first().status == "checked"
    assert ImportMapping.objects.count() == 2  # of the sheet, and of that of its rows to mend


def test_a_sheet_of_several_is_chosen(boss):
    made = openpyxl.load_workbook(io.BytesIO(book(["Notes"], ["nothing here"], name="Cover")))
    for name, sku in (("Mugs", "A"), ("Cups", "B")):
        page = made.create_sheet(name)
        for row in (["SKU", "Name"], [sku, name]):
            page.append(row)
    file = io.BytesIO()
    made.save(file)
    upload(boss, file.getvalue())
    run = ImportRun.objects.get()
    page = boss.get(address(run, "columns") + "?sheet=Cups")
    assert page.context["sheets"] == ["Cover", "Mugs", "Cups"]
    boss.post(address(run, "columns"), {"revision": 0, "sheet": "Cups", "c0": "sku", "c1": "name"})
    run.refresh_from_db()
    assert run.report["changes"][0]["told"] == "B: new, name Cups, pack size 1, active yes"


def test_a_form_sent_twice_is_one_import(boss):
    form_id = uuid.uuid4()
    for _ in range(2):
        assert upload(boss, SHEET, form_id=form_id).status_code == 302
    assert ImportRun.objects.count() == ImportFile.objects.count() == 1


def test_an_import_confirmed_twice_is_carried_out_once(boss, sent):
    run = checked(boss, SHEET)
    for _ in range(2):
        confirm(boss, run)
    assert sent == [run.pk]
    assert "This import has begun already." in said(boss, run)
    assert import_worker.carry_out(run_id=run.pk) == "done"
    assert import_worker.carry_out(run_id=run.pk) == ""
    assert Product.objects.count() == 1


def test_of_two_managers_one_decides_and_the_other_is_told(boss, client, sent):
    run = checked(boss, SHEET)
    revision = run.revision
    boss.post(address(run, "cancel"), {"revision": revision})
    client.force_login(person("other"))
    confirm(client, run, revision=revision)
    assert sent == []
    assert "Somebody has gone on with this import" in said(client, run)


def test_a_form_of_an_earlier_check_is_stale(boss, sent):
    run = checked(boss, SHEET)
    old = run.revision
    name_columns(boss, run)
    confirm(boss, run, revision=old)
    assert sent == []
    assert "Somebody has gone on with this import" in said(boss, run)
    for nonsense in ("", "x", "9" * 30):
        confirm(boss, run, revision=nonsense)
    assert sent == []


def test_the_same_file_again_is_told(boss):
    imported(boss, SHEET)
    again = checked(boss, SHEET)
    assert "This very file was imported on" in said(boss, again)
    assert again.report["plan"] == {"new": 0, "changed": 0, "unchanged": 1}


def test_all_or_none_leaves_everything_where_a_row_is_at_fault(boss, sent):
    run = checked(boss, SHEET)
    confirm(boss, run, which="all")
    assert "Rows are at fault (1); all or none was asked for." in said(boss, run)
    assert sent == []
    good = checked(boss, book(["SKU", "Name"], ["C", "Pot"]))
    confirm(boss, good, which="all")
    assert sent == [good.pk]


def test_rows_at_fault_are_downloaded_mended_and_imported(boss):
    run = imported(boss, SHEET)
    content = b"".join(boss.get(address(run, "mend")).streaming_content)
    made = openpyxl.load_workbook(io.BytesIO(content))
    titles, row = made.active.iter_rows(values_only=True)
    assert titles == ("SKU", "Name", "Unit cost", "What to put right", "Row in the first sheet")
    assert row == ("B", None, 2.5, "The name is empty. Fill it in.", 3)
    made.active["B2"] = "Cup"
    file = io.BytesIO()
    made.save(file)
    upload(boss, file.getvalue(), name="mended.xlsx")
    mended = ImportRun.objects.first()
    assert mended.status == "checked"  # its columns were known
    confirm(boss, mended)
    import_worker.carry_out(run_id=mended.pk)
    mended.refresh_from_db()
    assert (mended.written, problems(mended)) == (1, {})
    assert set(Product.objects.values_list("sku", "name")) == {("A", "Mug"), ("B", "Cup")}


def test_nothing_good_cannot_be_confirmed(boss, sent):
    run = checked(boss, book(["SKU", "Name"], ["A", None]))
    confirm(boss, run)
    assert "No row can be imported." in said(boss, run)
    assert sent == []


def test_what_changes_between_check_and_write_is_looked_at_again(boss, monkeypatch):
    ProductFactory(sku="A", name="Old", unit_cost=1)
    run = checked(boss, SHEET)
    confirm(boss, run)
    real, tries = cataloguing.lock_products, []

    def meanwhile(*, skus):
        if not tries:
            Product.objects.filter(sku="A").update(unit_cost=7)
        tries.append(skus)
        return real(skus=skus)

    monkeypatch.setattr(cataloguing, "lock_products", meanwhile)
    assert import_worker.carry_out(run_id=run.pk) == "done"
    assert len(tries) == 2
    assert str(Product.objects.get().unit_cost) == "2.5000"


def test_a_fault_of_the_program_is_told_and_nothing_is_written(boss, monkeypatch):
    run = checked(boss, SHEET)
    confirm(boss, run)
    monkeypatch.setattr(import_worker, "finish", lambda **given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_worker.carry_out(run_id=run.pk)
    run.refresh_from_db()
    assert (run.status, run.message) == ("failed", import_worker.FAULT)
    assert "A fault of the program stopped this import." in said(boss, run)
    assert not Product.objects.exists()


def test_what_is_lost_on_the_way_to_a_worker_is_sent_again(boss, sent):
    run = checked(boss, SHEET)
    confirm(boss, run)
    sent.clear()
    assert tasks.sweep_imports() == 0
    ImportRun.objects.update(touched_at=timezone.now() - timedelta(minutes=1))
    assert tasks.sweep_imports() == 1
    assert sent == [run.pk]


def test_what_kills_its_worker_again_and_again_is_given_up(boss, sent):
    run = checked(boss, SHEET)
    confirm(boss, run)
    for _ in range(import_claims.ATTEMPTS):
        assert import_claims.claim(run_id=run.pk)
        ImportRun.objects.update(touched_at=timezone.now() - timedelta(minutes=2))
        tasks.sweep_imports()
    run.refresh_from_db()
    assert (run.status, run.message) == ("failed", import_claims.GIVEN_UP)
    boss.post(address(run, "check"), {"revision": run.revision})
    run.refresh_from_db()
    assert run.status == "checked"


def test_files_are_forgotten_a_week_after(boss, sent):
    done, left = imported(boss, SHEET), checked(boss, SHEET)
    waiting = checked(boss, SHEET)
    confirm(boss, waiting)
    assert tasks.forget_import_files() == 0
    old = timezone.now() - timedelta(days=8)
    ImportRun.objects.update(touched_at=old)
    ImportRun.objects.filter(pk=done.pk).update(ended_at=old)
    assert tasks.forget_import_files() == 1
    assert tasks.forget_import_files() == 0
    left.refresh_from_db()
    assert left.status == "cancelled"
    assert (
        "is gone. Upload it again." in boss.get(address(done, "mend"), follow=True).content.decode()
    )
    assert ImportFile.objects.filter(run=waiting).exists()


def test_imports_are_for_managers_and_each_limited_one_sees_their_own(client, boss, sent):
    run = checked(boss, SHEET)
    for role in ("picker", "receiver", "read-only"):
        client.force_login(person(role, role=role))
        assert client.get(UPLOAD).status_code == 403
        assert client.get("/admin/warehouse/importrun/").status_code == 403
        assert {client.get(address(run, name)).status_code for name in PAGES} == {403}
        assert {client.post(address(run, name)).status_code for name in POSTS} == {403}
    client.force_login(person("keeper", within=["EAST"]))
    assert {client.get(address(run, name)).status_code for name in PAGES} == {404}
    assert {client.post(address(run, name)).status_code for name in POSTS} == {404}
    assert run.file_name not in client.get("/admin/warehouse/importrun/").content.decode()
    client.logout()
    assert client.get(UPLOAD).status_code == 302


def test_posts_need_their_token(db, sent):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person())
    assert upload(strict, SHEET).status_code == 403
    assert not ImportRun.objects.exists()


def test_names_with_markup_are_shown_as_text(boss):
    content = book(["SKU", "<script>x</script>"], ["<b>A</b>", "<i>Mug</i>"])
    run = checked(boss, content, name='<img src=x onerror="y">.xlsx')
    page = said(boss, run)
    assert "&lt;img src=x" in page
    assert "&lt;b&gt;A&lt;/b&gt;" in page
    assert "<i>Mug" not in boss.get(address(run, "columns")).content.decode()


@pytest.mark.parametrize("format", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", ["products", "bins", "opening_stock", "reorder_settings"])
def test_a_template_is_understood_and_its_example_left_out(boss, kind, format):
    answer = boss.get(f"/admin/warehouse/importrun/templates/{kind}.{format}")
    content = b"".join(answer.streaming_content)
    run = checked(boss, content, kind=kind, name=f"t.{format}")
    assert (run.rows, run.skipped) == (1, 1)


def test_without_a_queue_the_import_waits_for_the_sweep(boss, monkeypatch):
    def away(*given, **options):
        raise OperationalError("no broker")

    monkeypatch.setattr(import_queue.sender, "send_task", away)
    run = checked(boss, SHEET)
    assert confirm(boss, run).status_code == 302
    run.refresh_from_db()
    assert run.status == "queued"


def test_what_finds_another_import_being_written_is_sent_again(boss, sent, monkeypatch):
    run = checked(boss, SHEET)
    confirm(boss, run)

    def held():
        raise Busy

    monkeypatch.setattr(cataloguing, "lock_imports", held)
    assert tasks.run_import(run.pk) == "queued"
    assert sent == [run.pk, run.pk]
    monkeypatch.setattr(cataloguing, "lock_imports", lambda: None)
    assert tasks.run_import(run.pk) == "done"
