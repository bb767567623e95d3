"""The back office of what leaves the house."""

from notifications.admin import alerts, channels

__all__ = ["alerts", "channels"]
