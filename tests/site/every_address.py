"""Every address of the back office and the floor, from the site's own list, asked for without a trace."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

NOT_OURS = ("api/", "^api")


def addresses() -> list[str]:
    """The names of all pages, with floor: before those of the floor. Unnamed ones lead on to a named one."""
    return sorted({name for name in _walk(get_resolver().url_patterns, "", "") if name})


def _walk(patterns, before: str, space: str) -> Iterator[str | None]:
    for one in patterns:
        path = before + str(one.pattern)
        if path.startswith(NOT_OURS):
            continue
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}" if one.name else None
        else:
            inside = f"{one.namespace}:" if one.namespace not in (None, "admin") else ""
            yield from _walk(one.url_patterns, path, inside)


def actions() -> list[tuple[str, str]]:
    """Page and name of every action on chosen rows."""
    found = []
    for model, page in admin.site._registry.items():
        if model._meta.app_label == "axes":  # superusers' own
            continue
        for action in page.actions or ():
            name = action if isinstance(action, str) else action.__name__
            found.append((f"{model._meta.app_label}_{model._meta.model_name}", name))
    return sorted(found)


@contextmanager
def no_trace():
    """Whatever is done in the block is undone at its end; units of work do not mind."""
    around = transaction.atomic()
    around._from_testcase = True  # as Django's own tests mark theirs
    with around:
        yield
        transaction.set_rollback(True)


def ask(client: Client, path: str, sent: dict | None = None) -> HttpResponse:
    """GET, or POST where something is sent."""
    client.raise_request_exception = True
    with no_trace():
        answer = client.get(path) if sent is None else client.post(path, sent)
        b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def let_in(answer: HttpResponse) -> bool:
    """A page, or an answer to a form: no refusal, and not sent to sign in, to the start, or from a form."""
    if answer.status_code in (301, 302):
        there = answer["Location"]
        away = there in ("/admin/", "/floor/") or "login" in there or "sign-in" in there
        return not away and not answer.request["PATH_INFO"].endswith("/add/")
    return answer.status_code == 200
