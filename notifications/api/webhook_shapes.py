"""What the API takes and answers of webhooks."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from inventory_site.core.reading import Moment, StrictSerializer, Text, WholeNumber
from notifications.addresses import MOST_URL
from notifications.models import DeliveryStatus, Endpoint, EndpointStatus
from notifications.services.delivery_log import Entry
from notifications.services.endpoints import MOST_NAMED

MOST_SEQUENCES = 200


def _names(most: int, words: str, **options: Any) -> serializers.ListField:
    child = Text(max_length=most)
    return serializers.ListField(
        child=child, max_length=MOST_NAMED, required=False, help_text=words, **options
    )


class WebhookBody(StrictSerializer):
    name = Text(max_length=80, help_text="Your own name of it.")
    url = Text(max_length=MOST_URL, help_text="A public https:// address.")
    types = _names(60, "Such as stock.received or stock.*; empty: all.", default=list)
    warehouses = _names(20, "Only of these; empty: of all that the key may see.", default=list)


class WebhookChangeBody(StrictSerializer):
    name = Text(max_length=80, required=False, allow_null=True, default=None)
    url = Text(max_length=MOST_URL, required=False, allow_null=True, default=None)
    types = _names(60, "All of them, anew.", allow_null=True, default=None)
    warehouses = _names(20, "All of them, anew.", allow_null=True, default=None)


class WebhookStepBody(StrictSerializer):
    """Nothing is asked: the address says it all."""


class WebhookReplayBody(StrictSerializer):
    """Either `sequences`, or `since`, or neither: all that failed."""

    sequences = serializers.ListField(
        child=WholeNumber(min_value=1, max_value=2**63 - 1),
        max_length=MOST_SEQUENCES,
        required=False,
        default=list,
    )
    since = Moment(required=False, allow_null=True, default=None)


def moment(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat().replace("+00:00", "Z")


def webhook(found: Endpoint) -> dict[str, Any]:
    """A webhook as it stands. Its secret is never among this."""
    return {
        "number": found.pk,
        "name": found.name,
        "url": found.url,
        "types": found.types,
        "warehouses": found.warehouses,
        "status": str(found.status),
        "disabled_why": found.disabled_why,
        "rests_until": moment(found.rests_until),
        "failing_since": moment(found.failed_at),
        "last_error": found.last_error,
        "last_sequence": found.last_sequence,
        "delivered_at": moment(found.delivered_at),
        "old_secret_until": moment(found.old_secret_until),
        "created_at": moment(found.created_at),
    }


def delivery(entry: Entry) -> dict[str, Any]:
    """One message of the log."""
    last = entry.last_attempt
    return {
        "sequence": entry.sequence,
        "message_id": entry.message_id,
        "type": entry.type,
        "reference": entry.reference,
        "status": entry.status,
        "attempts": entry.attempts,
        "created_at": moment(entry.created_at),
        "due_at": moment(entry.due_at),
        "done_at": moment(entry.done_at),
        "last_attempt": None
        if last is None
        else {
            "at": moment(last.at),
            "duration_ms": last.duration_ms,
            "status_code": last.status_code,
            "error": last.error,
            "answer": last.answer,
        },
    }


class WebhookShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField())
    warehouses = serializers.ListField(child=serializers.CharField())
    status = serializers.ChoiceField(choices=EndpointStatus.values)
    disabled_why = serializers.CharField()
    rests_until = serializers.DateTimeField(allow_null=True)
    failing_since = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField()
    last_sequence = serializers.IntegerField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    old_secret_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then messages are signed with the old secret too."
    )
    created_at = serializers.DateTimeField()


class WebhookWaitingShape(WebhookShape):
    pending = serializers.IntegerField(help_text="Messages that wait for it.")


class KeyedWebhookShape(WebhookShape):
    secret = serializers.CharField(help_text="Told this once.")


class WebhooksShape(serializers.Serializer[Any]):
    webhooks = WebhookWaitingShape(many=True)


class AttemptShape(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    duration_ms = serializers.IntegerField()
    status_code = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(help_text="Empty where it got through.")
    answer = serializers.CharField(help_text="The beginning of what came back.")


class DeliveryShape(serializers.Serializer[Any]):
    sequence = serializers.IntegerField()
    message_id = serializers.CharField()
    type = serializers.CharField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=DeliveryStatus.values)
    attempts = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    last_attempt = AttemptShape(allow_null=True)


class DeliveriesShape(serializers.Serializer[Any]):
    deliveries = DeliveryShape(many=True)
    next = serializers.CharField(allow_null=True)


class TestSentShape(serializers.Serializer[Any]):
    sequence = serializers.IntegerField(help_text="Under which the log shows it.")


class ReplayedShape(serializers.Serializer[Any]):
    replayed = serializers.IntegerField(help_text="Messages that are sent again.")
    left = serializers.IntegerField(
        help_text="Messages that failed and are not among these: ask once more for them."
    )
