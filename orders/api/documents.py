"""What purchase orders, returns and transfer orders have in common at the API."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from inventory_site.core import cursors
from inventory_site.core.api import ApiView, bad_parameter, json_response, limit_of, query
from inventory_site.core.documenting import CURSOR, LIMIT
from inventory_site.core.reading import Code, StrictSerializer, Text, WholeNumber
from warehouse.checks import check_within
from warehouse.lines import MAX_QUANTITY
from warehouse.queries import check_named, moment

READ, RECEIVING, STOCK = "orders:read", "receiving:write", "stock:write"
INSIDE = ("id", "order_id", "supplier_lead_days", "lead_time_days")  # not for the world


# --- Fields of bodies --------------------------------------------------------------------------------


def sku() -> Text:
    return Text(max_length=64, help_text="Compared trimmed and in upper case.")


def quantity(**options: Any) -> WholeNumber:
    return WholeNumber(**({"min_value": 1, "max_value": MAX_QUANTITY} | options))


def none_or_more(words: str) -> WholeNumber:
    return quantity(min_value=0, default=0, help_text=words)


def code(**options: Any) -> Code:
    return Code(max_length=20, **options)


def bin_code(words: str) -> Text:
    return Text(max_length=20, required=False, allow_null=True, default=None, help_text=words)


def reference(most: int) -> Text:
    return Text(
        max_length=most,
        required=False,
        allow_null=True,
        default=None,
        help_text="Your own name of it; without one it gets a number.",
    )


class NothingBody(StrictSerializer):
    """Nothing is asked: the address says it all."""


# --- Answers -------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Times as text in UTC, decimal numbers as text, and no field that is ours alone."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items() if name not in INSIDE}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, datetime):
        return moment(value)
    return str(value) if isinstance(value, Decimal) else value


def shown(view: Any) -> dict[str, Any]:
    """A document as the API answers it: its fields, and of each line what is still `left`."""
    told: dict[str, Any] = plain(asdict(view))
    for line, seen in zip(told["lines"], view.lines, strict=True):
        line["left"] = seen.left
    return told


# --- Lists ---------------------------------------------------------------------------------------------


def list_parameters(statuses: Sequence[str], *names: str) -> list[OpenApiParameter]:
    return [
        OpenApiParameter("status", OpenApiTypes.STR, enum=list(statuses)),
        *(OpenApiParameter(name, OpenApiTypes.STR) for name in names),
        CURSOR,
        LIMIT,
    ]


class DocumentList(ApiView):
    """A list of documents, the newest first, by status and by other columns."""

    name: ClassVar[str]
    statuses: ClassVar[Sequence[str]]
    filters: ClassVar[Sequence[str]]

    def listed(self, request: Request, read: Callable[..., Sequence[Any]]) -> HttpResponse:
        given = query(request, "status", *self.filters, "cursor", "limit")
        within = self.caller(request).within
        limit = limit_of(given)
        if given.get("status", self.statuses[0]) not in self.statuses:
            raise bad_parameter("status", f"one of {', '.join(self.statuses)}")
        self.check(given, within)
        found = read(
            **{name: given.get(name) for name in ("status", *self.filters)},
            before=cursors.decode(given["cursor"], int)[0] if "cursor" in given else None,
            limit=limit,
            within=within,
        )
        if not found:
            check_named(warehouse=given.get("warehouse"))
        following = cursors.encode(found[-1].id) if len(found) == limit else None
        return json_response({self.name: [shown(view) for view in found], "next": following})

    def check(self, given: Mapping[str, str], within: Collection[str] | None) -> None:
        """Raise WarehouseNotAllowed where another warehouse is asked for than the key may see."""
        if "warehouse" in given:
            check_within(warehouses=[given["warehouse"]], within=within)


class DocumentStep(ABC, ApiView):
    """A POST that leads a document on: one domain call, and the document as it stands then."""

    body: ClassVar[type[StrictSerializer]] = NothingBody
    status: ClassVar[int] = 200

    @abstractmethod
    def step(self, given: dict[str, Any], common: dict[str, Any]) -> Any:
        """The one domain call. Returns the document, or what is answered instead of it."""

    def answer(self, result: Any) -> dict[str, Any]:
        return shown(result)

    def carry_out(self, request: Request, **names: str) -> HttpResponse:
        caller = self.caller(request)
        given = self.read_body(request, self.body)
        common = {"actor": caller.actor, "within": caller.within, **names}
        return self.once(request, lambda: (self.status, self.answer(self.step(given, common))))
