"""The back office of what leaves the house."""

from notifications.admin import alerts, channels, delivery, webhooks

__all__ = ["alerts", "channels", "delivery", "webhooks"]
