"""What sheets of real size take on their way through pages and worker. Run as a program."""

import json
import sys
import time
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from uuid import uuid4

from benchmarks import world

PAGE = "/admin/warehouse/importrun"
PRODUCTS = ("SKU", "Name", "Supplier", "Unit cost", "Lead time (days)", "Pack size")
STOCK = ("SKU", "Name", "Warehouse", "Bin", "Qty on hand", "Unit cost")
SETTINGS = ("SKU", "Warehouse", "Reorder point", "Reorder quantity")

Rows = Sequence[Sequence[object]]


def measured(rows: int) -> dict[str, float]:
    """Seconds of the check (upload, columns, first page) and of the import of each kind of sheet."""
    return dict(json.loads(world.told_by("benchmarks.importing", rows)))


def _measure(rows: int) -> dict[str, float]:
    import django

    django.setup()
    from django.test.utils import override_settings

    from warehouse.services.locations import open_warehouse

    told: dict[str, float] = {}
    products = [(f"P{n:05}", f"Mug {n}", f"S{n % 40}", 1 + n % 90, 14, 6) for n in range(rows)]
    stock = [
        (f"Q{n:05}", f"Cup {n}", "MAIN", f"A-{1 + n % 99:02}-{1 + n % 20:02}", 5 + n % 90, 2.5)
        for n in range(rows)
    ]
    client = _manager()
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
        from inventory_site.core.db import in_unit_of_work

        in_unit_of_work(lambda: open_warehouse(code="MAIN", name="Main"))
        for what, kind, titles, lines in (
            ("new products", "products", PRODUCTS, products),
            ("changed products", "products", PRODUCTS, [(*row[:5], 12) for row in products]),
            ("opening stock of new products", "opening_stock", STOCK, stock),
            ("reorder settings", "reorder_settings", SETTINGS,
             [(row[0], "MAIN", 10, 24) for row in stock]),
        ):  # fmt: skip
            checked, done = _import(client, kind, [titles, *lines])
            told |= {f"{what}, check": checked, f"{what}, import": done}
    return told


def _manager() -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    boss: Any = get_user_model().objects
    client = Client()
    client.force_login(
        boss.create_superuser("manager"), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def _import(client: Any, kind: str, lines: Rows) -> tuple[float, float]:
    """Seconds of the check and of the import. Nothing of the sheet is left out."""
    from warehouse.import_worker import carry_out
    from warehouse.models import ImportRun

    file = _workbook(lines)
    began = time.perf_counter()
    client.post(f"{PAGE}/add/", {"form_id": uuid4(), "kind": kind, "file": file})
    run = ImportRun.objects.latest("id")
    if run.status == "uploaded":  # the columns of such a sheet are not known yet
        columns = f"{PAGE}/{run.pk}/columns/"
        form = client.get(columns).context_data["form"]
        client.post(columns, {one.html_name: one.value() for one in form})
        run.refresh_from_db()
    middle = time.perf_counter()
    client.post(f"{PAGE}/{run.pk}/confirm/", {"revision": run.revision, "which": "good"})
    end = carry_out(run_id=run.pk)
    run.refresh_from_db()
    assert (end, run.written) == ("done", len(lines) - 1), (end, run.status, run.message)
    return middle - began, time.perf_counter() - middle


def _workbook(lines: Rows) -> BytesIO:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet")
    for line in lines:
        sheet.append(list(line))
    file = BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "sheet.xlsx"
    return file


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
