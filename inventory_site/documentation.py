"""The API's documentation, served by the site itself: nothing is loaded from elsewhere."""

import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from inventory_site.core.errors import DomainError
from inventory_site.core.problems import ApiError, status_of


@cache
def schema_text() -> str:
    """The OpenAPI document as JSON; made once per process, since it changes with the code only."""
    generator: Any = SchemaGenerator
    return json.dumps(generator().get_schema(request=None, public=True), default=str)


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 as JSON."""
    return HttpResponse(schema_text(), content_type="application/json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same as pages to read and try."""
    return render(request, "api/docs.html")


@dataclass(frozen=True, slots=True)
class ErrorCode:
    code: str
    title: str
    status: int
    meaning: str


def error_codes() -> list[ErrorCode]:
    """Every code the API may answer with, in alphabetical order."""
    found = {kind.code: kind for kind in error_kinds(DomainError) if kind is not ApiError}
    return [
        ErrorCode(
            code=code,
            title=kind.title,
            status=status_of(kind.__new__(kind)),
            meaning=inspect.getdoc(kind) or "",
        )
        for code, kind in sorted(found.items())
    ]


def error_kinds(base: type[DomainError]) -> Iterator[type[DomainError]]:
    """Every class of errors below `base`."""
    for kind in base.__subclasses__():
        yield kind
        yield from error_kinds(kind)


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """What each error code means. Problem details point here."""
    return render(request, "api/errors.html", {"codes": error_codes()})
