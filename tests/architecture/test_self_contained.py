"""A clone is all there is: no file leads to a machine it was written on, or to a certain registry."""

import re

from tests.architecture.project import files, name

HOMES = re.compile(r"(?<![\w.:/-])/(?:work|root|home|Users)/(?!holdfast\b)[\w.-]+")
REGISTRIES = re.compile(
    r"\b(?:"
    + r"|".join((r"pypi\.org", r"pythonhosted\.org", r"npmjs\.(?:org|com)", r"golang\.org"))
    + r")\b"
)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
VENDORED = "static/vendor/"  # others' work, taken as it is
BINARY = {".png", ".ico", ".woff2", ".xlsx", ".gz", ".zip", ".pdf", ".jpg", ".wasm"}


def told(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name(path)}: {found}"
        for path in files()
        if path.suffix not in BINARY
        and not name(path).startswith(VENDORED)
        and path.name != "test_self_contained.py"
        for found in pattern.findall(path.read_text(encoding="utf-8", errors="replace"))
    ]


def test_no_file_names_a_place_outside_of_the_project():
    assert told(HOMES) == []


def test_no_file_names_a_registry():
    assert told(REGISTRIES) == []


def test_nothing_is_left_to_be_done():
    assert told(UNFINISHED) == []
