"""A parcel that left: what was in it, its packing slip, and the way back when it returns."""

from collections.abc import Mapping
from typing import Any

from django.urls import path

from inventory_site.core.roles import PICKER, RECEIVER
from orders.pages.arriving import Visit
from orders.pages.base import FloorPage
from orders.queries.shipments import shipment_view


class ParcelPage(FloorPage):
    """Its goods and its carrier; from here to the packing slip, or to what comes back of its order."""

    roles = (PICKER, RECEIVER)
    template = "floor/parcel.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        roles, manager = visit.staff.roles, visit.staff.is_manager
        return {
            "parcel": shipment_view(reference=names["reference"], within=[visit.warehouse.code]),
            "packs": manager or PICKER in roles,
            "takes_back": manager or RECEIVER in roles,
        }


ADDRESSES = [path("parcel/<str:reference>/", ParcelPage.as_view(), name="parcel")]
