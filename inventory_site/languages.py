"""Pages in the language that a browser asks for, of those there is a translation for. docs/translating.md."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

View = Callable[[HttpRequest], HttpResponse]


def in_their_language(get_response: View) -> View:
    """Middleware: as Django's own, but what follows in the same thread is not in the last one's language.

    What programs ask for stays in English, and so do its documents.
    """
    if len(settings.LANGUAGES) < 2:
        raise MiddlewareNotUsed

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            return get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response

    return respond
