"""Sales orders: place, look at, confirm, cancel, ship, close."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import path
from django.utils.http import urlencode
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from inventory_site.core import cursors
from inventory_site.core.api import ApiView, bad_parameter, json_response, limit_of, query
from inventory_site.core.documenting import CURSOR, LIMIT, path_parameter, reads, writes
from inventory_site.core.errors import DomainError
from inventory_site.core.problems import problem, status_of
from inventory_site.core.reading import StrictSerializer, Unusable, with_answers
from orders.api import sales_bodies as bodies
from orders.api import sales_shapes as shapes
from orders.models import OrderStatus
from orders.queries.sales import OrderView, order_page, order_view
from orders.services.cancelling import cancel, close
from orders.services.placing import NewLine, NewOrder, confirm, place, place_batch
from orders.services.shipping import ShipLine, ship_order
from warehouse.checks import check_together

READ, WRITE = "orders:read", "orders:write"

ORDER = {
    "reference": "ORDER-1002",
    "lines": [{"sku": "85123A", "quantity": 2}],
    "priority": 3,
    "ship_by": "2026-11-24T16:00:00Z",
    "carrier": "DHL",
    "ship_to_name": "Ada Lovelace",
    "ship_to_address": "12 St James's Square\nLondon SW1Y 4JH",
}
REFERENCE = path_parameter(
    "reference",
    example="ORDER-1002",
    words="The order's; percent-encoded, and a slash in it may stand as it is.",
)


def new_order(body: dict[str, Any]) -> NewOrder:
    """The body of an order as the service takes it."""
    return NewOrder(**body | {"lines": [NewLine(**line) for line in body["lines"]]})


class Orders(ApiView):
    scopes: ClassVar = {"GET": READ, "POST": WRITE}

    @reads(
        shapes.OrderPageShape,
        summary="List orders",
        parameters=[
            OpenApiParameter("status", OpenApiTypes.STR, enum=OrderStatus.values),
            CURSOR,
            LIMIT,
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        """The newest first; those whose stock lies where the key may look."""
        given = query(request, "status", "cursor", "limit")
        limit = limit_of(given)
        if given.get("status", OrderStatus.DRAFT) not in OrderStatus.values:
            raise bad_parameter("status", f"one of {', '.join(OrderStatus.values)}")
        found = order_page(
            status=given.get("status"),
            before=cursors.decode(given["cursor"], int)[0] if "cursor" in given else None,
            limit=limit,
            within=self.caller(request).within,
        )
        following = cursors.encode(found[-1].id) if len(found) == limit else None
        return json_response({"orders": [shapes.order(x) for x in found], "next": following})

    @writes(
        bodies.OrderBody,
        {201: shapes.OrderShape, 200: shapes.OrderShape},
        summary="Place an order",
        example=ORDER,
        located=True,
        also=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Its stock is promised at once, and what is not there waits for stock, the oldest order first;
        or a `reservation` made at checkout is taken over. The same order for the same reference is
        returned as it stands (200)."""
        caller = self.caller(request)
        body = self.read_body(request, bodies.OrderBody)

        def work() -> tuple[int, Any]:
            made = place(order=new_order(body), actor=caller.actor, within=caller.within)
            return (201 if made.created else 200), shapes.order(made)

        response = self.once(request, work)
        if response.status_code in (200, 201):
            reference = urlencode({"": body["reference"].strip()}).removeprefix("=")
            response["Location"] = f"/api/v1/orders/{reference.replace('+', '%20')}"
        return response


class OrderBatch(ApiView):
    scopes: ClassVar = {"POST": WRITE}

    @writes(
        bodies.OrderBatchBody,
        {200: shapes.OrderBatchShape},
        summary="Place up to 100 orders at once",
        example={"orders": [ORDER]},
    )
    def post(self, request: Request) -> HttpResponse:
        """Each order by itself, all of them in one transaction, with a result for each in their order: also
        for one that is not valid (422). Refused whole is what is no list of 1 to 100, or of more than 10,000
        lines together (422 `invalid_lines`)."""
        caller = self.caller(request)
        body = self.read_body(request, bodies.OrderBatchBody)
        orders = [
            order if isinstance(order, Unusable) else new_order(order) for order in body["orders"]
        ]
        check_together(order.lines for order in orders if not isinstance(order, Unusable))
        placed = partial(place_batch, actor=caller.actor, within=caller.within)

        def work() -> tuple[int, Any]:
            told = with_answers(orders, lambda usable: placed(orders=usable))
            return 200, {"results": [_result(*one) for one in told]}

        return self.once(request, work)


