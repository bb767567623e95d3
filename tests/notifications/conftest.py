"""What tests of alerts share."""

import pytest


@pytest.fixture
def mail_server_known(settings):
    """A site with a mail server; what it sends is kept in `mailoutbox`."""
    settings.EMAIL_HOST = "mail.shop.example"
    settings.DEFAULT_FROM_EMAIL = "Holdfast <alerts@shop.example>"
    settings.SITE_URL = "https://stock.shop.example"
