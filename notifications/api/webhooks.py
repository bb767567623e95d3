"""Webhooks: made, changed, tried out, and what was sent to them."""

import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework.request import Request

from inventory_site.core import cursors
from inventory_site.core.api import (
    ApiView,
    answered,
    bad_parameter,
    dump,
    json_response,
    limit_of,
    query,
)
from inventory_site.core.documenting import CURSOR, LIMIT, reads, writes
from inventory_site.core.idempotency import Answer, answer_once
from inventory_site.core.sealing import seal, unseal
from notifications.api import webhook_shapes as shapes
from notifications.errors import WebhookNotFound
from notifications.models import DeliveryStatus, Endpoint
from notifications.services import endpoints
from notifications.services.delivery_log import entries, webhooks, with_pending
from notifications.services.endpoints import Keyed

SCOPE = "webhooks:write"
NUMBER = OpenApiParameter(
    name="number",
    type={"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    location=OpenApiParameter.PATH,
    description="The webhook's own, as the list shows it.",
    examples=[OpenApiExample("Example", value=1)],
)
MADE = {
    "name": "shop",
    "url": "https://shop.example/hooks/stock",
    "types": ["stock.*", "order.shipped"],
    "warehouses": [],
}


class _View(ApiView):
    """What only a key with the scope may do, reading too: answers of a receiver are its owner's."""

    scopes: ClassVar = {"GET": SCOPE, "POST": SCOPE}

    def keyed(self, request: Request, status: int, work: Callable[[], Keyed]) -> HttpResponse:
        """Answer with the webhook and its new secret. What is kept to be answered again has it sealed."""

        def encoded() -> tuple[int, str]:
            made = work()
            return status, dump(shapes.webhook(made.endpoint) | {"secret": seal(made.secret)})

        kept = answer_once(claim=self.claim(request), work=encoded)
        told = json.loads(kept.body)
        if "secret" in told:
            told["secret"] = unseal(told["secret"])
        return answered(Answer(kept.status, dump(told), replayed=kept.replayed))

    def led_on(self, request: Request, work: Callable[[], Endpoint]) -> HttpResponse:
        """Answer with the webhook as it stands then."""
        self.read_body(request, shapes.WebhookStepBody)
        return self.once(request, lambda: (200, shapes.webhook(work())))

    def found(self, request: Request, number: int) -> Endpoint:
        """One that this key may see, with what waits for it. Raises WebhookNotFound."""
        seen = with_pending(webhooks(within=self.caller(request).within))
        one = seen.filter(pk=number).first() if number < 2**63 else None
        if one is None:
            raise WebhookNotFound(_("There is no webhook %(number)s.") % {"number": number})
        return one


def _waiting(one: Endpoint) -> dict[str, Any]:
    return shapes.webhook(one) | {"pending": one.pending}  # type: ignore[attr-defined]


class Webhooks(_View):
    @reads(shapes.WebhooksShape, summary="List webhooks")
    def get(self, request: Request) -> HttpResponse:
        """All that the key may see, by name; there are 50 at most."""
        query(request)
        found = with_pending(webhooks(within=self.caller(request).within))
        return json_response({"webhooks": [_waiting(one) for one in found]})

    @writes(
        shapes.WebhookBody,
        {201: shapes.KeyedWebhookShape},
        summary="Subscribe an address to events",
        example=MADE,
    )
    def post(self, request: Request) -> HttpResponse:
        """It is told of everything that happens from now on. The answer has the secret that its messages are
        signed with, and is the only one that has."""
        caller = self.caller(request)
        given = self.read_body(request, shapes.WebhookBody)

        def work() -> Keyed:
            return endpoints.create(**given, actor=caller.actor, within=caller.within)

        return self.keyed(request, 201, work)


class Webhook(_View):
    @reads(
        shapes.WebhookWaitingShape, summary="Look at a webhook", parameters=[NUMBER], also=(404,)
    )
    def get(self, request: Request, number: int) -> HttpResponse:
        """As it stands now."""
        query(request)
        return json_response(_waiting(self.found(request, number)))


class WebhookChange(_View):
    @writes(
        shapes.WebhookChangeBody,
        {200: shapes.WebhookShape},
        summary="Change a webhook",
        example={"types": ["stock.*"]},
        parameters=[NUMBER],
        also=(404,),
    )
    def post(self, request: Request, number: int) -> HttpResponse:
        """What is given, and nothing else. A new address is sent at once what waits."""
        within = self.caller(request).within
        given = self.read_body(request, shapes.WebhookChangeBody)

        def work() -> tuple[int, dict[str, Any]]:
            return 200, shapes.webhook(endpoints.change(endpoint=number, within=within, **given))

        return self.once(request, work)


class WebhookEnable(_View):
    @writes(
        shapes.WebhookStepBody,
        {200: shapes.WebhookShape},
        summary="Enable a webhook",
        example={},
        parameters=[NUMBER],
        also=(404,),
    )
    def post(self, request: Request, number: int) -> HttpResponse:
        """Everything that waits is sent, as if it had never been tried."""
        within = self.caller(request).within
        return self.led_on(request, lambda: endpoints.enable(endpoint=number, within=within))


class WebhookDisable(_View):
    @writes(
        shapes.WebhookStepBody,
        {200: shapes.WebhookShape},
        summary="Switch a webhook off",
        example={},
        parameters=[NUMBER],
        also=(404,),
    )
    def post(self, request: Request, number: int) -> HttpResponse:
        """Nothing is sent, and what happens until it is enabled is not kept for it."""
        caller = self.caller(request)

        def work() -> Endpoint:
            return endpoints.disable(endpoint=number, actor=caller.actor, within=caller.within)

        return self.led_on(request, work)


class WebhookRotate(_View):
    @writes(
        shapes.WebhookStepBody,
        {200: shapes.KeyedWebhookShape},
        summary="Give a webhook a new secret",
        example={},
        parameters=[NUMBER],
        also=(404,),
    )
    def post(self, request: Request, number: int) -> HttpResponse:
        """For 24 hours messages carry two signatures, one by the old secret."""
        within = self.caller(request).within
        self.read_body(request, shapes.WebhookStepBody)
        return self.keyed(
            request, 200, lambda: endpoints.rotate_secret(endpoint=number, within=within)
        )


class WebhookTest(_View):
    @writes(
        shapes.WebhookStepBody,
        {202: shapes.TestSentShape},
        summary="Send a test message",
        example={},
        parameters=[NUMBER],
        also=(404,),
    )
    def post(self, request: Request, number: int) -> HttpResponse:
        """Of type webhook.test, soon; the log tells what came of it."""
        within = self.caller(request).within
        self.read_body(request, shapes.WebhookStepBody)

        def work() -> tuple[int, dict[str, Any]]:
            return 202, {"sequence": endpoints.send_test(endpoint=number, within=within)}

        return self.once(request, work)


class WebhookReplay(_View):
    @writes(
        shapes.WebhookReplayBody,
        {200: shapes.ReplayedShape},
        summary="Send messages again",
        example={"sequences": [17, 18]},
        parameters=[NUMBER],
        also=(404,),
    )
    def post(self, request: Request, number: int) -> HttpResponse:
        """Those named, or all made since a time, or all that failed; each under its own message_id."""
        within = self.caller(request).within
        given = self.read_body(request, shapes.WebhookReplayBody)

        def work() -> tuple[int, dict[str, Any]]:
            done = endpoints.replay(endpoint=number, within=within, **given)
            return 200, {"replayed": done.many, "left": done.left}

        return self.once(request, work)


class WebhookDeliveries(_View):
    @reads(
        shapes.DeliveriesShape,
        summary="Read a webhook's log",
        parameters=[
            NUMBER,
            OpenApiParameter("status", OpenApiTypes.STR, enum=DeliveryStatus.values),
            CURSOR,
            LIMIT,
        ],
        also=(404,),
    )
    def get(self, request: Request, number: int) -> HttpResponse:
        """Its messages, the newest first, each with the last attempt to deliver it."""
        given = query(request, "status", "cursor", "limit")
        limit = limit_of(given)
        if given.get("status", DeliveryStatus.PENDING) not in DeliveryStatus.values:
            raise bad_parameter("status", f"one of {', '.join(DeliveryStatus.values)}")
        found = entries(
            endpoint=self.found(request, number).pk,
            status=given.get("status"),
            before=cursors.decode(given["cursor"], int)[0] if "cursor" in given else None,
            limit=limit,
        )
        following = cursors.encode(found[-1].sequence) if len(found) == limit else None
        told = [shapes.delivery(entry) for entry in found]
        return json_response({"deliveries": told, "next": following})


ADDRESSES = [
    path("webhooks", Webhooks.as_view()),
    path("webhooks/<int:number>", Webhook.as_view()),
    path("webhooks/<int:number>/change", WebhookChange.as_view()),
    path("webhooks/<int:number>/enable", WebhookEnable.as_view()),
    path("webhooks/<int:number>/disable", WebhookDisable.as_view()),
    path("webhooks/<int:number>/rotate", WebhookRotate.as_view()),
    path("webhooks/<int:number>/test", WebhookTest.as_view()),
    path("webhooks/<int:number>/replay", WebhookReplay.as_view()),
    path("webhooks/<int:number>/deliveries", WebhookDeliveries.as_view()),
]
