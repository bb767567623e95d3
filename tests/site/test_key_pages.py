"""API keys are made in the browser, shown once, rotated and revoked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inventory_site.core.auth import SCOPES, forget_known
from inventory_site.core.keys import (
    InvalidKey,
    KeyEnded,
    KeyNameTaken,
    KeyNotFound,
    change_key,
    make_key,
    revoke_key,
    rotate_key,
)
from inventory_site.core.models import ApiKey
from inventory_site.core.roles import MANAGER, READ_ONLY, MoreThanYouHave, NotYourRole
from tests.factories import do, warehouse
from tests.site.staff import at, person, who

pytestmark = pytest.mark.django_db
KEYS = "/admin/core/apikey/"


@pytest.fixture
def ada(db):
    forget_known()
    warehouse("MAIN"), warehouse("EAST")
    return person("ada", MANAGER)


@pytest.fixture
def max_of_main(ada):
    return person("max", MANAGER, within=["MAIN"])


def form(**changed):
    return {"name": "shop", "scopes": ["stock:read"], "warehouses": ["MAIN"]} | changed


def made(by, **changed):
    asked = {"name": "shop", "scopes": ["stock:read"], "warehouses": []} | changed
    return do(make_key, who=who(by), **asked)


def answers(secret):
    forget_known()
    headers = {"Authorization": f"Api-Key {secret}"}
    return Client().get("/api/v1/warehouses", headers=headers).status_code


def test_a_key_is_made_shown_once_and_works(ada, caplog):
    page = at(ada).post(KEYS + "add/", form())
    secret = page.context["secret"]
    assert page.content.decode().count(secret) == 1
    assert "no-store" in page["Cache-Control"]
    assert answers(secret) == 200
    assert secret.partition(".")[2] not in caplog.text
    key = ApiKey.objects.get()
    assert (key.scopes, key.warehouses) == (["stock:read"], ["MAIN"])
    for path in ("", f"{key.prefix}/change/"):
        shown = at(ada).get(KEYS + path).content.decode()
        assert key.prefix in shown
        assert secret not in shown
        assert key.hashed_key not in shown


def test_the_secret_is_in_no_session_and_not_in_the_repr(ada):
    office = at(ada)
    secret = office.post(KEYS + "add/", form()).context["secret"]
    assert secret not in str(dict(office.session))
    assert made(ada, name="other").secret not in repr(made(ada, name="third"))
    assert "secret" not in repr(made(ada, name="fourth"))


def test_the_form_says_what_each_scope_allows(ada):
    page = at(ada).get(KEYS + "add/").content.decode()
    assert all(str(what) in page for what in SCOPES.values())


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": " "}, "required"),
        ({"scopes": []}, "required"),
        ({"scopes": ["everything"]}, "valid choice"),
        ({"warehouses": ["WEST"]}, "valid choice"),
        ({"expiry_date_0": "2020-01-01", "expiry_date_1": "00:00"}, "expired already"),
    ],
)
def test_what_is_wrong_is_said(ada, changed, words):
    page = at(ada).post(KEYS + "add/", form(**changed))
    assert words in page.content.decode()
    assert not ApiKey.objects.exists()


def test_sent_twice_makes_one_key_and_says_why(ada):
    office = at(ada)
    office.post(KEYS + "add/", form())
    again = office.post(KEYS + "add/", form())
    assert "There is a working key named shop" in again.content.decode()
    assert ApiKey.objects.count() == 1
    with pytest.raises(KeyNameTaken):
        made(ada)


def test_a_key_is_rotated_and_the_old_one_works_for_a_while(ada):
    old = made(ada, warehouses=["MAIN"])
    page = at(ada).post(f"{KEYS}{old.prefix}/rotate/", {"overlap": "168"})
    new = page.context["secret"]
    assert (answers(old.secret), answers(new)) == (200, 200)
    first, second = ApiKey.objects.order_by("created")
    assert (second.name, second.scopes, second.warehouses) == ("shop", ["stock:read"], ["MAIN"])
    assert second.expiry_date is None
    left = first.expiry_date - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    with pytest.raises(KeyEnded, match="newer"):
        do(rotate_key, prefix=old.prefix, overlap=timedelta(0), who=who(ada))


def test_rotated_without_overlap_the_old_key_ends_at_once(ada):
    old = made(ada)
    new = do(rotate_key, prefix=old.prefix, overlap=timedelta(0), who=who(ada))
    assert (answers(old.secret), answers(new.secret)) == (401, 200)
    with pytest.raises(InvalidKey):
        do(rotate_key, prefix=new.prefix, overlap=timedelta(days=8), who=who(ada))


def test_an_overlap_never_prolongs_a_key(ada):
    ends = timezone.now() + timedelta(hours=1)
    old = made(ada, expires_at=ends)
    do(rotate_key, prefix=old.prefix, overlap=timedelta(days=7), who=who(ada))
    assert {key.expiry_date for key in ApiKey.objects.all()} == {ends}


def test_a_revoked_key_is_over_for_good(ada):
    key = made(ada)
    at(ada).post(f"{KEYS}{key.prefix}/revoke/")
    assert answers(key.secret) == 401
    assert at(ada).post(f"{KEYS}{key.prefix}/change/", form()).status_code == 403
    with pytest.raises(KeyEnded):
        do(rotate_key, prefix=key.prefix, overlap=timedelta(0), who=who(ada))
    do(revoke_key, prefix=key.prefix, who=who(ada))
    made(ada)  # its name is free again


def test_a_key_is_given_other_scopes(ada):
    key = made(ada)
    sent = form(scopes=["stock:read", "orders:read"], warehouses=["EAST"])
    assert at(ada).post(f"{KEYS}{key.prefix}/change/", sent).status_code == 302
    kept = ApiKey.objects.get()
    assert (kept.scopes, kept.warehouses) == (["stock:read", "orders:read"], ["EAST"])


@pytest.mark.parametrize("places", [[], ["EAST"], ["MAIN", "EAST"]])
def test_a_limited_manager_has_keys_of_their_own_warehouses_alone(ada, max_of_main, places):
    other = made(ada, warehouses=places)
    office = at(max_of_main)
    assert list(office.get(KEYS).context["cl"].result_list) == []
    assert office.get(f"{KEYS}{other.prefix}/change/").status_code == 302
    for path in ("rotate", "revoke"):
        assert office.post(f"{KEYS}{other.prefix}/{path}/").status_code == 404
    assert office.post(KEYS + "add/", form(name="x", warehouses=places)).status_code == 200
    with pytest.raises(MoreThanYouHave):
        made(max_of_main, name="x", warehouses=places)
    with pytest.raises(KeyNotFound):
        do(revoke_key, prefix=other.prefix, who=who(max_of_main))
    mine = made(max_of_main, name="mine", warehouses=["MAIN"])
    with pytest.raises(MoreThanYouHave):
        do(
            change_key, prefix=mine.prefix, scopes=["stock:read"], warehouses=places, expires_at=None,
            who=who(max_of_main),
        )  # fmt: skip


def test_others_make_none(ada):
    with pytest.raises(NotYourRole):
        made(person("bob", READ_ONLY))
