"""A manager sends sheets in the browser's way, without a browser."""

import io
import uuid

import openpyxl
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inventory_site.core.models import StaffAccess
from warehouse import import_worker
from warehouse.models import ImportRun
from warehouse.sheets.writing import write_book

UPLOAD = "/admin/warehouse/importrun/add/"


def person(name="boss", *, role="operations manager", within=()):
    """Somebody of the back office."""
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    if within:
        StaffAccess.objects.create(user=user, warehouses=list(within))
    return user


def book(*rows, name="Sheet"):
    """A workbook of these rows, the titles first."""
    made = openpyxl.Workbook()
    made.active.title = name
    for row in rows:
        made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def exported(titles, rows):
    """A workbook as an export writes it."""
    file = io.BytesIO()
    write_book(file=file, name="Sheet", titles=titles, rows=rows)
    return file.getvalue()


def csv(*lines, encoding="utf-8"):
    return "\r\n".join(lines).encode(encoding)


def upload(client, content, *, kind="products", name="sheet.xlsx", form_id=None):
    """The answer to a file sent by the form."""
    data = {
        "form_id": form_id or uuid.uuid4(),
        "kind": kind,
        "file": SimpleUploadedFile(name, content),
    }
    return client.post(UPLOAD, data)


def name_columns(client, run, **more):
    """Say that the columns are as they were guessed."""
    page = client.get(address(run, "columns"))
    form = page.context["form"]
    data = {bound.html_name: bound.value() for bound in form}
    return client.post(address(run, "columns"), data | more)


def address(run, name="change"):
    return reverse(f"admin:warehouse_importrun_{name}", args=[run.pk])


def checked(client, content, **more):
    """The import, as far as the check."""
    answer = upload(client, content, **more)
    assert answer.status_code == 302, answer.context["refused"]
    run = ImportRun.objects.latest("id")
    if run.status == "uploaded":
        assert name_columns(client, run).status_code == 302
    run.refresh_from_db()
    return run


def confirm(client, run, *, which="good", revision=None):
    data = {"revision": run.revision if revision is None else revision, "which": which}
    return client.post(address(run, "confirm"), data)


def imported(client, content, **more):
    """The import after a worker has had it."""
    run = checked(client, content, **more)
    confirm(client, run)
    import_worker.carry_out(run_id=run.pk)
    run.refresh_from_db()
    return run


def problems(run):
    """What is wrong, in words, by row."""
    return {one["row"]: one["message"] for one in run.report["problems"]}
