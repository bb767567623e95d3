"""A manager makes a webhook in the back office and copies its secret, in a real Chromium."""

import pytest
from django.contrib.auth import get_user_model

from notifications.models import Attempt, Delivery, Endpoint
from notifications.services import endpoints
from tests.browser.visiting import Visit
from tests.factories import do

pytestmark = pytest.mark.browser


def test_a_webhook_is_made_looked_at_and_given_a_new_secret(window, served, committed_db, valkey):
    get_user_model().objects.create_superuser("manager", password="a-long-password-7")
    visit = Visit(window, served)
    visit.let_in()
    page = visit.open("/admin/notifications/endpoint/add/")
    page.fill("input[name=name]", "shop")
    page.fill("input[name=url]", "https://shop.example/")
    page.fill("[name=types]", "stock.*")
    page.click("[name=_save]")
    page.wait_for_selector("code:has-text('whsec_')")
    visit.fit_for_everybody("the secret, shown once")
    shop = Endpoint.objects.get(name="shop")
    do(endpoints.send_test, endpoint=shop.pk)
    message = Delivery.objects.get()
    Attempt.objects.create(
        delivery=message, duration_ms=9, status_code=500, error="it answered 500"
    )
    for path in (f"endpoint/{shop.pk}/change/", f"delivery/{message.pk}/change/", "delivery/"):
        visit.open(f"/admin/notifications/{path}")
    page.wait_for_selector("text=it answered 500")
    assert visit.faults == []
