"""Files that are no good: a clear sentence on the page, and nothing is kept."""

import io
import zipfile

import pytest

from tests.warehouse.imports.sending import book, checked, csv, problems, upload
from warehouse.admin import importing
from warehouse.models import ImportRun
from warehouse.sheets.tables import OLE


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


def rows(count):
    return b"SKU,Name\n" + b"A,Mug\n" * count


REFUSED = [
    ("empty.csv", b"", "The file is empty."),
    ("macros.xlsm", b"x", "This is a workbook with macros (.xlsm)."),
    ("hidden.xlsx", zipped(xl__workbook_xml="<x/>", xl__vbaProject_bin="x"), "macros (.xlsm) in truth"),
    ("old.xls", OLE, "a workbook of the old kind (.xls)"),
    ("locked.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "has a password"),
    ("bomb.xlsx", zipped(xl__workbook_xml=b" " * 150_000_000), "would unpack to far more data"),
    ("photo.xlsx", b"\xff\xd8\xff\xe0", "is no Excel workbook"),
    ("paper.pdf", b"%PDF-1.7", 'Files named ".pdf" are not read.'),
    ("workbook.csv", book(["SKU"]), "is a workbook or zip file"),
    ("cut.xlsx", book(["SKU", "Name"])[:2000], "damaged or cut off"),
    ("one.csv", csv("SKU", "A"), "only one column"),
    ("million.csv", rows(1_000_000), "more than 100,000 rows"),
    ("binary.csv", b"\xff\xfe\x00\x00\x00", "no encoding that is read"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "words"), REFUSED, ids=[x[0] for x in REFUSED])
def test_the_file_is_refused_in_plain_words(boss, name, content, words):
    answer = upload(boss, content, name=name)
    assert answer.status_code == 200
    assert words in answer.context["refused"]
    assert not ImportRun.objects.exists()


def test_fifty_megabytes_are_refused_by_their_size_alone(boss, monkeypatch):
    monkeypatch.setattr(
        importing.ImportRunAdmin, "_start", lambda *given: pytest.fail("the file was looked at")
    )
    answer = upload(boss, b"x" * 50_000_000, name="large.csv")
    assert answer.status_code == 413
    assert answer.context["refused"] == "The file is larger than 20 MiB. Split it."


def test_a_formula_is_asked_about_and_never_calculated(boss):
    run = checked(boss, book(["SKU", "Name", "Unit cost"], ["A", "Mug", "=1+1"]))
    assert problems(run)[2] == "The cell is a formula without a stored result. Type its value."
