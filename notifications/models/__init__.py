"""What leaves the house, and how far it has come."""

from notifications.models.alerts import Alert, AlertStatus, Severity
from notifications.models.channels import Channel, ChannelKind, Ring, Route
from notifications.models.events import FeedReader, OutboxEvent, SetAside
from notifications.models.webhooks import (
    Attempt,
    Delivery,
    DeliveryStatus,
    Endpoint,
    EndpointStatus,
)

__all__ = [
    "Alert",
    "AlertStatus",
    "Attempt",
    "Channel",
    "ChannelKind",
    "Delivery",
    "DeliveryStatus",
    "Endpoint",
    "EndpointStatus",
    "FeedReader",
    "OutboxEvent",
    "Ring",
    "Route",
    "SetAside",
    "Severity",
]
