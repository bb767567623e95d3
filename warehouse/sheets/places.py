"""Warehouses and bins: which of the known places is meant, and never a place near it."""

import re
from collections.abc import Iterable, Mapping

from warehouse.sheets.cells import Cell, Kind, plain
from warehouse.sheets.findings import Finding, Outcome, Read
from warehouse.sheets.marking import gettext as _

BIN = re.compile(r"([A-Z])[-/._ ]*([0-9]{1,2})[-/._ ]+([0-9]{1,2})")
BIN_COMPACT = re.compile("([A-Z])[-/._ ]?([0-9]{2})([0-9]{2})")
CODE = re.compile("[A-Z][A-Z0-9_-]{0,19}")
SUBSTANTIAL = 0.05


def is_warehouse_code(text: str) -> bool:
    """Whether the text is a code in capitals, such as MAIN or NORTH-2."""
    return CODE.fullmatch(text) is not None


def propose_warehouses(cells: Iterable[Cell]) -> tuple[str, ...]:
    """Warehouses that a sheet itself vouches for, where none is known yet.

    The rule: a code in capitals, spelled exactly so on at least 5 % of the rows that name a
    warehouse, and on at least two rows of ten, five of fifty. A typing error is rarer.
    """
    counts: dict[str, int] = {}
    for cell in cells:
        if not cell.blank:
            counts[cell.text] = counts.get(cell.text, 0) + 1
    total = sum(counts.values())
    least = max(SUBSTANTIAL * total, 5 if total >= 50 else 2 if total >= 10 else 1)
    return tuple(
        sorted(name for name, n in counts.items() if n >= least and is_warehouse_code(name))
    )


def read_warehouse(*, cell: Cell, known: Mapping[str, str]) -> Read[str]:
    """The code of a known warehouse. `known` gives each code's name ("" where it has none).

    Another case or outer spaces are put right; anything else that resembles one is for a person;
    what resembles none is rejected.
    """

    def say(code: str, outcome: Outcome, message: str) -> tuple[Finding, ...]:
        return (Finding(code, outcome, "warehouse", cell.raw, message),)

    names = ", ".join(known) or "none"
    if cell.blank:
        message = _("The warehouse is empty. Fill it in; known are: %(names)s.") % {"names": names}
        return Read(None, say("wh_blank", Outcome.REJECT, message))
    written = str(cell.raw)
    if cell.kind is Kind.TEXT and written in known:
        return Read(written)
    exact = _named(written, known)
    if len(exact) == 1:
        message = _('"%(written)s" is the warehouse %(name)s.') % {
            "written": written,
            "name": exact[0],
        }
        return Read(exact[0], say("wh_spelling", Outcome.FIX, message))
    near = exact or [code for code in known if _resembles(written, code, known[code])]
    if near:
        message = _('"%(written)s" may mean %(near)s. Correct it if so.') % {
            "written": written,
            "near": " or ".join(near),
        }
        return Read(None, say("wh_spelling", Outcome.ASK, message))
    message = _(
        'There is no warehouse "%(written)s"; known are: %(names)s. Correct it or create it.'
    ) % {"written": written, "names": names}
    return Read(None, say("wh_unknown", Outcome.REJECT, message))


def _named(written: str, known: Mapping[str, str]) -> list[str]:
    key = plain(written).casefold()
    by_code = [code for code in known if code.casefold() == key]
    return by_code or [code for code, name in known.items() if plain(name).casefold() == key]


def _resembles(written: str, code: str, name: str) -> bool:
    key, target = plain(written).casefold(), code.casefold()
    words = re.findall("[^\\W_]+", key)
    named = set(re.findall("[^\\W_]+", plain(name).casefold())) - {"warehouse", "depot", "wh"}
    joined = "".join(words)
    return (
        target in words
        or bool(named & set(words))
        or joined == re.sub(r"[\W_]", "", target)
        or (len(target) >= 3 and joined.startswith(target))
        or (min(len(key), len(target)) >= 3 and one_slip_apart(key, target))
    )


def one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter was left out, added, changed, or swapped with its neighbour."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return one == other
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[:2][::-1] and left[2:] == right[2:])
    )


def read_bin(*, cell: Cell) -> Read[str]:
    """The bin as aisle-rack-shelf, A-03-12; "" for a row without one."""

    def say(code: str, outcome: Outcome, message: str) -> tuple[Finding, ...]:
        return (Finding(code, outcome, "bin", cell.raw, message),)

    if cell.blank:
        message = _("No bin: the stock is booked to the receiving bin, to be put away.")
        return Read("", say("bin_blank", Outcome.FIX, message))
    code = _bin_code(plain(cell.text).upper()) if cell.kind is Kind.TEXT else None
    if code is None:
        message = _('"%(raw)s" is no bin such as A-03-12 (aisle, rack, shelf). Correct it.') % {
            "raw": cell.raw
        }
        return Read(None, say("bin_invalid", Outcome.ASK, message))
    if code == cell.text:
        return Read(code)
    return Read(
        code,
        say(
            "bin_format",
            Outcome.FIX,
            _('"%(raw)s" is the bin %(code)s.') % {"raw": cell.raw, "code": code},
        ),
    )


def _bin_code(text: str) -> str | None:
    found = BIN.fullmatch(text) or BIN_COMPACT.fullmatch(text)
    if found is None:
        return None
    aisle, rack, shelf = found.groups()
    if int(rack) == 0 or int(shelf) == 0:
        return None
    return f"{aisle}-{int(rack):02d}-{int(shelf):02d}"
