"""What import-linter cannot see: Django's own modules by name, and foreign keys written as strings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.project import below, name, tree

LEFT_TO_RIGHT = ("orders", "warehouse", "notifications", "core")
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
DOMAIN = (
    "warehouse/services/",
    "warehouse/sheets/",
    "warehouse/models/",
    "warehouse/queries",
    "warehouse/listings",
    "warehouse/locks",
    "warehouse/statements",
    "warehouse/changes",
    "warehouse/checks",
    "warehouse/lines",
    "warehouse/events",
    "warehouse/level_cache",
    "warehouse/errors",
    "orders/services/",
    "orders/models",
    "orders/queries",
    "orders/locks",
    "orders/states",
    "orders/events",
    "orders/errors",
    "notifications/services/",
    "notifications/outbox",
    "notifications/alerting",
    "notifications/feed",
    "notifications/models",
)
HTTP = (
    "django.http",
    "django.shortcuts",
    "django.urls",
    "django.views",
    "django.template",
    "rest_framework",
)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", below(*DOMAIN), ids=name)
def test_domain_code_does_not_import_http(path):
    assert [found for found in imported(path) if found.startswith(HTTP)] == []


def test_sheets_are_read_without_django():
    for path in below("warehouse/sheets/"):
        assert [x for x in imported(path) if x.split(".")[0] in ("django", "rest_framework")] == []


def relations() -> Iterator[tuple[str, str]]:
    """The app of each model with a relation written as a string, and the app that it points to."""
    for path in below("orders/", "warehouse/", "notifications/", "inventory_site/core/"):
        own = name(path).removeprefix("inventory_site/").split("/")[0]
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in RELATIONS:
                given = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "to")]
                for target in given:
                    if isinstance(target, ast.Constant) and "." in str(target.value):
                        yield own, str(target.value).split(".")[0]


def test_foreign_keys_written_as_strings_point_the_way_that_imports_go():
    ours = [(own, to) for own, to in relations() if to in LEFT_TO_RIGHT]
    backward = [x for x in ours if LEFT_TO_RIGHT.index(x[0]) > LEFT_TO_RIGHT.index(x[1])]
    assert backward == []


def test_rows_are_locked_in_the_lock_modules_alone():
    told = re.compile(r"select_for_update\(|\bFOR (NO KEY )?UPDATE\b(?! SKIP)")
    elsewhere = [
        name(path)
        for path in below("orders/", "warehouse/services/", "warehouse/queries", "warehouse/api/")
        if path.stem != "locks" and told.search(path.read_text())
    ]
    assert elsewhere == []
