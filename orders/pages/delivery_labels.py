"""Labels for all that a delivery brought (or brings, before any of it came), in one file."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import path

from inventory_site.core.roles import RECEIVER
from orders.pages.arriving import Visit
from orders.pages.base import FloorPage, Said, whole_number
from orders.pages.coming import Coming, find
from orders.services import labels

MOST_PARTS = 10_000


def copies_of(coming: Coming) -> dict[str, int]:
    """A label for each unit that came; for each that is to come, while none has."""
    units = {x.sku: x.received if coming.received else x.left for x in coming.lines}
    return {sku: n for sku, n in units.items() if n}


class DeliveryLabels(FloorPage):
    """On which paper, from which place on; how many of each the delivery says."""

    roles = (RECEIVER,)
    template = "floor/receiving_labels.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        coming = find(visit, names["reference"])
        copies = copies_of(coming)
        products = [(copies[x.sku], x.sku, x.name) for x in coming.lines if x.sku in copies]
        parts = range(1, labels.parts_of(copies=copies) + 1)
        return {"coming": coming, "products": products, "parts": parts, "most": labels.MOST_LABELS}


class DeliveryLabelsPdf(FloorPage):
    """The labels themselves. A read: nothing changes by it."""

    roles = (RECEIVER,)

    def _page(self, visit: Visit, names: dict[str, Any], said: Said | None = None) -> HttpResponse:
        asked = visit.request.GET
        paper = asked.get("paper", "sheet")
        pdf = labels.delivery_labels(
            copies=copies_of(find(visit, names["reference"])),
            part=whole_number(asked, "part", most=MOST_PARTS) if "part" in asked else 1,
            paper=paper,
            start=whole_number(asked, "start", most=24) if paper == "sheet" else 1,
            qr="qr" in asked,
        )
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = 'inline; filename="labels.pdf"'
        return response


ADDRESSES = [
    path("delivery-labels/<path:reference>/", DeliveryLabels.as_view(), name="delivery-labels"),
    path(
        "delivery-labels-pdf/<path:reference>/",
        DeliveryLabelsPdf.as_view(),
        name="delivery-labels-pdf",
    ),
]
