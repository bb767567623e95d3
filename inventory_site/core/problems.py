"""What the API answers when it refuses: problem details (RFC 9457) with a stable code."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import structlog
from django.http import HttpResponse

from inventory_site.core.errors import DomainError, Kind

STATUS = {
    Kind.INVALID: 422,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.FORBIDDEN: 403,
    Kind.BUSY: 503,
}
TYPE = "/api/docs/errors#"


class ApiError(DomainError):
    """A refusal that the API itself makes, before any domain code is asked."""

    status: ClassVar[int] = 422
    retry_after: int | None = None
    headers: Mapping[str, str] = {}


class Malformed(ApiError):
    """The body is not JSON as RFC 8259 has it, holds characters that cannot be stored, or broke off."""

    code, title, status = "malformed", "The body cannot be read", 400


class InvalidQuery(ApiError):
    """A parameter of the address is unknown or has a value that cannot be used."""

    code, title, status = "invalid_query", "A parameter cannot be used", 400


class InvalidCursor(ApiError):
    """The cursor is not one that this API has given out."""

    code, title, status = "invalid_cursor", "The cursor cannot be used", 400


class IdempotencyKeyRequired(ApiError):
    """Every request that changes stock needs an Idempotency-Key of 1 to 255 printable characters."""

    code, title, status = "idempotency_key_required", "An Idempotency-Key is needed", 400


class IdempotencyKeyReused(ApiError):
    """The Idempotency-Key was used for another request."""

    code, title, status = "idempotency_key_reused", "The Idempotency-Key is taken", 422


class IdempotencyKeyInFlight(ApiError):
    """The request with this Idempotency-Key is still being worked on; ask again for its answer."""

    code, title, status = "idempotency_key_in_flight", "Still being worked on", 409
    retry_after = 1


class NotAuthenticated(ApiError):
    """No API key, or one that is unknown, revoked or expired."""

    code, title, status = "not_authenticated", "A valid API key is needed", 401
    headers = {"WWW-Authenticate": "Api-Key"}


class MissingScope(ApiError):
    """The API key is valid but has not been given this scope."""

    code, title, status = "missing_scope", "The key may not do this", 403


class NotFound(ApiError):
    """There is nothing at this address."""

    code, title, status = "not_found", "Nothing here", 404


class MethodNotAllowed(ApiError):
    """The address exists, but not for this method; see the Allow header."""

    code, title, status = "method_not_allowed", "Not with this method", 405


class UnknownHost(ApiError):
    """The request is for a host that this site is not reached by."""

    code, title, status = "unknown_host", "Not this site's name", 400


class LengthRequired(ApiError):
    """The body came in chunks, and the server that took it does not say where they end."""

    code, title, status = "length_required", "A Content-Length is needed", 411


class BodyTooLarge(ApiError):
    """The body is larger than the API reads."""

    code, title, status = "body_too_large", "The body is too large", 413


class UnsupportedMediaType(ApiError):
    """The API reads application/json only."""

    code, title, status = "unsupported_media_type", "Not JSON", 415


class InvalidRequest(ApiError):
    """The body is JSON but not what this address takes; each error points at its place."""

    code, title, status = "invalid_request", "The request is not valid", 422


class RateLimited(ApiError):
    """The key has used up its requests of this minute."""

    code, title, status = "rate_limited", "Too many requests", 429


class InternalError(ApiError):
    """A defect of ours. Nothing was changed; the request's id leads to it in the logs."""

    code, title, status = "internal_error", "Something went wrong on our side", 500


def status_of(error: DomainError) -> int:
    return error.status if isinstance(error, ApiError) else STATUS[error.kind]


def problem(error: DomainError, *, told_to: str | None = None) -> dict[str, Any]:
    """The error as problem details, to the request at hand or to that of another id."""
    return {
        "type": TYPE + error.code,
        "title": error.title,
        "status": status_of(error),
        "code": error.code,
        "detail": error.detail,
        "request_id": request_id() if told_to is None else told_to,
        "errors": [_pointed(item) for item in error.items],
    }


def request_id() -> str:
    """The id under which this request stands in the logs."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def _pointed(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item with the JSON pointer of the line, or of its field, that it is about."""
    told = {key: value for key, value in item.items() if key not in ("line", "field")}
    pointer = f"/lines/{item['line']}" if "line" in item else item.get("pointer", "")
    return {"pointer": f"{pointer}/{item['field']}" if "field" in item else pointer, **told}


def problem_response(error: DomainError) -> HttpResponse:
    """The answer to a request that is refused."""
    body = problem(error)
    response = HttpResponse(
        json.dumps(body, default=str),
        status=body["status"],
        content_type="application/problem+json",
    )
    retry_after = error.retry_after if isinstance(error, ApiError) else None
    if body["status"] == 503:
        retry_after = 1
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    if isinstance(error, ApiError):
        for name, value in error.headers.items():
            response[name] = value
    return response


def invalid(detail: str, items: Sequence[Mapping[str, Any]] = ()) -> InvalidRequest:
    return InvalidRequest(detail, items=items)
