"""What there is: products, warehouses, bins, and the ledger."""

from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from inventory_site.core import cursors
from inventory_site.core.api import ApiView, bad_parameter, json_response, limit_of, query
from inventory_site.core.documenting import CURSOR, LIMIT, reads
from warehouse import listings
from warehouse.api import shapes
from warehouse.checks import check_within, normal_sku
from warehouse.models import MovementType
from warehouse.queries import check_named, moment

READ = {"GET": "stock:read"}


def page(name: str, found: list[Any], limit: int, last: list[Any]) -> HttpResponse:
    """One page under its name, with the cursor of the next where there may be one."""
    following = cursors.encode(*last) if len(found) == limit else None
    return json_response({name: found, "next": following})


class Products(ApiView):
    scopes: ClassVar = READ

    @reads(shapes.ProductPageShape, summary="List products", parameters=[CURSOR, LIMIT])
    def get(self, request: Request) -> HttpResponse:
        """In the order of their SKUs."""
        given = query(request, "cursor", "limit")
        limit = limit_of(given)
        after = cursors.decode(given["cursor"], str)[0] if "cursor" in given else ""
        found = listings.products(after=after, limit=limit)
        told = [
            {
                "sku": sku,
                "name": name,
                "barcodes": barcodes,
                "unit_cost": None if cost is None else str(cost),
                "supplier": supplier,
                "active": active,
            }
            for sku, name, barcodes, cost, supplier, active in found
        ]
        return page("products", told, limit, [told[-1]["sku"]] if told else [])


class Warehouses(ApiView):
    scopes: ClassVar = READ

    @reads(shapes.WarehousePageShape, summary="List warehouses", parameters=[CURSOR, LIMIT])
    def get(self, request: Request) -> HttpResponse:
        """Those that the key may see."""
        given = query(request, "cursor", "limit")
        limit = limit_of(given)
        after = cursors.decode(given["cursor"], str)[0] if "cursor" in given else ""
        found = listings.warehouses(after=after, limit=limit, within=self.caller(request).within)
        names = ("code", "name", "address", "time_zone", "priority")
        told = [dict(zip(names, row, strict=True)) for row in found]
        return page("warehouses", told, limit, [told[-1]["code"]] if told else [])


class Bins(ApiView):
    scopes: ClassVar = READ

    @reads(
        shapes.BinPageShape,
        summary="List bins",
        parameters=[OpenApiParameter("warehouse", OpenApiTypes.STR), CURSOR, LIMIT],
        also=(422,),
    )
    def get(self, request: Request) -> HttpResponse:
        """Of one warehouse, or of all that the key may see."""
        given = query(request, "warehouse", "cursor", "limit")
        within = self.caller(request).within
        limit = limit_of(given)
        if "warehouse" in given:
            check_within(warehouses=[given["warehouse"]], within=within)
        found = listings.bins(
            warehouse=given.get("warehouse"),
            after=cursors.decode(given["cursor"], int)[0] if "cursor" in given else 0,
            limit=limit,
            within=within,
        )
        if not found:
            check_named(warehouse=given.get("warehouse"))
        names = ("warehouse", "code", "kind", "pick_sequence")
        told = [dict(zip(names, row[1:], strict=True)) for row in found]
        return page("bins", told, limit, [found[-1][0]] if found else [])


MOVEMENT = (
    "id", "type", "sku", "warehouse", "quantity", "on_hand_after", "bin_from", "bin_to", "reference",
    "reason", "notes", "actor", "occurred_at",
)  # fmt: skip


class Movements(ApiView):
    scopes: ClassVar = READ

    @reads(
        shapes.MovementPageShape,
        summary="Read the ledger",
        parameters=[
            OpenApiParameter("sku", OpenApiTypes.STR),
            OpenApiParameter("warehouse", OpenApiTypes.STR),
            OpenApiParameter("type", OpenApiTypes.STR, enum=MovementType.values),
            OpenApiParameter("reference", OpenApiTypes.STR),
            OpenApiParameter("from", OpenApiTypes.DATETIME, description="From this moment on."),
            OpenApiParameter("to", OpenApiTypes.DATETIME, description="Before this moment."),
            CURSOR,
            LIMIT,
        ],
        also=(404, 422),
    )
    def get(self, request: Request) -> HttpResponse:
        """Every change of on-hand, the newest first."""
        filters = ("sku", "warehouse", "type", "reference", "from", "to")
        given = query(request, *filters, "cursor", "limit")
        within = self.caller(request).within
        limit = limit_of(given)
        if "warehouse" in given:
            check_within(warehouses=[given["warehouse"]], within=within)
        if given.get("type", MovementType.SHIP) not in MovementType.values:
            raise bad_parameter("type", f"one of {', '.join(MovementType.values)}")
        sku = normal_sku(given["sku"]) if "sku" in given else None
        found = listings.movements(
            sku=sku,
            warehouse=given.get("warehouse"),
            type=given.get("type"),
            reference=given.get("reference"),
            since=_moment_of(given, "from"),
            until=_moment_of(given, "to"),
            before=cursors.decode(given["cursor"], int)[0] if "cursor" in given else None,
            limit=limit,
            within=within,
        )
        if not found:
            check_named(sku=sku, warehouse=given.get("warehouse"))
        told = [dict(zip(MOVEMENT, row, strict=True)) for row in found]
        for one in told:
            one["occurred_at"] = moment(one["occurred_at"])
        return page("movements", told, limit, [found[-1][0]] if found else [])


def _moment_of(given: dict[str, str], name: str) -> datetime | None:
    if name not in given:
        return None
    try:
        found = parse_datetime(given[name])
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1 < found.year < 9999:
        raise bad_parameter(
            name, "a time such as 2026-11-23T08:00:00Z (a + of its zone is written %2B)"
        )
    return found
