"""The site's addresses, and one that does nothing: what Django REST framework costs by itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inventory_site.urls import urlpatterns as site


class Nothing(APIView):
    """A view of DRF as it comes, that answers at once."""

    authentication_classes = ()
    permission_classes = ()
    needs_no_page = True

    def get(self, request: Request) -> Response:
        return Response({"status": "ok"})

    def post(self, request: Request) -> Response:
        sent: Any = request.data
        return Response({"lines": len(sent["lines"])})


def plain(request: HttpRequest) -> HttpResponse:
    """A view of Django alone."""
    return HttpResponse("{}", content_type="application/json")


urlpatterns = [path("api/nothing", Nothing.as_view()), path("plain", plain), *site]
