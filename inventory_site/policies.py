"""What a page may load and run, where that differs from the rest of the site."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def content_policies(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let the back office's own scripts evaluate expressions, and floor pages run the barcode decoder, which
    is WebAssembly; nothing else on the site may do either."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        elif getattr(response, "may_decode", False):
            response._csp_update = settings.CAMERA_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        return response

    return respond
