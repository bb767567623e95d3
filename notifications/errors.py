"""What can be refused about what leaves the house."""

from inventory_site.core.errors import DomainError, Kind


class AlertNotFound(DomainError):
    """There is no such alert, or it is about a warehouse that is not the caller's."""

    code = "alert_not_found"
    title = "No such alert"
    kind = Kind.NOT_FOUND


class AlertResolved(DomainError):
    """The cause of the alert is gone; there is nothing left to decide about it."""

    code = "alert_resolved"
    title = "The alert is resolved"
    kind = Kind.CONFLICT


class InvalidSnooze(DomainError):
    """An alert is put off until a time that lies ahead, and not too far."""

    code = "invalid_snooze"
    title = "No time to put it off to"


class InvalidChannelAddress(DomainError):
    """Nothing can be told under this address."""

    code = "invalid_channel_address"
    title = "Not an address to tell alerts at"