def _result(reference: str, answer: OrderView | DomainError) -> dict[str, Any]:
    if isinstance(answer, DomainError):
        told = problem(answer)
        return {"reference": reference, "status": status_of(answer), "problem": told}
    status = 201 if answer.created else 200
    return {"reference": answer.reference, "status": status, "order": shapes.order(answer)}


class Order(ApiView):
    scopes: ClassVar = {"GET": READ}

    @reads(shapes.OrderShape, summary="Look at an order", parameters=[REFERENCE], also=(404,))
    def get(self, request: Request, reference: str) -> HttpResponse:
        """As it stands now: what is promised where, what waits, what has left."""
        query(request)
        found = order_view(reference=reference)
        found.check_allowed(self.caller(request).within)
        return json_response(shapes.order(found))


class OrderStep(ApiView):
    """One step of an order: takes a body, makes one domain call, shows what came of it."""

    scopes: ClassVar = {"POST": WRITE}

    def step(
        self,
        request: Request,
        body: type[StrictSerializer],
        work: Callable[[dict[str, Any], dict[str, Any]], tuple[int, Any]],
    ) -> HttpResponse:
        caller = self.caller(request)
        given = self.read_body(request, body)
        common = {"actor": caller.actor, "within": caller.within}
        return self.once(request, lambda: work(given, common))


class OrderConfirm(OrderStep):
    @writes(
        bodies.OrderStepBody,
        {200: shapes.OrderShape},
        summary="Confirm a draft",
        example={},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """Its stock is promised now."""
        return self.step(
            request,
            bodies.OrderStepBody,
            lambda _, common: (200, shapes.order(confirm(reference=reference, **common))),
        )


class OrderCancel(OrderStep):
    @writes(
        bodies.OrderCancelBody,
        {200: shapes.OrderShape},
        summary="Cancel an order, or lines of it",
        example={"lines": [{"sku": "85123A", "quantity": 1}]},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """What has not left yet, in any state. What is freed fills the oldest backorders; what a picker has
        in hand already is put back."""

        def work(given: dict[str, Any], common: dict[str, Any]) -> tuple[int, Any]:
            lines = [NewLine(**line) for line in given["lines"]] if "lines" in given else None
            return 200, shapes.order(cancel(reference=reference, lines=lines, **common))

        return self.step(request, bodies.OrderCancelBody, work)


class OrderShip(OrderStep):
    @writes(
        bodies.OrderShipBody,
        {201: shapes.ShippedShape},
        summary="Ship an order, whole or in part",
        example={
            "lines": [{"sku": "85123A", "quantity": 1}],
            "carrier": "DHL",
            "tracking_number": "JD0146",
        },
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """One parcel for each warehouse. What was picked for the order leaves first."""

        def work(given: dict[str, Any], common: dict[str, Any]) -> tuple[int, Any]:
            lines = [ShipLine(**line) for line in given["lines"]] if "lines" in given else None
            sent = ship_order(**given | {"reference": reference, "lines": lines}, **common)
            return 201, {"shipments": [shapes.shipment(parcel) for parcel in sent]}

        return self.step(request, bodies.OrderShipBody, work)


class OrderClose(OrderStep):
    @writes(
        bodies.OrderStepBody,
        {200: shapes.OrderShape},
        summary="Close an order that was shipped",
        example={},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """Nothing more will leave: what is left of it is cancelled."""
        return self.step(
            request,
            bodies.OrderStepBody,
            lambda _, common: (200, shapes.order(close(reference=reference, **common))),
        )


ADDRESSES = [
    path("orders", Orders.as_view()),
    path("orders/batch", OrderBatch.as_view()),
    path("orders/<path:reference>/cancel", OrderCancel.as_view()),
    path("orders/<path:reference>/confirm", OrderConfirm.as_view()),
    path("orders/<path:reference>/ship", OrderShip.as_view()),
    path("orders/<path:reference>/close", OrderClose.as_view()),
    path("orders/<path:reference>", Order.as_view()),  # takes any other
]
