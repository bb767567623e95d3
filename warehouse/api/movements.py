"""What moves stock: receipts, returns, transfers, adjustments, damages, counts."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from inventory_site.core.api import ApiView
from inventory_site.core.documenting import path_parameter, writes
from inventory_site.core.reading import StrictSerializer
from warehouse.api import requests, shapes
from warehouse.lines import (
    AdjustLine,
    CountLine,
    Disposition,
    Moved,
    PlacedLine,
    ReturnLine,
    TransferLine,
)
from warehouse.services.counting import count
from warehouse.services.lost_transfers import cancel_dispatch
from warehouse.services.movements import adjust, damage, receive, return_stock
from warehouse.services.transfers import transfer

MOVED = {201: shapes.MovedShape}
TRANSFER = path_parameter(
    "reference", example="TR-3", words="The transfer's; percent-encoded, a slash in it as it is."
)
PLACE = {"sku": "85123A", "warehouse": "MAIN", "bin": "A-03-12"}


class Movement(ABC, ApiView):
    """One kind of movement: takes a body, makes one domain call, shows the levels that resulted."""

    body: ClassVar[type[StrictSerializer]]

    @abstractmethod
    def move(self, given: dict[str, Any], common: dict[str, Any]) -> Moved:
        """The one domain call."""

    def carry_out(self, request: Request) -> HttpResponse:
        caller = self.caller(request)
        given = self.read_body(request, self.body)
        common = {
            "reference": given["reference"],
            "actor": caller.actor,
            "within": caller.within,
            "notes": given["notes"],
        }

        def work() -> tuple[int, Any]:
            return 201, shapes.moved(self.move(given, common), within=caller.within)

        return self.once(request, work)


class Receipts(Movement):
    scopes: ClassVar = {"POST": "receiving:write"}
    body = requests.ReceiptBody

    @writes(
        requests.ReceiptBody,
        MOVED,
        summary="Receive goods",
        example={"reference": "PO-7", "lines": [PLACE | {"quantity": 24}]},
    )
    def post(self, request: Request) -> HttpResponse:
        """Into bins. What this reference was expected to bring is no longer inbound; backorders are
        filled, oldest first. With the reference of a dispatched transfer, this completes it."""
        return self.carry_out(request)

    def move(self, given: dict[str, Any], common: dict[str, Any]) -> Moved:
        return receive(lines=[PlacedLine(**line) for line in given["lines"]], **common)


class Returns(Movement):
    scopes: ClassVar = {"POST": "receiving:write"}
    body = requests.ReturnBody

    @writes(
        requests.ReturnBody,
        MOVED,
        summary="Take returned goods back",
        example={
            "reference": "RMA-12",
            "lines": [PLACE | {"quantity": 1, "disposition": "restock"}],
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """Restocked goods are sellable at once; quarantined ones are on hand; scrap is written off."""
        return self.carry_out(request)

    def move(self, given: dict[str, Any], common: dict[str, Any]) -> Moved:
        lines = [
            ReturnLine(**line | {"disposition": Disposition(line["disposition"])})
            for line in given["lines"]
        ]
        return return_stock(lines=lines, **common)


class Transfers(Movement):
    scopes: ClassVar = {"POST": "stock:write"}
    body = requests.TransferBody

    @writes(
        requests.TransferBody,
        MOVED,
        summary="Move stock between bins or warehouses",
        example={
            "reference": "TR-3",
            "from_warehouse": "MAIN",
            "to_warehouse": "EAST",
            "lines": [{"sku": "85123A", "quantity": 12}],
            "mode": "dispatch",
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """All lines or none, and only what is not promised. `dispatch` counts the stock as inbound at
        its destination until it is received there."""
        return self.carry_out(request)

    def move(self, given: dict[str, Any], common: dict[str, Any]) -> Moved:
        return transfer(
            from_warehouse=given["from_warehouse"],
            to_warehouse=given["to_warehouse"],
            lines=[TransferLine(**line) for line in given["lines"]],
            mode=given["mode"],
            expected_at=given["expected_at"],
            **common,
        )


class TransferCancel(ApiView):
    scopes: ClassVar = {"POST": "stock:write"}

    @writes(
        requests.TransferCancelBody,
        {200: shapes.MovedShape},
        summary="Say that a dispatched transfer will not arrive",
        example={"outcome": "lost", "reason": "the lorry was robbed"},
        parameters=[TRANSFER],
        also=(404,),
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """What is still under way of it goes back into the books of the warehouse that sent it: `returned`,
        as stock; `lost`, to be written off there at once. Transfers made as documents are cancelled under
        `/transfer-orders`."""
        caller = self.caller(request)
        given = self.read_body(request, requests.TransferCancelBody)

        def work() -> tuple[int, Any]:
            moved = cancel_dispatch(
                reference=reference, actor=caller.actor, within=caller.within, **given
            )
            return 200, shapes.moved(moved, within=caller.within)

        return self.once(request, work)


class Adjustments(Movement):
    scopes: ClassVar = {"POST": "stock:write"}
    body = requests.AdjustmentBody

    @writes(
        requests.AdjustmentBody,
        MOVED,
        summary="Correct what is on hand",
        example={
            "reference": "ADJ-5",
            "reason": "found behind the rack",
            "lines": [PLACE | {"delta": 3}],
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """By a difference, or to a quantity (`set_to`) that replaces the one you saw."""
        return self.carry_out(request)

    def move(self, given: dict[str, Any], common: dict[str, Any]) -> Moved:
        return adjust(
            reason=given["reason"],
            lines=[AdjustLine(**line) for line in given["lines"]],
            **common,
        )


class Damages(Movement):
    scopes: ClassVar = {"POST": "stock:write"}
    body = requests.DamageBody

    @writes(
        requests.DamageBody,
        MOVED,
        summary="Write off what is broken or lost",
        example={"reference": "DMG-2", "reason": "water", "lines": [PLACE | {"quantity": 2}]},
    )
    def post(self, request: Request) -> HttpResponse:
        """Promises that no longer fit are re-sourced or backordered, the newest first."""
        return self.carry_out(request)

    def move(self, given: dict[str, Any], common: dict[str, Any]) -> Moved:
        return damage(
            reason=given["reason"], lines=[PlacedLine(**line) for line in given["lines"]], **common
        )


class Counts(Movement):
    scopes: ClassVar = {"POST": "stock:write"}
    body = requests.CountBody

    @writes(
        requests.CountBody,
        MOVED,
        summary="Report a cycle count",
        example={"reference": "CC-9", "lines": [PLACE | {"counted": 17}]},
    )
    def post(self, request: Request) -> HttpResponse:
        """What was counted becomes what is on hand. Promises that no longer fit are re-sourced or
        backordered, the newest first, and named."""
        return self.carry_out(request)

    def move(self, given: dict[str, Any], common: dict[str, Any]) -> Moved:
        return count(lines=[CountLine(**line) for line in given["lines"]], **common)
