"""Transfer orders: request, dispatch, receive, cancel."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request

from inventory_site.core.api import ApiView, json_response, query
from inventory_site.core.documenting import path_parameter, reads, writes
from orders.api import transfers_bodies as bodies
from orders.api import transfers_shapes as shapes
from orders.api.documents import (
    READ,
    RECEIVING,
    STOCK,
    DocumentList,
    DocumentStep,
    NothingBody,
    list_parameters,
    shown,
)
from orders.models import TransferStatus
from orders.queries.transfers import transfer_page
from orders.services import transferring
from orders.services.transferring import CarriedLine, WantedLine, transfer_order

REFERENCE = path_parameter("reference", example="TR-1001", words="The transfer order's.")
LINE = {"sku": "85123A", "quantity": 12}
WAY = {"reference": "TR-1002", "source": "MAIN", "destination": "EAST", "lines": [LINE]}
SHOWN = {200: shapes.TransferOrderShape}


class TransferOrders(DocumentList, DocumentStep):
    scopes: ClassVar = {"GET": READ, "POST": STOCK}
    name = "transfer_orders"
    statuses = TransferStatus.values
    filters = ("warehouse",)
    body = bodies.TransferOrderBody
    status = 201

    @reads(
        shapes.TransferOrderPageShape,
        summary="List transfer orders",
        parameters=list_parameters(TransferStatus.values, "warehouse"),
        also=(422,),
    )
    def get(self, request: Request) -> HttpResponse:
        """From or to the key's warehouses, the newest first."""
        return self.listed(request, transfer_page)

    @writes(
        bodies.TransferOrderBody,
        {201: shapes.TransferOrderShape},
        summary="Request a transfer",
        example=WAY,
    )
    def post(self, request: Request) -> HttpResponse:
        """Nothing moves until it is dispatched."""
        return self.carry_out(request)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        lines = [WantedLine(**line) for line in given["lines"]]
        return transferring.request(**given | {"lines": lines}, **common)


class TransferOrder(ApiView):
    scopes: ClassVar = {"GET": READ}

    @reads(
        shapes.TransferOrderShape,
        summary="Look at a transfer order",
        parameters=[REFERENCE],
        also=(404,),
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        """As it stands now; seen from both ends."""
        query(request)
        found = transfer_order(reference=reference, within=self.caller(request).within)
        return json_response(shown(found))


class TransferOrderDispatch(DocumentStep):
    scopes: ClassVar = {"POST": STOCK}
    body = bodies.DispatchBody

    @writes(
        bodies.DispatchBody,
        SHOWN,
        summary="Dispatch a transfer",
        example={"lines": [LINE | {"from_bin": "A-03-12"}]},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """All that was asked for, or the lines given; only what is not promised. Out at the source,
        inbound at the destination."""
        return self.carry_out(request, reference=reference)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        lines = [WantedLine(**line) for line in given["lines"]] if "lines" in given else None
        return transferring.dispatch(lines=lines, expected_at=given["expected_at"], **common)


class TransferOrderReceive(DocumentStep):
    scopes: ClassVar = {"POST": RECEIVING}
    body = bodies.TransferReceiptBody

    @writes(
        bodies.TransferReceiptBody,
        SHOWN,
        summary="Receive a transfer",
        example={"lines": [LINE | {"damaged": 1, "lost": 2}]},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """All that is on the road, or what arrived (some of it damaged) and what was lost."""
        return self.carry_out(request, reference=reference)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        lines = [CarriedLine(**line) for line in given["lines"]] if "lines" in given else None
        return transferring.receive_transfer(lines=lines, **common)


class TransferOrderCancel(DocumentStep):
    scopes: ClassVar = {"POST": STOCK}

    @writes(
        NothingBody,
        SHOWN,
        summary="Cancel a transfer",
        example={},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """As long as it has not left."""
        return self.carry_out(request, reference=reference)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        return transferring.cancel_transfer(**common)


ADDRESSES = [
    path("transfer-orders", TransferOrders.as_view()),
    path("transfer-orders/<path:reference>/dispatch", TransferOrderDispatch.as_view()),
    path("transfer-orders/<path:reference>/receive", TransferOrderReceive.as_view()),
    path("transfer-orders/<path:reference>/cancel", TransferOrderCancel.as_view()),
    path("transfer-orders/<path:reference>", TransferOrder.as_view()),  # takes any other
]
