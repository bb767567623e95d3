"""What the site does around every request, and what it spares those of the API.

A platform asks for levels hundreds of times a second. What a page needs around it (session, form tokens,
messages, content policies) cost such a request three times as much as its answer: it goes past them. See
docs/adr/0011-straight-to-the-api.md.
"""

from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter
from typing import Any

import structlog
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django_structlog.signals import (
    bind_extra_request_finished_metadata,
    bind_extra_request_metadata,
)
from prometheus_client import Histogram

from inventory_site.core.actors import Actor, acting
from inventory_site.core.auth import Caller
from inventory_site.core.problems import request_id

View = Callable[[HttpRequest], HttpResponse]

SECONDS = Histogram(
    "holdfast_request_seconds", "How long requests took.", ["view", "method", "status"]
)
MOST_SAID = 200  # characters of a header in a log line
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def measure(get_response: View) -> View:
    """Count and time every request by the name of its address, its method, and what came of it."""

    def respond(request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = get_response(request)
        match = request.resolver_match
        view = (match.view_name if match else "") or "unnamed"
        method = request.method if request.method in METHODS else "other"
        SECONDS.labels(view, method, response.status_code).observe(perf_counter() - began)
        return response

    return respond


def told_its_id(get_response: View) -> View:
    """Every answer says under which id its request stands in the logs."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["X-Request-ID"] = request_id()
        return response

    return respond


def straight_to_the_api(get_response: View) -> View:
    """Call an address of the API at once; it answers its errors itself, and knows callers by their key."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        if not getattr(getattr(match.func, "cls", None), "needs_no_page", False):
            return get_response(request)
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        if isinstance(response, SimpleTemplateResponse):  # as those of DRF are
            response.render()
        return response

    return respond


def without_nul(get_response: View) -> View:
    """No address has a NUL in it, which the database refuses wherever it is asked for."""

    def respond(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(
                _("The address has a character in it that is none (NUL).")
            )
        return get_response(request)

    return respond


def acting_person(get_response: View) -> View:
    """What a page changes of settings is on record under the name of whoever is signed in."""

    def respond(request: HttpRequest) -> HttpResponse:
        with acting(lambda: _actor(request.user)):
            return get_response(request)

    return respond


def _actor(user: Any) -> Actor:
    if not user.is_authenticated:
        return Actor("nobody signed in")
    return Actor(user.get_username(), user.pk)


@receiver(bind_extra_request_metadata)
def log_the_address(request: HttpRequest, **_: Any) -> None:
    """Whose request a log line is about: the peer, and whom a proxy says that it speaks for."""
    request.began = perf_counter()  # type: ignore[attr-defined]
    structlog.contextvars.bind_contextvars(ip=request.META.get("REMOTE_ADDR"))
    if "HTTP_X_FORWARDED_FOR" in request.META:
        said = request.META["HTTP_X_FORWARDED_FOR"][:MOST_SAID]
        structlog.contextvars.bind_contextvars(forwarded_for=said)


@receiver(bind_extra_request_finished_metadata)
def log_what_came_of_it(
    request: HttpRequest, response: HttpResponse, log_kwargs: dict[str, Any], **_: Any
) -> None:
    """How long it took, which key asked (its name and public part), and of which host, if that was wrong."""
    log_kwargs["ms"] = round((perf_counter() - request.began) * 1000, 1)  # type: ignore[attr-defined]
    caller = getattr(request, "auth", None)
    if isinstance(caller, Caller):
        log_kwargs |= {"client": caller.name, "key": caller.key_id.partition(".")[0]}
    if response.status_code == HTTPStatus.BAD_REQUEST:
        log_kwargs["host"] = request.META.get("HTTP_HOST", "")[:MOST_SAID]
