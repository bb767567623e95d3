"""What tests of the ways out start from."""

import pytest

from tests.notifications.receiving import LOOPBACK, listening


@pytest.fixture
def mail_server_known(settings):
    """A site with a mail server; what it sends is kept in `mailoutbox`."""
    settings.EMAIL_HOST = "mail.shop.example"
    settings.DEFAULT_FROM_EMAIL = "Holdfast <alerts@shop.example>"
    settings.SITE_URL = "https://stock.shop.example"


@pytest.fixture
def receiver(settings):
    """A platform that is told of events, on an address that the site allows."""
    settings.WEBHOOK_ALLOWED_NETWORKS = LOOPBACK
    with listening() as one:
        yield one
