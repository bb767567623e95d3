"""What can be refused about what leaves the house."""

from django.utils.translation import gettext_noop

from inventory_site.core.errors import DomainError, Kind


class AlertNotFound(DomainError):
    """There is no such alert, or it is about a warehouse that is not the caller's."""

    code = "alert_not_found"
    title = gettext_noop("No such alert")
    kind = Kind.NOT_FOUND


class AlertResolved(DomainError):
    """The cause of the alert is gone; there is nothing left to decide about it."""

    code = "alert_resolved"
    title = gettext_noop("The alert is resolved")
    kind = Kind.CONFLICT


class InvalidSnooze(DomainError):
    """An alert is put off until a time that lies ahead, and not too far."""

    code = "invalid_snooze"
    title = gettext_noop("No time to put it off to")


class InvalidChannelAddress(DomainError):
    """Nothing can be told under this address."""

    code = "invalid_channel_address"
    title = gettext_noop("Not an address to tell alerts at")


class InvalidWebhook(DomainError):
    """The webhook's name, types or warehouses are not in the form that they must have."""

    code = "invalid_webhook"
    title = gettext_noop("The webhook cannot be made so")


class InvalidWebhookUrl(DomainError):
    """The webhook's address is not one that may be called: not https, malformed, or not public."""

    code = "invalid_webhook_url"
    title = gettext_noop("The address cannot be called")


class TooManyToReplay(DomainError):
    """More messages would be sent again than are at once."""

    code = "too_many_to_replay"
    title = gettext_noop("Too many to send again")


class TooManyWebhooks(DomainError):
    """There are as many webhooks as the house keeps."""

    code = "too_many_webhooks"
    title = gettext_noop("Too many webhooks")
    kind = Kind.CONFLICT


class WebhookDisabled(DomainError):
    """The webhook is disabled, so nothing would be sent; enable it first."""

    code = "webhook_disabled"
    title = gettext_noop("The webhook is disabled")
    kind = Kind.CONFLICT


class WebhookNameTaken(DomainError):
    """Another webhook has this name."""

    code = "webhook_name_taken"
    title = gettext_noop("The name is taken")
    kind = Kind.CONFLICT


class WebhookNotFound(DomainError):
    """There is no webhook of this number, or none that you may see."""

    code = "webhook_not_found"
    title = gettext_noop("No such webhook")
    kind = Kind.NOT_FOUND
