"""What every address of the API does before and after its own work.

Thin on purpose: one parser, one renderer, no negotiation, answers as JSON text.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, cast

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from inventory_site.core import rate_limit
from inventory_site.core.actors import act_as, acting
from inventory_site.core.auth import Caller
from inventory_site.core.bodies import take_body
from inventory_site.core.db import meaning
from inventory_site.core.errors import DomainError
from inventory_site.core.idempotency import Answer, Claim, answer_once, claim_of
from inventory_site.core.problems import (
    BodyTooLarge,
    InternalError,
    InvalidQuery,
    Malformed,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    UnknownHost,
    UnsupportedMediaType,
    problem_response,
)
from inventory_site.core.reading import refusal

logger = structlog.get_logger(__name__)

JSON_TYPE = "application/json"
LIMIT_DEFAULT, LIMIT_MOST = 50, 200
CODES = ("warehouse",)  # parameters that are compared trimmed and in upper case


class ApiView(APIView):
    """An address. `scopes` names what each method needs; a POST is answered once per Idempotency-Key."""

    scopes: ClassVar[Mapping[str, str]] = {}
    needs_no_page: ClassVar = (
        True  # neither session nor page policies: see inventory_site/middleware.py
    )
    http_method_names = ["get", "head", "post"]
    _claim: Claim

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever calls is on record for settings that are changed until the answer, which programs read: it
        is in English, whatever language is asked for."""
        with acting(None), translation.override(None):
            return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        return self.get_renderers()[0], JSON_TYPE

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who is it, may they, and have they asked too often; then the body, within its limit, and key."""
        if (request.method or "").lower() not in self.http_method_names or not hasattr(
            self, (request.method or "").lower()
        ):
            raise exceptions.MethodNotAllowed(request.method or "")
        if any("\x00" in str(part) for part in kwargs.values()):
            raise exceptions.NotFound  # nothing that PostgreSQL keeps has such a name
        caller = self.caller(request)
        act_as(lambda: caller.actor)
        self.allowance = rate_limit.take(key_id=caller.key_id)
        rate_limit.check(self.allowance)
        method = "GET" if request.method == "HEAD" else request.method or ""
        caller.check_scope(self.scopes.get(method, ""))
        if method == "POST":
            take_body(request._request)
            self._claim = claim_of(
                api_key=caller.key_id,
                headers=request.headers,
                method=method,
                path=request.path,
                body=request._request.body,
            )

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        allowance = getattr(self, "allowance", None)
        if allowance is not None:
            allowance.tell(response)
        if request.method == "HEAD":  # servers differ in whether they leave the body out
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return cast(HttpResponse, response)

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        raise exceptions.MethodNotAllowed(request.method or "")

    def caller(self, request: Request) -> Caller:
        return cast(Caller, request.auth)

    def read_body(
        self, request: Request, serializer: type[serializers.Serializer[Any]]
    ) -> dict[str, Any]:
        """The body, validated. Raises InvalidRequest with a pointer for each fault."""
        try:
            return dict(_reader(serializer).run_validation(request.data))
        except serializers.ValidationError as error:
            raise refusal(error) from error

    def claim(self, request: Request) -> Claim:
        """The request under its Idempotency-Key."""
        return self._claim

    def once(self, request: Request, work: Callable[[], tuple[int, Any]]) -> HttpResponse:
        """Carry `work` out in one transaction, once per Idempotency-Key; it returns status and data."""
        claim = self.claim(request)

        def encoded() -> tuple[int, str]:
            status, data = work()
            return status, dump(data)

        return answered(answer_once(claim=claim, work=encoded))


@cache
def _reader(serializer: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """One serializer for all requests: it keeps nothing of what it validates, and is dear to make."""
    return serializer()


def answered(answer: Answer) -> HttpResponse:
    """An answer as HTTP; one from the books says so."""
    kind = JSON_TYPE if answer.status < 400 else "application/problem+json"
    response = HttpResponse(answer.body, status=answer.status, content_type=kind)
    if answer.replayed:
        response["Idempotent-Replay"] = "true"
    return response


def dump(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


def json_response(data: Any, *, status: int = 200) -> HttpResponse:
    return HttpResponse(dump(data), status=status, content_type=JSON_TYPE)


def tagged(request: HttpRequest | Request, tag: str, data: Callable[[], Any]) -> HttpResponse:
    """The data under its ETag; 304 without it when the client has that version already."""
    return not_modified(request, tag) or _under(tag, json_response(data()))


def not_modified(request: HttpRequest | Request, tag: str) -> HttpResponse | None:
    """304 where the client says that it has this version."""
    asked = request.META.get("HTTP_IF_NONE_MATCH", "").strip()
    known = [one.strip().removeprefix("W/") for one in asked.split(",")]
    if asked != "*" and f'"{tag}"' not in known:
        return None
    return _under(tag, HttpResponse(status=304))


def _under(tag: str, response: HttpResponse) -> HttpResponse:
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Authorization"
    return response


# --- Parameters of the address -------------------------------------------------------------


def query(request: Request, *allowed: str) -> dict[str, str]:
    """The parameters of the address. Raises InvalidQuery naming one that is unknown or given twice."""
    found = {}
    for name, values in request.query_params.lists():
        if name not in allowed:
            others = f"there are {', '.join(allowed)}" if allowed else "this address has none"
            raise InvalidQuery(
                f"There is no parameter {name!r}; {others}.",
                items=[{"pointer": "", "parameter": name}],
            )
        if len(values) > 1:
            raise bad_parameter(name, "given once")
        if "\x00" in values[0] or not values[0].isprintable():
            raise bad_parameter(name, "printable text")
        found[name] = values[0].strip().upper() if name in CODES else values[0]
    return found


def bad_parameter(name: str, expected: str) -> InvalidQuery:
    return InvalidQuery(
        f"The parameter {name} must be {expected}.", items=[{"pointer": "", "parameter": name}]
    )


def limit_of(
    given: Mapping[str, str], *, default: int = LIMIT_DEFAULT, most: int = LIMIT_MOST
) -> int:
    """The parameter `limit`. Raises InvalidQuery unless it is 1 to `most`."""
    value = given.get("limit", str(default))
    if not value.isascii() or not value.isdigit() or len(value) > 6 or not 1 <= int(value) <= most:
        raise bad_parameter("limit", f"a number from 1 to {most}")
    return int(value)


# --- Refusing ----------------------------------------------------------------------------------------


def problem_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Problem details for whatever a view raises."""
    known = _known_error(error)
    if known is None:
        logger.exception("api_defect", error=type(error).__name__)
        known = InternalError(
            "Nothing was changed. Tell us the request_id and we will look into it."
        )
    response = problem_response(known)
    if isinstance(error, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def _known_error(error: Exception) -> DomainError | None:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return NotAuthenticated("A valid API key is needed.")
    if isinstance(error, exceptions.MethodNotAllowed):
        return MethodNotAllowed("This address does not take that method; see the Allow header.")
    if isinstance(error, exceptions.UnsupportedMediaType):
        return UnsupportedMediaType("Send the body as application/json.")
    if isinstance(error, exceptions.ParseError):
        return Malformed("The body cannot be read.")
    if isinstance(error, RequestDataTooBig):
        return BodyTooLarge(f"A body has at most {settings.API_BODY_LIMIT} bytes.")
    if isinstance(error, TooManyFieldsSent):
        return InvalidQuery("The address has more parameters than any has.")
    if isinstance(error, SuspiciousOperation):
        return Malformed("The request cannot be read.")
    if isinstance(error, Http404 | exceptions.NotFound):
        return NotFound("There is nothing at this address.")
    return meaning(error)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what no view was asked: under /api/, to a host that is not this site's."""
    if not request.path.startswith("/api/"):
        return defaults.bad_request(request, exception)
    return problem_response(
        UnknownHost("This site is not reached by that name; see ALLOWED_HOSTS.")
    )


@csrf_exempt  # nothing is done here, and a refusal is to be JSON for a POST too
def not_found(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """The answer to an address under /api/ that does not exist."""
    return problem_response(NotFound(f"There is nothing at {request.path[:200]}."))
