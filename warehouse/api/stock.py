"""How much is there: one product, some, or all of them page by page."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from inventory_site.core import cursors
from inventory_site.core.api import ApiView, bad_parameter, limit_of, not_modified, query, tagged
from inventory_site.core.auth import Caller
from inventory_site.core.documenting import (
    CURSOR,
    IF_NONE_MATCH,
    limit_parameter,
    path_parameter,
    reads,
)
from warehouse.api import shapes
from warehouse.lines import StockLevel
from warehouse.services.levels import all_levels, stock_level, stock_levels, stock_versions

MOST_SKUS = 200
MOST_ALL = 1000
SKU = path_parameter("sku", example="85123A", words="Compared trimmed and in upper case.")


class Stock(ApiView):
    scopes: ClassVar = {"GET": "stock:read"}

    @reads(
        shapes.StockShape,
        summary="Levels of a product",
        parameters=[SKU, IF_NONE_MATCH],
        also=(304, 404),
    )
    def get(self, request: Request, sku: str) -> HttpResponse:
        """In total and per warehouse. The totals are over the warehouses that the key may see."""
        query(request)
        caller = self.caller(request)
        same = _unchanged(request, caller, [sku])
        if same is not None:
            return same
        found = stock_level(sku=sku, within=caller.within)
        return tagged(request, _tag(caller, _seen([found])), lambda: shapes.stock(found))


class StockList(ApiView):
    scopes: ClassVar = {"GET": "stock:read"}

    @reads(
        shapes.StockPageShape,
        summary="Levels of many products, or of all",
        parameters=[
            OpenApiParameter("sku", OpenApiTypes.STR, many=True, description="Up to 200 of them."),
            CURSOR,
            limit_parameter(most=MOST_ALL, default=50),
            IF_NONE_MATCH,
        ],
        also=(304, 404),
    )
    def get(self, request: Request) -> HttpResponse:
        """With `sku` (repeated) those, in the order asked; else all, in the order of their SKUs."""
        caller = self.caller(request)
        skus = request.query_params.getlist("sku")
        if skus:
            return self._some(request, caller, skus)
        given = query(request, "cursor", "limit")
        limit = limit_of(given, most=MOST_ALL)
        after = cursors.decode(given["cursor"], str)[0] if "cursor" in given else ""
        found = all_levels(after_sku=after, limit=limit, within=caller.within)
        following = cursors.encode(found[-1].sku) if len(found) == limit else None
        return tagged(
            request,
            _tag(caller, _seen(found)),
            lambda: {"stock": [shapes.stock(one) for one in found], "next": following},
        )

    def _some(self, request: Request, caller: Caller, skus: list[str]) -> HttpResponse:
        if set(request.query_params) != {"sku"} or len(skus) > MOST_SKUS:
            raise bad_parameter("sku", f"given alone, at most {MOST_SKUS} times")
        if any("\x00" in sku for sku in skus):
            raise bad_parameter("sku", "printable text")
        same = _unchanged(request, caller, skus)
        if same is not None:
            return same
        found = stock_levels(skus=skus, within=caller.within)
        return tagged(
            request,
            _tag(caller, _seen(found)),
            lambda: {"stock": [shapes.stock(one) for one in found], "next": None},
        )


def _unchanged(request: Request, caller: Caller, skus: list[str]) -> HttpResponse | None:
    """304 where the client has what there is; a cache that knows only a part of it cannot tell."""
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return None
    versions = stock_versions(skus=skus)
    return None if versions is None else not_modified(request, _tag(caller, versions))


def _seen(levels: Sequence[StockLevel]) -> list[tuple[str, int]]:
    return [(one.sku, one.version) for one in levels]


def _tag(caller: Caller, seen: Sequence[tuple[str, int]]) -> str:
    """Changes with every change of what this caller would see: SKUs and their versions."""
    scope = sorted(caller.within) if caller.within is not None else None
    return blake2b(repr((seen, scope)).encode(), digest_size=12).hexdigest()
