"""Suppliers: one spelling for each, and never another supplier of a similar name."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from warehouse.sheets.cells import Cell, Kind, spaced
from warehouse.sheets.findings import Finding, Outcome, Read
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.places import one_slip_apart

LONGEST = 40
OFTEN = 20  # times as many rows make a similar name the one that may be meant
MOST_COMPARED = 100  # of the most frequent suppliers, so that no sheet takes long to compare
LEAST_LETTERS = 4  # shorter names resemble each other by chance
COMPANY_WORDS = frozenset({"ltd", "limited", "plc", "llc", "inc", "gmbh", "co", "company", "corp"})


@dataclass(frozen=True, slots=True)
class SupplierColumn:
    """By each name without case: its usual spelling, and the frequent supplier it resembles."""

    usual: Mapping[str, str]
    near: Mapping[str, str]


def survey_suppliers(cells: Iterable[Cell], known: Iterable[str] = ()) -> SupplierColumn:
    """How each supplier is usually spelled. A known supplier's own spelling wins."""
    spellings: dict[str, Counter[str]] = {}
    for cell in cells:
        if cell.kind is Kind.TEXT and not cell.blank:
            text = spaced(cell.text)
            spellings.setdefault(text.casefold(), Counter())[text] += 1
    stored = {spaced(code).casefold(): code for code in known}
    usual = {**_most_frequent(spellings), **stored}
    rows = {key: counter.total() for key, counter in spellings.items()}
    frequent = sorted((key for key in rows if key in usual), key=lambda k: -rows[k])[:MOST_COMPARED]
    near: dict[str, str] = {}
    for key in rows.keys() - stored.keys():
        often = [other for other in frequent if rows[other] >= OFTEN * rows[key]]
        found = next((o for o in (*often, *_stored_near(key, stored)) if _alike(key, o)), None)
        if found is not None:
            near[key] = usual[found]
    return SupplierColumn(usual=usual, near=near)


def _most_frequent(spellings: Mapping[str, Counter[str]]) -> dict[str, str]:
    """The spelling that more rows use than any other; none where two are used alike."""
    usual = {}
    for key, counter in spellings.items():
        ranked = counter.most_common(2)
        if len(ranked) == 1 or ranked[0][1] > ranked[1][1]:
            usual[key] = ranked[0][0]
    return usual


def _stored_near(key: str, stored: Mapping[str, str]) -> Iterable[str]:
    """Stored suppliers worth comparing: of a small number all, of a large one the same initials."""
    if len(stored) <= MOST_COMPARED:
        return stored
    return (other for other in stored if other[:3] == key[:3])


def _alike(one: str, other: str) -> bool:
    """Whether the names differ by a slip of the pen, a company word, or one goes on."""
    if one == other:
        return False
    first, second = _stem(one), _stem(other)
    if first == second:
        return True
    if min(len(first), len(second)) < LEAST_LETTERS:
        return False
    return first.startswith(second) or second.startswith(first) or one_slip_apart(first, second)


def _stem(key: str) -> str:
    words = re.findall(r"[^\W_]+", key)
    return "".join(word for word in words if word not in COMPANY_WORDS)


def read_supplier(*, cell: Cell, column: SupplierColumn) -> Read[str]:
    """The supplier in its usual spelling. A rare name near a frequent one is for a person."""

    def say(code: str, outcome: Outcome, message: str) -> tuple[Finding, ...]:
        return (Finding(code, outcome, "supplier", cell.raw, message),)

    if cell.blank:
        return Read(None, say("supplier_blank", Outcome.FIX, _("No supplier; left empty.")))
    text = spaced(cell.text)
    if cell.kind is not Kind.TEXT or not text.isprintable() or len(text) > LONGEST:
        message = _('The supplier "%(raw)s" is not a name or code as text. Type it again.') % {
            "raw": cell.raw
        }
        return Read(None, say("supplier_unclear", Outcome.ASK, message))
    key = text.casefold()
    if key not in column.usual:
        message = _('"%(text)s" is spelled in several ways, none more often. Choose one.') % {
            "text": text
        }
        return Read(None, say("supplier_spelling", Outcome.ASK, message))
    if key in column.near:
        message = _('"%(text)s" may mean %(name)s, which others name. Correct it if so.') % {
            "text": text,
            "name": column.near[key],
        }
        return Read(None, say("supplier_spelling", Outcome.ASK, message))
    usual = column.usual[key]
    if usual == cell.text:
        return Read(usual)
    return Read(
        usual,
        say(
            "supplier_spelling",
            Outcome.FIX,
            _('"%(raw)s" is %(usual)s.') % {"raw": cell.raw, "usual": usual},
        ),
    )
