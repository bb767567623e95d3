"""What is said at the start is true: sign-ins that work, a key that opens, or how to make the first one."""

from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from inventory_site import greeting
from inventory_site.core.models import ApiKey
from inventory_site.core.people import add_demo_people
from inventory_site.listening import Listening

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def said(monkeypatch, tmp_path, capsys):
    """What is printed, of the test's database and a state of its own."""
    given = connection.settings_dict
    place = f"?host={quote(given['HOST'], safe='')}" if "/" in given["HOST"] else ""
    who = f"{given['USER']}:{given['PASSWORD']}@" + ("" if place else given["HOST"])
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{who}/{given['NAME']}{place}")
    monkeypatch.setenv("STATE_DIR", str(tmp_path))

    def greeted():
        greeting.greet(Listening("127.0.0.1", 8000))
        return capsys.readouterr().out

    return greeted


def keep_a_key():
    key, secret = ApiKey.objects.create_key(name="demo", scopes=["stock:read"], warehouses=[])
    greeting.key_file().write_text(secret)
    return key, secret


def test_of_a_house_of_somebody_s_own_no_sign_in_is_said(said, tmp_path):
    greeting.key_file().write_text("of.another")
    assert not greeting.key_is_known()
    words = said()
    assert f"nobody can yet: STATE_DIR={tmp_path} ./manage.py createsuperuser" in words
    get_user_model().objects.create_user("manager", password="of-my-own-9")
    words = said()
    assert "Sign in" not in words
    assert "API key" not in words
    assert "http://localhost:8000/admin/" in words


def test_of_the_demo_what_works_is_said(said, settings):
    settings.DEMO = True
    add_demo_people()
    key, secret = keep_a_key()
    get_user_model().objects.filter(username="picker").update(is_active=False)
    words = said()
    assert "manager / holdfast-manager" in words
    assert "picker /" not in words
    assert secret in words
    ApiKey.objects.filter(pk=key.pk).update(revoked=True)
    assert secret not in said()
    assert greeting.key_is_known(), "another is not made for one that was taken away"
