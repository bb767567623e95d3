"""Reservations: create, look at, extend, release, ship."""

from functools import partial
from hashlib import blake2b
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.http import urlencode
from rest_framework.request import Request

from inventory_site.core.api import ApiView, answered, query, tagged
from inventory_site.core.auth import Caller
from inventory_site.core.documenting import IF_NONE_MATCH, path_parameter, reads, writes
from inventory_site.core.errors import DomainError
from inventory_site.core.problems import problem, status_of
from inventory_site.core.reading import Unusable, with_answers
from warehouse import queries
from warehouse.api import requests, shapes
from warehouse.api.quota import check_quota
from warehouse.api.reserving import Job, request_of, reserve_once
from warehouse.checks import check_theirs, check_together
from warehouse.errors import InvalidReference, ReservationNotFound
from warehouse.lines import Held, ReservedLine, ReserveRequest
from warehouse.services.releasing import extend, release
from warehouse.services.reservations import reserve_batch
from warehouse.services.shipping import ship

WRITE = "reservations:write"

ORDER = {
    "reference": "ORDER-1001",
    "lines": [{"sku": "85123A", "quantity": 2}],
    "expires_in": 900,
}

REFERENCE = path_parameter(
    "reference",
    example="ORDER-1001",
    words="The reservation's; percent-encoded, and a slash in it may stand as it is.",
)


class Reservations(ApiView):
    scopes: ClassVar = {"POST": WRITE}

    @writes(
        requests.ReservationBody,
        {201: shapes.ReservationShape, 200: shapes.ReservationShape},
        summary="Reserve stock for an order or a cart",
        example=ORDER,
        located=True,
    )
    def post(self, request: Request) -> HttpResponse:
        """All lines or none, unless `allow_partial`. The reference is unique: the same request returns
        the same reservation (200). What is short is named line by line (409)."""
        caller = self.caller(request)
        claim = self.claim(request)
        body = self.read_body(request, requests.ReservationBody)
        order = request_of(body, caller)
        check_quota(caller=caller, more=1, claim=claim)
        response = answered(reserve_once(Job(claim, order)))
        if response.status_code in (200, 201):
            reference = urlencode({"": body["reference"].strip()}).removeprefix("=")
            response["Location"] = f"/api/v1/reservations/{reference.replace('+', '%20')}"
        return response


class ReservationBatch(ApiView):
    scopes: ClassVar = {"POST": WRITE}

    @writes(
        requests.ReservationBatchBody,
        {200: shapes.BatchShape},
        summary="Reserve up to 100 orders at once",
        example={"reservations": [ORDER]},
    )
    def post(self, request: Request) -> HttpResponse:
        """Each order by itself, all of them in one transaction, with a result for each in their order: also
        for one that is not valid (422). Refused whole is what is no list of 1 to 100, or of more than 10,000
        lines together (422 `invalid_lines`)."""
        caller = self.caller(request)
        body = self.read_body(request, requests.ReservationBatchBody)
        orders = [_asked(order, caller) for order in body["reservations"]]
        usable = [order for order in orders if not isinstance(order, Unusable)]
        check_together(order.lines for order in usable)
        check_quota(caller=caller, more=len(usable), claim=self.claim(request))
        reserved = partial(reserve_batch, actor=caller.actor, within=caller.within)

        def work() -> tuple[int, Any]:
            told = with_answers(orders, lambda usable: reserved(requests=usable))
            return 200, {"results": [_result(*one) for one in told]}

        return self.once(request, work)


def _asked(order: dict[str, Any] | Unusable, caller: Caller) -> ReserveRequest | Unusable:
    if isinstance(order, Unusable):
        return order
    try:
        return request_of(order, caller)
    except InvalidReference as error:
        return Unusable(order["reference"], error)


def _result(reference: str, answer: Held | DomainError) -> dict[str, Any]:
    if isinstance(answer, DomainError):
        told = problem(answer)
        return {"reference": reference, "status": status_of(answer), "problem": told}
    status = 201 if answer.created else 200
    return {
        "reference": answer.reference,
        "status": status,
        "reservation": shapes.reservation(answer),
    }


class Reservation(ApiView):
    scopes: ClassVar = {"GET": WRITE}

    @reads(
        shapes.ReservationShape,
        summary="Look at a reservation",
        parameters=[REFERENCE, IF_NONE_MATCH],
        also=(304, 404),
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        """As it stands now."""
        query(request)
        held = queries.reservation(reference=reference.strip())
        if held is None:
            raise ReservationNotFound(f"There is no reservation {reference}.")
        own = [line.warehouse for line in held.lines]
        check_theirs(what=held.reference, warehouses=own, within=self.caller(request).within)
        body = shapes.reservation(held)
        tag = hash_of(body)
        return tagged(request, tag, lambda: body)


def hash_of(body: Any) -> str:
    """A short tag of what is shown."""
    return blake2b(repr(body).encode(), digest_size=12).hexdigest()


class ReservationExtend(ApiView):
    scopes: ClassVar = {"POST": WRITE}

    @writes(
        requests.ExtendBody,
        {200: shapes.ReservationStateShape},
        summary="Let a reservation expire later",
        example={"expires_in": 900},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """`expires_in` seconds from now, by the database's clock."""
        caller = self.caller(request)
        body = self.read_body(request, requests.ExtendBody)
        return self.once(
            request,
            lambda: (
                200,
                shapes.reservation_state(
                    extend(
                        reference=reference,
                        expires_in=body["expires_in"],
                        actor=caller.actor,
                        within=caller.within,
                    )
                ),
            ),
        )


class ReservationRelease(ApiView):
    scopes: ClassVar = {"POST": WRITE}

    @writes(
        requests.ReleaseBody,
        {200: shapes.ReservationStateShape},
        summary="Give a reservation back",
        example={},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """Whole, or the lines given. What is freed fills the oldest backorders."""
        caller = self.caller(request)
        lines = _lines(self.read_body(request, requests.ReleaseBody))
        return self.once(
            request,
            lambda: (
                200,
                shapes.reservation_state(
                    release(
                        reference=reference, lines=lines, actor=caller.actor, within=caller.within
                    )
                ),
            ),
        )


class ReservationShip(ApiView):
    scopes: ClassVar = {"POST": WRITE}

    @writes(
        requests.ShipBody,
        {200: shapes.ReservationStateShape},
        summary="Ship what is reserved",
        example={"lines": [{"sku": "85123A", "quantity": 1, "bin": "A-03-12"}]},
        parameters=[REFERENCE],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """Whole, or the lines given, from the bins given. The rest stays reserved."""
        caller = self.caller(request)
        lines = _lines(self.read_body(request, requests.ShipBody))
        return self.once(
            request,
            lambda: (
                200,
                shapes.reservation_state(
                    ship(reference=reference, lines=lines, actor=caller.actor, within=caller.within)
                ),
            ),
        )


def _lines(body: dict[str, Any]) -> list[ReservedLine] | None:
    """The lines of a body; None, which is everything, where it has none."""
    return [ReservedLine(**line) for line in body["lines"]] if "lines" in body else None
