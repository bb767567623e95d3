"""The change feed: every event, in an order that a client can rely on."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from inventory_site.core import cursors
from inventory_site.core.api import ApiView, json_response, limit_of, query
from inventory_site.core.documenting import limit_parameter, reads
from notifications.feed import START, FeedEvent, Mark, latest, read_on

MOST = 1000
LATEST = "latest"


class ChangedLevelShape(serializers.Serializer[Any]):
    sku = serializers.CharField()
    warehouse = serializers.CharField()
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    available = serializers.IntegerField()
    inbound = serializers.IntegerField()
    unsellable = serializers.IntegerField()
    to_sell = serializers.IntegerField()
    version = serializers.IntegerField(help_text="Rises with each change of this level.")


class EventShape(serializers.Serializer[Any]):
    cursor = serializers.CharField()
    type = serializers.CharField()
    reference = serializers.CharField()
    actor = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    levels = ChangedLevelShape(many=True)
    details = serializers.DictField()


class ChangesShape(serializers.Serializer[Any]):
    events = EventShape(many=True)
    next = serializers.CharField(help_text="Ask for what comes after this; keep it.")


class Changes(ApiView):
    scopes: ClassVar = {"GET": "stock:read"}

    @reads(
        ChangesShape,
        summary="Follow every change of stock",
        parameters=[
            OpenApiParameter(
                "after",
                OpenApiTypes.STR,
                description="`next` of the answer before; `latest`: only what happens from now on.",
            ),
            limit_parameter(most=MOST, default=100),
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        """Every event once, none skipped, with the levels that resulted. Without `after` from the first
        event on. An empty page means that you have seen everything so far, but for what a transaction that is
        still open holds back: ask again later."""
        given = query(request, "after", "limit")
        limit = limit_of(given, default=100, most=MOST)
        mark = _mark(given.get("after"))
        within = self.caller(request).within
        events, following = read_on(after=mark, limit=limit, warehouses=within)
        return json_response(
            {"events": [_told(event) for event in events], "next": _cursor(following)}
        )


def _mark(after: str | None) -> Mark:
    """Raises InvalidCursor."""
    if after is None:
        return START
    return latest() if after == LATEST else Mark(*cursors.decode(after, int, int))


def _cursor(mark: Mark) -> str:
    return cursors.encode(mark.position, mark.id)


def _told(event: FeedEvent) -> dict[str, Any]:
    return {
        "cursor": _cursor(event.mark),
        "type": event.type,
        "reference": event.reference,
        "actor": event.actor,
        "occurred_at": event.occurred_at.isoformat().replace("+00:00", "Z"),
        "levels": event.levels,
        "details": event.details,
    }
