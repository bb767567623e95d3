"""The back office of what leaves the house."""

from notifications.admin import alerts, channels, webhooks

__all__ = ["alerts", "channels", "webhooks"]
