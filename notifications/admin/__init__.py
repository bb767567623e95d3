"""The back office of what leaves the house."""

from notifications.admin import alerts

__all__ = ["alerts"]
