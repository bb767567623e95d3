"""XML from someone else, read piece by piece. No document type, no entities, nothing fetched."""

from collections.abc import Generator, Iterable
from contextlib import closing
from typing import Protocol
from xml.parsers import expat

from warehouse.sheets.archive import DAMAGED
from warehouse.sheets.limits import SheetRefused
from warehouse.sheets.marking import gettext as _

DEPTH = 64
LONGEST_TOKEN = 4 * 1024 * 1024


class Handler(Protocol):
    """Who is told about elements. Names come without their namespace prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


def local(name: str) -> str:
    """The name without its prefix: both dialects of the format write prefixes as they like."""
    return name.rpartition(":")[2]


def parse(*, chunks: Generator[bytes, None, None], handler: Handler) -> None:
    """Feed the pieces to the handler. Raises `SheetRefused`: `hostile_xml`, `damaged`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def refuse(*_event: object) -> None:
        raise SheetRefused(
            "hostile_xml",
            _(
                "The workbook declares a document type or XML entities, which no spreadsheet "
                "program writes. It was not read."
            ),
        )

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise SheetRefused("damaged", DAMAGED)
        handler.start(local(name), attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(local(name))

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    try:
        with closing(chunks):  # also when a refusal ends the reading early
            _feed(parser, chunks)
    except (expat.ExpatError, UnicodeDecodeError, LookupError) as problem:
        raise SheetRefused("damaged", DAMAGED) from problem


def _feed(parser: expat.XMLParserType, chunks: Iterable[bytes]) -> None:
    fed = 0
    for piece in chunks:
        parser.Parse(piece, False)
        fed += len(piece)
        if fed - parser.CurrentByteIndex > LONGEST_TOKEN:  # the parser only holds it back
            raise SheetRefused("damaged", DAMAGED)
    parser.Parse(b"", True)
