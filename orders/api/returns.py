"""Returns: announce, receive, grade, cancel."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request

from inventory_site.core.api import ApiView, json_response, query
from inventory_site.core.documenting import path_parameter, reads, writes
from orders.api import returns_bodies as bodies
from orders.api import returns_shapes as shapes
from orders.api.documents import (
    READ,
    RECEIVING,
    DocumentList,
    DocumentStep,
    NothingBody,
    list_parameters,
    shown,
)
from orders.models import ReturnStatus
from orders.queries.returns import return_page
from orders.services import returning
from orders.services.returning import GradedLine, ReturnedLine, returns
from warehouse.lines import Disposition

REFERENCE = path_parameter("reference", example="RMA-1001", words="The return's.")
FILTERS = ("order", "warehouse")
LINE = {"sku": "85123A", "quantity": 1}
SHOWN = {200: shapes.ReturnOrderShape}


class ReturnOrders(DocumentList, DocumentStep):
    scopes: ClassVar = {"GET": READ, "POST": RECEIVING}
    name = "return_orders"
    statuses = ReturnStatus.values
    filters = FILTERS
    body = bodies.ReturnOrderBody
    status = 201

    @reads(
        shapes.ReturnOrderPageShape,
        summary="List returns",
        parameters=list_parameters(ReturnStatus.values, *FILTERS),
        also=(422,),
    )
    def get(self, request: Request) -> HttpResponse:
        """Those to the key's warehouses, the newest first."""
        return self.listed(request, return_page)

    @writes(
        bodies.ReturnOrderBody,
        {201: shapes.ReturnOrderShape},
        summary="Announce a return",
        example={
            "reference": "RMA-1002",
            "warehouse": "MAIN",
            "reason": "too big",
            "lines": [LINE],
        },
        also=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Against an order (no more than was shipped of it, less what came back), or of unknown origin.
        Stock changes when it is graded, not before."""
        return self.carry_out(request)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        lines = [ReturnedLine(**line) for line in given["lines"]]
        return returning.expect_return(**given | {"lines": lines}, **common)


class ReturnOrder(ApiView):
    scopes: ClassVar = {"GET": READ}

    @reads(shapes.ReturnOrderShape, summary="Look at a return", parameters=[REFERENCE], also=(404,))
    def get(self, request: Request, reference: str) -> HttpResponse:
        """As it stands now."""
        query(request)
        found = returns(reference=reference, within=self.caller(request).within)
        return json_response(shown(found))


class ReturnOrderReceive(DocumentStep):
    scopes: ClassVar = {"POST": RECEIVING}
    body = bodies.ReturnReceiptBody

    @writes(
        bodies.ReturnReceiptBody,
        SHOWN,
        summary="Receive a return",
        example={"lines": [LINE]},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """The parcel is there; the clock runs until it is graded."""
        return self.carry_out(request, reference=reference)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        lines = [ReturnedLine(**line) for line in given["lines"]] if "lines" in given else None
        return returning.receive_return(lines=lines, **common)


class ReturnOrderGrade(DocumentStep):
    scopes: ClassVar = {"POST": RECEIVING}
    body = bodies.GradeBody

    @writes(
        bodies.GradeBody,
        SHOWN,
        summary="Grade a return",
        example={"lines": [LINE | {"disposition": "restock", "bin": "A-03-12"}]},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """Restocked units are sellable at once and fill backorders; quarantined ones are on hand but not
        sellable; scrap is written off."""
        return self.carry_out(request, reference=reference)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        lines = [
            GradedLine(**line | {"disposition": Disposition(line["disposition"])})
            for line in given["lines"]
        ]
        return returning.grade(lines=lines, **common)


class ReturnOrderCancel(DocumentStep):
    scopes: ClassVar = {"POST": RECEIVING}

    @writes(
        NothingBody,
        SHOWN,
        summary="Cancel a return",
        example={},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """One that was announced and will not come."""
        return self.carry_out(request, reference=reference)

    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        return returning.cancel_return(**common)


ADDRESSES = [
    path("return-orders", ReturnOrders.as_view()),
    path("return-orders/<path:reference>/receive", ReturnOrderReceive.as_view()),
    path("return-orders/<path:reference>/grade", ReturnOrderGrade.as_view()),
    path("return-orders/<path:reference>/cancel", ReturnOrderCancel.as_view()),
    path("return-orders/<path:reference>", ReturnOrder.as_view()),  # takes any other
]
