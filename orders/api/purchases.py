"""Purchase orders: draft, send, receive, close short, cancel."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request

from inventory_site.core.api import ApiView, json_response, query
from inventory_site.core.documenting import path_parameter, reads, writes
from orders.api import purchases_bodies as bodies
from orders.api import purchases_shapes as shapes
from orders.api.documents import (
    READ,
    RECEIVING,
    DocumentList,
    DocumentStep,
    NothingBody,
    list_parameters,
    shown,
)
from orders.models import PurchaseStatus
from orders.queries.purchases import purchase_page, suggested
from orders.services import purchasing
from orders.services.drafting import PurchaseLine, purchases
from orders.services.receiving import ArrivedLine, Receipt

REFERENCE = path_parameter("reference", example="PO-1001", words="The purchase order's.")
FILTERS = ("supplier", "warehouse")
LINE = {"sku": "85123A", "quantity": 24}
ORDER = {"reference": "PO-1002", "supplier": "ACME", "warehouse": "MAIN", "lines": [LINE]}
SHOWN = {200: shapes.PurchaseOrderShape}


def lines_of(given: dict[str, Any]) -> list[PurchaseLine]:
    return [PurchaseLine(**line) for line in given["lines"]]


class PurchaseOrders(DocumentList, DocumentStep):
    scopes: ClassVar = {"GET": READ, "POST": RECEIVING}
    name = "purchase_orders"
    statuses = PurchaseStatus.values
    filters = FILTERS
    body = bodies.PurchaseOrderBody
    status = 201

    @reads(
        shapes.PurchaseOrderPageShape,
        summary="List purchase orders",
        parameters=list_parameters(PurchaseStatus.values, *FILTERS),
        also=(422,),
    )
    def get(self, request: Request) -> HttpResponse:
        """Those of the key's warehouses, the newest first."""
        return self.listed(request, purchase_page)

    @writes(
        bodies.PurchaseOrderBody,
        {201: shapes.PurchaseOrderShape},
        summary="Draft a purchase order",
        example=ORDER,
    )
    def post(self, request: Request) -> HttpResponse:
        """Stock knows nothing of it until it is sent."""
        return self.carry_out(request)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        return purchasing.draft(**given | {"lines": lines_of(given)}, **common)


class PurchaseOrdersFromSuggestions(DocumentStep):
    scopes: ClassVar = {"POST": RECEIVING}
    body = bodies.SuggestionsBody
    status = 201

    @writes(
        bodies.SuggestionsBody,
        {201: shapes.DraftsShape},
        summary="Draft purchase orders of what should be bought",
        example={"warehouse": "MAIN"},
    )
    def post(self, request: Request) -> HttpResponse:
        """One for each supplier and warehouse, of everything at or under its reorder point that no open
        purchase order brings yet."""
        return self.carry_out(request)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        drafts = purchasing.draft_from_suggestions(warehouse=given["warehouse"], **common)
        code = given["warehouse"]
        left = suggested(warehouses=common["within"] if code is None else [code])
        return drafts, sorted({one.sku for one in left if one.supplier is None})

    def answer(self, result: Any) -> dict[str, Any]:
        drafts, without = result
        return {"purchase_orders": [shown(one) for one in drafts], "without_supplier": without}


class PurchaseOrder(ApiView):
    scopes: ClassVar = {"GET": READ}

    @reads(
        shapes.PurchaseOrderShape,
        summary="Look at a purchase order",
        parameters=[REFERENCE],
        also=(404,),
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        """As it stands now."""
        query(request)
        (found,) = purchases(references=[reference], within=self.caller(request).within)
        return json_response(shown(found))


class PurchaseOrderLines(DocumentStep):
    scopes: ClassVar = {"POST": RECEIVING}
    body = bodies.PurchaseLinesBody

    @writes(
        bodies.PurchaseLinesBody,
        SHOWN,
        summary="Replace the lines of a draft",
        example={"lines": [LINE]},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """Only until it is sent."""
        return self.carry_out(request, reference=reference)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        return purchasing.change_lines(lines=lines_of(given), **common)


class PurchaseOrderSend(DocumentStep):
    scopes: ClassVar = {"POST": RECEIVING}
    body = bodies.SendBody

    @writes(
        bodies.SendBody,
        SHOWN,
        summary="Send a purchase order",
        example={"expected_at": "2026-12-01T08:00:00Z"},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """What it brings is inbound from now on."""
        return self.carry_out(request, reference=reference)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        return purchasing.send(**given, **common)


class PurchaseOrderReceive(DocumentStep):
    scopes: ClassVar = {"POST": RECEIVING}
    body = bodies.PurchaseReceiptBody

    @writes(
        bodies.PurchaseReceiptBody,
        {200: shapes.PurchaseReceiptShape},
        summary="Receive a purchase order",
        example={"lines": [LINE | {"bin": "A-03-12", "damaged": 1}]},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """All that is left, or the lines given. What is more or less than ordered, or damaged, is
        noticed; damaged units are on hand in quarantine. Backorders are filled, oldest first."""
        return self.carry_out(request, reference=reference)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        lines = [ArrivedLine(**line) for line in given["lines"]] if "lines" in given else None
        return purchasing.receive_purchase(lines=lines, accept_over=given["accept_over"], **common)

    def answer(self, result: Receipt) -> dict[str, Any]:
        return {
            "order": shown(result.order),
            "notices": [asdict(notice) for notice in result.notices],
        }


class PurchaseOrderClose(DocumentStep):
    scopes: ClassVar = {"POST": RECEIVING}

    @writes(
        NothingBody,
        SHOWN,
        summary="Close a purchase order short",
        example={},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """What has not come will not come: it is no longer inbound."""
        return self.carry_out(request, reference=reference)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        return purchasing.close_short(**common)


class PurchaseOrderCancel(DocumentStep):
    scopes: ClassVar = {"POST": RECEIVING}

    @writes(
        NothingBody,
        SHOWN,
        summary="Cancel a purchase order",
        example={},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """As long as nothing of it has come."""
        return self.carry_out(request, reference=reference)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        return purchasing.cancel_purchase(**common)


ADDRESSES = [
    path("purchase-orders", PurchaseOrders.as_view()),
    path("purchase-orders/from-suggestions", PurchaseOrdersFromSuggestions.as_view()),
    path("purchase-orders/<path:reference>/lines", PurchaseOrderLines.as_view()),
    path("purchase-orders/<path:reference>/send", PurchaseOrderSend.as_view()),
    path("purchase-orders/<path:reference>/receive", PurchaseOrderReceive.as_view()),
    path("purchase-orders/<path:reference>/close", PurchaseOrderClose.as_view()),
    path("purchase-orders/<path:reference>/cancel", PurchaseOrderCancel.as_view()),
    path("purchase-orders/<path:reference>", PurchaseOrder.as_view()),  # takes any other
]
