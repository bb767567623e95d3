"""The body of a request, whole or not at all.

An empty body means "everything" at some addresses, so one that has not come whole must never pass for empty.
"""

from io import BytesIO

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError

from inventory_site.core.problems import BodyTooLarge, LengthRequired, Malformed


def take_body(request: HttpRequest) -> None:
    """Read the body, within API_BODY_LIMIT, and note its true length for whoever parses it.

    Raises BodyTooLarge, Malformed where it breaks off, and LengthRequired where its end cannot be known.
    """
    if "HTTP_TRANSFER_ENCODING" in request.META:
        _take_unmeasured(request)
    try:
        body = request.body
    except UnreadablePostError:
        raise _broken_off() from None
    told = request.META.get("CONTENT_LENGTH") or str(len(body))
    if told != str(len(body)) and int(told) != len(body):
        raise _broken_off()
    request.META["CONTENT_LENGTH"] = str(len(body))


def _take_unmeasured(request: HttpRequest) -> None:
    """A body that comes in chunks names no length, and Django takes it for empty under WSGI."""
    environ = getattr(request, "environ", None)
    if environ is None:
        return  # under ASGI it has been gathered already
    if not environ.get("wsgi.input_terminated"):
        raise LengthRequired("Send a Content-Length; this server does not take a body in chunks.")
    try:
        body = environ["wsgi.input"].read(settings.API_BODY_LIMIT + 1)
    except Exception:  # each server has errors of its own for this
        raise _broken_off() from None
    if len(body) > settings.API_BODY_LIMIT:
        raise BodyTooLarge(f"A body has at most {settings.API_BODY_LIMIT} bytes.")
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)


def _broken_off() -> Malformed:
    return Malformed("The body broke off before its end; send the request again.")
