"""Every error code and every event is explained, and nothing is explained that does not exist."""

import ast
import re

import inventory_site.urls  # noqa: F401 (brings every error there is)
from inventory_site.core.errors import DomainError
from inventory_site.documentation import error_codes, error_kinds
from tests.architecture.project import ROOT, below, tree

DOTTED = re.compile(r"[a-z]+\.[a-z_]+")


def sections(page: str, level: str) -> dict[str, str]:
    """The page's headings in backquotes, each with what stands under it."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    parts = re.split(rf"^{level} `([^`]+)`$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def recorded() -> set[str]:
    """Types of events: in services and events modules, a dotted lower-case word is nothing else."""
    return {
        node.value
        for path in below("warehouse/services/", "orders/services/", "warehouse/events", "orders/events")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and DOTTED.fullmatch(node.value)
    }  # fmt: skip


def test_every_error_code_has_its_section_and_no_other_has():
    told = sections("errors.md", "##")
    assert sorted(told) == [kind.code for kind in error_codes()]
    assert [
        kind.code for kind in error_codes() if f"**{kind.status}: " not in told[kind.code]
    ] == []
    assert [code for code, text in told.items() if len(text.strip().split("\n\n")) < 2] == []


def test_every_error_says_itself_what_it_means():
    assert [kind.__name__ for kind in error_kinds(DomainError) if not kind.__doc__] == []


def test_error_codes_are_unique():
    kinds = list(error_kinds(DomainError))
    codes = [kind.code for kind in kinds if "code" in vars(kind)]
    assert sorted(codes) == sorted(set(codes))


def test_every_event_has_its_section_and_no_other_has():
    assert {"reservation.created", "stock.received", "transfer.dispatched"} <= recorded()
    assert sorted(sections("events.md", "###")) == sorted(recorded())
