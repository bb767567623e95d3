"""Addresses of channels: which are accepted, and how much of one is shown.

An address of a service is a URL of apprise, which speaks to more than a hundred services. Those that lead
wherever their address says (json://, form://, a mail server …) would let whoever sets up a channel reach
into the network that the house runs in, so only services with hosts of their own are let through.
"""

import re
from urllib.parse import urlsplit

import apprise
from apprise.plugins import NotifyBase
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from notifications.errors import InvalidChannelAddress

MOST_RECIPIENTS = 20
MOST_ADDRESS = 1000

HOSTED = frozenset({
    "46elks", "bulksms", "clickatell", "clicksend", "d7sms", "discord", "elks", "flock", "gchat", "httpsms",
    "line", "msgbird", "nexmo", "opsgenie", "pagerduty", "pbul", "plivo", "pover", "ryver", "seven", "signl4",
    "sinch", "slack", "splunk", "tgram", "threema", "twilio", "victorops", "vonage", "webex", "whatsapp",
    "workflow", "workflows", "wxteams",
})  # fmt: skip
# The one service of these whose address names a host: it must be one of Microsoft's.
NAMED_HOSTS = re.compile(
    r"[a-z0-9.-]+\.(?:logic\.azure\.(?:com|us|cn)|powerplatform\.com|powerplatform\.microsoft\.us)"
)
CONNECT_SECONDS, READ_SECONDS, SERVICE_SECONDS = 4.0, 15.0, 30.0


def recipients(address: str) -> list[str]:
    """The addresses of e-mail in a text with commas, semicolons or line breaks between them.

    Raises InvalidChannelAddress.
    """
    found = list(
        dict.fromkeys(part.strip() for part in re.split(r"[,;\n]", address) if part.strip())
    )
    if not found:
        raise InvalidChannelAddress(_("Give at least one address of e-mail."))
    if len(found) > MOST_RECIPIENTS:
        raise InvalidChannelAddress(
            _("At most %(most)s addresses in a channel; use a mailing list or another channel.")
            % {"most": MOST_RECIPIENTS}
        )
    for one in found:
        try:
            validate_email(one)
        except ValidationError:
            raise InvalidChannelAddress(
                _("“%(address)s” is not an address of e-mail.") % {"address": one[:80]}
            ) from None
    return found


def service(address: str) -> NotifyBase:
    """What speaks to the service, with time limits of ours and no redirects. Raises InvalidChannelAddress,
    whose words never hold the address."""
    address = address.strip()
    if not address.isprintable() or len(address) > MOST_ADDRESS:
        raise InvalidChannelAddress(_("An address is one line of printable characters."))
    asset = apprise.AppriseAsset(
        app_id="Holdfast",
        app_desc="Holdfast",
        app_url=settings.SITE_URL or "https://localhost",
        http_redirects=False,
        service_timeout=SERVICE_SECONDS,
        async_mode=False,
    )
    found = apprise.Apprise.instantiate(address, asset=asset)
    if found is None:
        raise InvalidChannelAddress(
            _(
                "This is no address that we can tell alerts at. Copy the webhook's address from the service,"
                " or write it as docs/alerts.md shows."
            )
        )
    _check_hosted(found)
    found.redirects = False
    found.verify_certificate = True
    found.retry = 0
    found.socket_connect_timeout = CONNECT_SECONDS
    found.socket_read_timeout = READ_SECONDS
    return found


def _check_hosted(found: NotifyBase) -> None:
    schemes = set(found.schemas())  # type: ignore[no-untyped-call]
    if schemes & set(settings.ALERT_SERVICE_SCHEMES):
        return
    if not schemes & HOSTED:
        raise InvalidChannelAddress(
            _(
                "%(service)s is not among the services that alerts may go to; the operator can add it"
                " with ALERT_SERVICE_SCHEMES."
            )
            % {"service": found.service_name}
        )
    if schemes & {"workflow", "workflows"} and not NAMED_HOSTS.fullmatch(
        (found.host or "").lower()
    ):
        raise InvalidChannelAddress(
            _("A workflow of Teams has its address at Microsoft; this one has not.")
        )


def masked(*, kind: str, address: str) -> str:
    """What may be shown: addresses of e-mail whole, of a service its name and the last four characters."""
    if kind == "email":
        return address
    try:
        name = str(service(address).service_name)
    except InvalidChannelAddress:
        name = urlsplit(address).scheme
    return f"{name} …{address[-4:]}"
