"""Signing in at the real pages: throttled with a clear word, sessions that end when they should."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from inventory_site.core.roles import MANAGER, PICKER
from tests.factories import warehouse
from tests.site.staff import PASSWORD, at, person

pytestmark = pytest.mark.django_db
PAGES = {"/admin/login/": "/admin/", "/floor/sign-in/": "/floor/"}


def sign_in(client, page, name="ada", password=PASSWORD):
    return client.post(page, {"username": name, "password": password})


@pytest.fixture
def ada(db):
    warehouse("MAIN")
    return person("ada", MANAGER)


@pytest.mark.parametrize("address", PAGES)
def test_too_many_wrong_passwords_lock_for_a_quarter_of_an_hour(ada, address):
    began = dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.UTC)
    with time_machine.travel(began, tick=False) as clock:
        client = Client()
        for _ in range(settings.AXES_FAILURE_LIMIT):
            refused = sign_in(client, address, password="wrong")
        assert refused.status_code == 429
        clock.shift(dt.timedelta(minutes=5))
        refused = sign_in(client, address)  # the right one, too early
        words = refused.content.decode()
        assert refused.status_code == 429
        assert "until 09:15 UTC" in words
        assert "for 10 minutes" in words
        assert 600 <= int(refused["Retry-After"]) <= 601
        assert client.get(PAGES[address]).status_code in (302, 401)
        clock.shift(dt.timedelta(minutes=10, seconds=1))
        assert sign_in(client, address).status_code == 302
        assert client.get(PAGES[address]).status_code == 200


def test_one_name_is_locked_and_others_are_not(ada):
    person("bob", PICKER)
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, "/floor/sign-in/", password="wrong")
    assert sign_in(client, "/floor/sign-in/", "bob").status_code == 302


def test_the_right_password_forgets_the_wrong_ones_before(ada):
    client = Client()
    for _ in range(3):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            assert sign_in(client, "/floor/sign-in/", password="wrong").status_code == 200
        assert sign_in(client, "/floor/sign-in/").status_code == 302
        client.post("/floor/sign-out/")


def test_a_session_is_made_anew_at_sign_in_and_lasts_a_shift(ada):
    client = Client()
    client.get("/floor/sign-in/")
    client.session.save()
    before = client.session.session_key
    answer = sign_in(client, "/floor/sign-in/")
    cookie = answer.cookies["sessionid"]
    assert cookie.value != before
    assert cookie["max-age"] == 12 * 3600
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_shift_later_one_signs_in_again(ada):
    began = dt.datetime(2026, 11, 26, 6, 0, tzinfo=dt.UTC)
    with time_machine.travel(began, tick=False) as clock:
        client = Client()
        sign_in(client, "/admin/login/")
        clock.shift(dt.timedelta(hours=11, minutes=59))
        assert client.get("/admin/").status_code == 200
        clock.shift(dt.timedelta(minutes=2))
        assert client.get("/admin/").status_code == 302


def test_another_password_ends_the_other_sessions(ada):
    here, there = at(ada), at(ada)
    new = "another-unusual-43"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/admin/password_change/", sent).status_code == 302
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302


def test_whoever_is_no_longer_active_is_out_at_the_next_click(ada):
    office = at(ada)
    ada.is_active = False
    ada.save()
    assert office.get("/admin/").status_code == 302
    assert sign_in(Client(), "/admin/login/").status_code == 200
