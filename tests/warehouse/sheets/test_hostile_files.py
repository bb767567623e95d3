"""Files that attack, or are simply not what their name says: refused soon, in plain words."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.warehouse.sheets.building import TITLES, cleaned, good_row
from warehouse.sheets.limits import REFUSALS, Deadline, Limits, SheetRefused
from warehouse.sheets.reading import Sheet, read_sheet
from warehouse.sheets.tables import OLE

SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<?xml version="1.0"?>'
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ROW = "<row>{}</row>".format("<c t='inlineStr'><is><t>A</t></is></c><c><v>1</v></c>" * 3).encode()


def workbook() -> dict[str, bytes]:
    """The parts of a good workbook with one row of stock."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(TITLES)
    page.append(good_row())
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, parts: dict[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packed) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def changed(path: Path, **parts: bytes | None) -> Path:
    """A good workbook in which some parts are replaced or (None) left out."""
    whole: dict[str, bytes | None] = {**workbook(), **parts}
    return write(path / "made.xlsx", {k: v for k, v in whole.items() if v is not None})


def refused(path: Path, *, limits: Limits | None = None, within: float = 10) -> str:
    """The code of the refusal, which must come in time and with a sentence.

    `within`: seconds of this process's own work, which a busy machine does not make longer.
    """
    started = time.process_time()
    limits = limits or Limits()
    if limits.seconds == Limits().seconds:  # which a busy machine may well take
        limits = replace(limits, seconds=300)
    with pytest.raises(SheetRefused) as caught:
        read_sheet(path=path, limits=limits)
    assert time.process_time() - started < within
    assert caught.value.code in REFUSALS
    assert caught.value.message.endswith(".")
    return caught.value.code


def page(body: bytes) -> bytes:
    return HEAD + b"<worksheet " + NAMESPACE + b"><sheetData>" + body + b"</sheetData></worksheet>"


def test_the_workbook_that_the_others_spoil_is_good(tmp_path: Path) -> None:
    sheet: Sheet = read_sheet(path=changed(tmp_path))
    assert (sheet.header.row, len(sheet.rows)) == (1, 2)


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = changed(tmp_path, **{SHEET: b" " * 150_000_000})
    assert path.stat().st_size < 1_000_000
    assert refused(path, within=3) == "zip_bomb"


def test_a_zip_bomb_whose_directory_lies_is_refused_while_unpacking(tmp_path: Path) -> None:
    size = 60_000_000
    path = changed(tmp_path, **{SHEET: b" " * size})
    content = path.read_bytes().replace(size.to_bytes(4, "little"), (9_000).to_bytes(4, "little"))
    path.write_bytes(content)
    assert refused(path, within=3) in {"zip_bomb", "damaged"}


@pytest.mark.parametrize("packed", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_parts_packed_as_no_spreadsheet_program_does_are_refused(
    tmp_path: Path, packed: int
) -> None:
    path = write(tmp_path / "made.xlsx", workbook(), packed)
    assert refused(path) == "damaged"
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            begins = part.header_offset + 30 + len(part.filename)
            content[begins : begins + 9] = b"\xff" * 9
    path.write_bytes(content)
    assert refused(path) == "damaged"


def test_a_directory_that_points_before_the_file_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path)
    content = bytearray(path.read_bytes())
    length = (
        content.rindex(b"PK\x05\x06") + 12
    )  # of the directory: where the parts are counted from
    size = int.from_bytes(content[length : length + 4], "little")
    content[length + 4 : length + 8] = (size + 99_999).to_bytes(4, "little")
    path.write_bytes(content)
    assert refused(path) == "damaged"


def test_many_parts_within_their_own_bounds_are_counted_together(tmp_path: Path) -> None:
    fill = bytes(range(256)) * 4000
    parts = {f"xl/media/{n}.bin": fill for n in range(20)}
    limits = Limits(unzipped_bytes=10_000_000, ratio=10_000)
    assert refused(changed(tmp_path, **parts), limits=limits) == "zip_bomb"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_that_multiply_are_refused(tmp_path: Path, part: str) -> None:
    entities = b'<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 1000 + b'">'
    body = HEAD + b"<!DOCTYPE x [" + entities + b"]><x>" + b"&b;" * 1000 + b"</x>"
    assert refused(changed(tmp_path, **{part: body})) == "hostile_xml"


def test_an_outside_entity_is_refused(tmp_path: Path) -> None:
    body = HEAD + b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
    assert refused(changed(tmp_path, **{SHEET: body})) == "hostile_xml"


def test_a_million_rows_are_refused_within_seconds(tmp_path: Path) -> None:
    path = changed(tmp_path, **{SHEET: page(ROW * 1_000_000)})
    assert refused(path, limits=Limits(ratio=10_000), within=15) == "too_many_rows"


