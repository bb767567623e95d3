"""The parts of a workbook around its cells: which sheets, which number formats, which texts."""

import posixpath
import re
from dataclasses import dataclass, field

from warehouse.sheets.archive import DAMAGED, Archive
from warehouse.sheets.limits import Limits, SheetRefused
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.markup import local, parse

BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
BUILT_IN_SCIENTIFIC = frozenset([11, 48])
DECORATION = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
LONGEST_FORMAT = 255
MOST_STYLES = 70_000  # a workbook itself may hold 65,490


@dataclass(frozen=True, slots=True)
class Format:
    """What a number format says about the number under it."""

    date: bool = False
    pad: int = 0
    scientific: bool = False


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class Workbook:
    """All that is needed to understand the cells of any of its sheets."""

    sheets: list[SheetEntry] = field(default_factory=list)
    date1904: bool = False
    formats: list[Format] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def read_format(*, number: int, code: str | None) -> Format:
    """The meaning of a number format, by its code or, without one, by its built-in number."""
    if code is None:
        return Format(date=number in BUILT_IN_DATES, scientific=number in BUILT_IN_SCIENTIFIC)
    bare = DECORATION.sub("", code[:LONGEST_FORMAT].split(";")[0]).lower()
    if re.fullmatch("0{2,20}", bare):
        return Format(pad=len(bare))
    if re.search(r"[0#?]e[+-]", bare):
        return Format(scientific=True)
    return Format(date=bare != "general" and re.search("[dmyhs]", bare) is not None)


class _Index:
    """Reads workbook.xml: the sheets in order, and the epoch of dates."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.date1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.date1904 = attributes.get("date1904", "0").lower() in {"1", "true", "on"}
        elif name == "sheet":
            link = next((v for k, v in attributes.items() if local(k) == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), link, hidden))

    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


class _Links:
    """Reads a .rels part: which id means which part. Targets outside the file are left out."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.by_kind: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "")
        part = target[1:] if target.startswith("/") else posixpath.join("xl", target)
        part = posixpath.normpath(part)
        self.targets[attributes.get("Id", "")] = part
        self.by_kind[attributes.get("Type", "").rpartition("/")[2]] = part

    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


class _Styles:
    """Reads styles.xml as far as number formats go."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.formats: list[Format] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and len(self.codes) < MOST_STYLES:
            self.codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            if len(self.formats) >= MOST_STYLES:
                raise SheetRefused("damaged", DAMAGED)
            number = _number(attributes.get("numFmtId"))
            self.formats.append(read_format(number=number, code=self.codes.get(number)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False

    def text(self, data: str) -> None: ...


class _Texts:
    """Reads the shared texts. The count that the part claims is not believed."""

    def __init__(self, limits: Limits) -> None:
        self.texts: list[str] = []
        self._limits = limits
        self._parts: list[str] = []
        self._length = 0
        self._taking = False
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._parts, self._length = [], 0
        elif name == "rPh":  # how a Japanese reader says it; no part of the text
            self._phonetic = True
        elif name == "t":
            self._taking = not self._phonetic

    def end(self, name: str) -> None:
        if name == "t":
            self._taking = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            if len(self.texts) >= self._limits.cells:
                raise SheetRefused("too_many_cells", _("The workbook holds too many texts."))
            self.texts.append(unescape("".join(self._parts)))

    def text(self, data: str) -> None:
        if self._taking:
            self._length += len(data)
            if self._length > self._limits.cell_length:
                raise SheetRefused("cell_too_long", too_long(self._limits))
            self._parts.append(data)


def too_long(limits: Limits) -> str:
    """The sentence about a cell with too much text."""
    return _("A cell holds more than %(cell_length)s characters.") % {
        "cell_length": f"{limits.cell_length:,}"
    }


def unescape(text: str) -> str:
    """Characters that XML cannot hold are written as _x000D_."""
    if "_x" not in text:
        return text
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else 0


def open_workbook(*, archive: Archive, limits: Limits) -> Workbook:
    """Everything but the cells. Raises `SheetRefused` when the file is no workbook."""
    if "xl/workbook.xml" not in archive.names:
        raise SheetRefused("wrong_kind", _("This is a zip file, but no Excel workbook (.xlsx)."))
    index, links, styles, texts = _Index(), _Links(), _Styles(), _Texts(limits)
    parse(chunks=archive.chunks("xl/workbook.xml"), handler=index)
    if "xl/_rels/workbook.xml.rels" in archive.names:
        parse(chunks=archive.chunks("xl/_rels/workbook.xml.rels"), handler=links)
    for kind, handler in (("styles", styles), ("sharedStrings", texts)):
        if links.by_kind.get(kind) in archive.names:
            parse(chunks=archive.chunks(links.by_kind[kind]), handler=handler)
    entries = [
        SheetEntry(name=name, part=links.targets[link], hidden=hidden)
        for name, link, hidden in index.sheets
        if "worksheets/" in links.targets.get(link, "")
    ]
    if not entries:
        raise SheetRefused("damaged", DAMAGED)
    return Workbook(
        sheets=entries, date1904=index.date1904, formats=styles.formats, texts=texts.texts
    )
