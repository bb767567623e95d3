"""Shipments: parcels as they left, and their packing slips."""

from typing import ClassVar

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from inventory_site.core import cursors
from inventory_site.core.api import ApiView, json_response, limit_of, query
from inventory_site.core.documenting import CURSOR, LIMIT, path_parameter, reads
from orders.api import sales_shapes as shapes
from orders.queries.shipments import shipment_page, shipment_view
from orders.services.packing_slips import packing_slip

READ = "orders:read"
PDF = "application/pdf"
REFERENCE = path_parameter("reference", example="SHIP-000001", words="The shipment's number.")


class Shipments(ApiView):
    scopes: ClassVar = {"GET": READ}

    @reads(
        shapes.ShipmentPageShape,
        summary="List shipments",
        parameters=[
            OpenApiParameter("order", OpenApiTypes.STR, description="Of this order alone."),
            CURSOR,
            LIMIT,
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        """The newest first; those that left from where the key may look."""
        given = query(request, "order", "cursor", "limit")
        limit = limit_of(given)
        found = shipment_page(
            order=given.get("order"),
            before=cursors.decode(given["cursor"], int)[0] if "cursor" in given else None,
            limit=limit,
            within=self.caller(request).within,
        )
        following = cursors.encode(found[-1].id) if len(found) == limit else None
        told = [shapes.shipment(one) for one in found]
        return json_response({"shipments": told, "next": following})


class Shipment(ApiView):
    scopes: ClassVar = {"GET": READ}

    @reads(shapes.ShipmentShape, summary="Look at a shipment", parameters=[REFERENCE], also=(404,))
    def get(self, request: Request, reference: str) -> HttpResponse:
        """As it left."""
        query(request)
        found = shipment_view(reference=reference, within=self.caller(request).within)
        return json_response(shapes.shipment(found))


class ShipmentPackingSlip(ApiView):
    scopes: ClassVar = {"GET": READ}

    @reads(
        OpenApiTypes.BINARY,
        summary="Print a packing slip",
        parameters=[REFERENCE],
        also=(404,),
        media=PDF,
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        """PDF, A4: what lies in the parcel, and what is still to come."""
        query(request)
        found = shipment_view(reference=reference, within=self.caller(request).within)
        response = HttpResponse(packing_slip(shipment=found), content_type=PDF)
        response["Content-Disposition"] = f'inline; filename="{found.reference}.pdf"'
        return response


ADDRESSES = [
    path("shipments", Shipments.as_view()),
    path("shipments/<path:reference>/packing-slip", ShipmentPackingSlip.as_view()),
    path("shipments/<path:reference>", Shipment.as_view()),
]