def test_a_million_rows_of_text_are_refused_within_seconds(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(",".join(TITLES) + "\n" + "1,a,MAIN,,1\n" * 1_000_000)
    assert refused(path, within=10) == "too_many_rows"


def test_one_long_text_in_many_cells_is_refused(tmp_path: Path) -> None:
    texts = HEAD + b"<sst " + NAMESPACE + b"><si><t>" + b"A" * 32_000 + b"</t></si></sst>"
    body = page(b"<row><c t='s'><v>0</v></c></row>" * 90_000)
    parts = workbook()
    links = parts["xl/_rels/workbook.xml.rels"]
    if b"sharedStrings" not in links:
        link = b'<Relationship Id="x" Type="/sharedStrings" Target="sharedStrings.xml"/>'
        links = links.replace(b"</Relationships>", link + b"</Relationships>")
    parts = {SHEET: body, "xl/sharedStrings.xml": texts, "xl/_rels/workbook.xml.rels": links}
    path = changed(tmp_path, **parts)
    assert refused(path, limits=Limits(ratio=10_000), within=5) == "too_much_text"


def test_what_a_sheet_claims_about_its_size_takes_no_memory(tmp_path: Path) -> None:
    claim = b'<dimension ref="A1:XFD1048576"/><sheetData>'
    far = b'<row r="1048576"><c r="XFD1048576"/></row></sheetData>'
    body = workbook()[SHEET].replace(b"<sheetData>", claim).replace(b"</sheetData>", far)
    texts = HEAD + b"<sst " + NAMESPACE + b' count="4000000000" uniqueCount="4000000000"/>'
    path = changed(tmp_path, **{SHEET: body, "xl/sharedStrings.xml": texts})
    tracemalloc.start()
    with suppress(SheetRefused):  # where the header stood in the shared texts
        read_sheet(path=path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


BROKEN: dict[str, tuple[bytes, str]] = {
    "a cell past the last column allowed": (
        b'<row r="1"><c r="XFD1"><v>1</v></c></row>', "too_many_columns"),
    "a column that does not exist": (b'<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>', "no_header"),
    "rows out of order": (b'<row r="5"/><row r="4"/>', "damaged"),
    "a row beyond the last": (b'<row r="9999999"/>', "damaged"),
    "cells out of order": (b'<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', "damaged"),
    "a shared text that is not there": (b'<row><c t="s"><v>99999</v></c></row>', "damaged"),
    "a number that is none": (b"<row><c><v>12x</v></c></row>", "damaged"),
    "XML cut off": (b"<row><c>", "damaged"),
    "elements without end inside each other": (b"<a>" * 5000, "damaged"),
    "a cell of a million letters": (
        b"<row><c t='str'><v>" + b"A" * 1_000_000 + b"</v></c></row>", "cell_too_long"),
    "one token that never ends": (b'<row x="' + b"A" * 30_000_000 + b'"/>', "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_sheets_are_refused(tmp_path: Path, name: str) -> None:
    body, code = BROKEN[name]
    path = changed(tmp_path, **{SHEET: page(body)})
    assert refused(path, limits=Limits(ratio=100_000)) == code


def not_workbooks() -> Iterator[tuple[str, str, Callable[[], bytes], str]]:
    def zipped(parts: dict[str, bytes]) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return target.getvalue()

    whole = workbook()
    yield "text named xlsx", "a.xlsx", lambda: b"sku,qty\n1,2\n", "wrong_kind"
    yield "an old workbook named xlsx", "a.xlsx", lambda: OLE + b"\0" * 600, "wrong_kind"
    secret = OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    yield "a workbook with a password", "a.xlsx", lambda: secret, "encrypted"
    yield "a workbook cut off", "a.xlsx", lambda: zipped(whole)[:-400], "damaged"
    yield "a zip that is no workbook", "a.xlsx", lambda: zipped({"a": b""}), "wrong_kind"
    macros = {**whole, "xl/vbaProject.bin": b"x"}
    yield "macros named xlsx", "a.xlsx", lambda: zipped(macros), "wrong_kind"
    for suffix in ("xlsm", "xls", "ods", "xlsb", "pdf", "exe"):
        yield suffix, f"a.{suffix}", lambda: zipped(whole), "wrong_kind"
    yield "a workbook named csv", "a.csv", lambda: zipped(whole), "wrong_kind"
    yield "nothing", "a.csv", lambda: b" \n ", "empty_file"
    yield "binary named csv", "a.csv", lambda: b"\x00\x01\x02,\xff" * 50, "unreadable_text"
    yield "too large", "a.csv", lambda: b"a,b\n" * 6_000_000, "too_large"
    yield "a long cell", "a.csv", lambda: b"a," + b"b" * 50_000, "cell_too_long"
    yield "an endless quote", "a.csv", lambda: b'sku,"' + b"b," * 100_000, "cell_too_long"
    yield "many columns", "a.csv", lambda: b"a," * 3000, "too_many_columns"


CASES = list(not_workbooks())


@pytest.mark.parametrize(
    ("file", "make", "code"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_files_of_another_kind_are_refused(
    tmp_path: Path, file: str, make: Callable[[], bytes], code: str
) -> None:
    path = tmp_path / file
    path.write_bytes(make())
    assert refused(path, within=5) == code


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv") == "not_found"


def test_reading_gives_up_when_the_time_is_over(tmp_path: Path) -> None:
    path = changed(tmp_path, **{SHEET: page(ROW * 50_000)})
    assert refused(path, limits=Limits(seconds=0.05, ratio=10_000)) == "too_slow"


def test_cleaning_gives_up_when_the_time_is_over() -> None:
    """One article in thousands of rows, half at one cost and half at another: each row looks for another."""
    rows = [good_row(bin=f"A-{n:05d}", unit_cost=2 + n // 3000) for n in range(6000)]
    started = time.process_time()
    with pytest.raises(SheetRefused) as caught:
        cleaned(*rows, deadline=Deadline.after(0.05))
    assert caught.value.code == "too_slow"
    assert time.process_time() - started < 5


def test_each_step_of_cleaning_looks_at_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [good_row(bin=f"A-{n:05d}", unit_cost=2 + n // 10) for n in range(20)]
    asked: list[Deadline] = []
    monkeypatch.setattr(Deadline, "check", lambda deadline: asked.append(deadline))
    cleaned(*rows)
    assert len(asked) >= 6 * len(rows)
