"""Managers make people; nobody gives, or takes away, more than they have."""

import pytest
from django.contrib.auth import get_user_model

from inventory_site.core.models import SettingChange, StaffAccess
from inventory_site.core.roles import MANAGER, PICKER, READ_ONLY, MoreThanYouHave, NotYourRole
from inventory_site.core.staffing import (
    LastManager,
    Person,
    UnknownRole,
    give_password,
    save_person,
)
from tests.factories import do, warehouse
from tests.site.staff import PASSWORD, at, person, who

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/auth/user/"


@pytest.fixture
def ada(db):
    warehouse("MAIN"), warehouse("EAST")
    return person("ada", MANAGER)


@pytest.fixture
def max_of_main(ada):
    return person("max", MANAGER, within=["MAIN"])


def form(**changed):
    return {
        "username": "bob", "first_name": "Bob", "last_name": "", "email": "", "is_active": "on",
        "roles": [PICKER], "warehouses": ["MAIN"],
    } | changed  # fmt: skip


def saved(user, by, *roles, within=(), active=True):
    found = Person(frozenset(roles), frozenset(within), active)
    return do(save_person, user=user, person=found, who=who(by))


def test_a_person_is_made_and_the_password_is_shown_once(ada):
    page = at(ada).post(PEOPLE + "add/", form())
    bob = get_user_model().objects.get(username="bob")
    password = page.context["secret"]
    assert bob.check_password(password)
    assert password in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert (bob.is_staff, bob.access.warehouses) == (False, ["MAIN"])
    assert [group.name for group in bob.groups.all()] == [PICKER]
    assert password not in str(list(SettingChange.objects.values()))
    assert SettingChange.objects.filter(topic="auth.user").first().actor == "ada"


def test_a_back_office_comes_and_goes_with_the_role(ada):
    bob = person("bob", PICKER)
    page = f"{PEOPLE}{bob.pk}/change/"
    for role, expected in ((READ_ONLY, True), (PICKER, False), (MANAGER, True)):
        assert at(ada).post(page, form(roles=[role])).status_code == 302
        bob.refresh_from_db()
        assert bob.is_staff is expected


def test_the_form_offers_neither_permissions_nor_superusers(ada):
    page = at(ada).get(PEOPLE + "add/").content.decode()
    assert 'name="warehouses"' in page
    assert "user_permissions" not in page
    assert "is_superuser" not in page
    at(ada).post(PEOPLE + "add/", form(is_superuser="on", is_staff="on"))
    bob = get_user_model().objects.get(username="bob")
    assert (bob.is_superuser, bob.is_staff) == (False, False)


@pytest.mark.parametrize("places", [["EAST"], [], ["MAIN", "EAST"]])
def test_a_limited_manager_gives_no_more_than_they_have(max_of_main, places):
    page = at(max_of_main).post(PEOPLE + "add/", form(warehouses=places))
    assert page.status_code == 200
    assert not get_user_model().objects.filter(username="bob").exists()
    with pytest.raises(MoreThanYouHave):
        saved(get_user_model()(username="bob"), max_of_main, PICKER, within=places)


def test_nobody_raises_themselves(max_of_main):
    with pytest.raises(MoreThanYouHave):
        saved(max_of_main, max_of_main, MANAGER)
    at(max_of_main).post(
        f"{PEOPLE}{max_of_main.pk}/change/", form(username="max", roles=[MANAGER], warehouses=[])
    )
    assert StaffAccess.objects.get(user=max_of_main).warehouses == ["MAIN"]


def test_who_has_more_is_neither_shown_nor_changed(ada, max_of_main):
    root = person("root", is_superuser=True)
    eve = person("eve", PICKER, within=["EAST"])
    both = person("both", PICKER, within=["MAIN", "EAST"])
    seen = at(max_of_main).get(PEOPLE).context["cl"].result_list
    assert [user.username for user in seen] == ["max"]
    for other in (root, eve, both, ada):
        assert at(max_of_main).get(f"{PEOPLE}{other.pk}/change/").status_code == 302
        for path in ("change/", "new-password/"):
            at(max_of_main).post(f"{PEOPLE}{other.pk}/{path}", form())
        with pytest.raises(MoreThanYouHave):
            do(give_password, user=other, who=who(max_of_main))
        other.refresh_from_db()
        assert other.check_password(PASSWORD)
        assert other.username != "bob"


def test_a_superuser_is_set_by_superusers_alone(ada):
    root, other = (person(name, is_superuser=True) for name in ("root", "other"))
    with pytest.raises(MoreThanYouHave, match="Superusers"):
        saved(root, ada, active=False)
    saved(root, other, active=False)
    assert not get_user_model().objects.get(username="root").is_active


def test_the_last_manager_stays(ada, max_of_main):
    with pytest.raises(LastManager, match="all warehouses"):
        saved(ada, ada, MANAGER, within=["MAIN"])
    with pytest.raises(LastManager, match="all warehouses"):
        saved(ada, ada, MANAGER, active=False)
    saved(max_of_main, ada, PICKER, within=["MAIN"])
    page = at(ada).post(
        f"{PEOPLE}{ada.pk}/change/", form(username="ada", roles=[PICKER], warehouses=[])
    )
    assert "last active manager" in page.content.decode()
    assert who(ada).is_manager


@pytest.mark.parametrize("role", [PICKER, READ_ONLY])
def test_others_set_nobody(ada, role):
    bob = person("bob", role)
    assert at(bob).get(PEOPLE).status_code in (302, 403)
    with pytest.raises(NotYourRole):
        saved(bob, bob, MANAGER)


def test_unknown_roles_are_refused(ada):
    with pytest.raises(UnknownRole):
        saved(get_user_model()(username="x"), ada, "emperor")


def test_a_new_password_ends_the_old_one_and_its_sessions(ada):
    bob = person("bob", READ_ONLY)
    office = at(bob)
    assert office.get("/admin/").status_code == 200
    page = at(ada).post(f"{PEOPLE}{bob.pk}/new-password/")
    bob.refresh_from_db()
    assert bob.check_password(page.context["secret"])
    assert office.get("/admin/").status_code == 302
    assert at(ada).get(f"{PEOPLE}{bob.pk}/new-password/").status_code == 405


def test_whoever_leaves_is_out_at_once(ada):
    bob = person("bob", READ_ONLY)
    office = at(bob)
    at(ada).post(f"{PEOPLE}{bob.pk}/change/", form(is_active="", roles=[READ_ONLY]))
    assert office.get("/admin/").status_code == 302
    assert office.get("/floor/").status_code in (302, 401)


def test_nobody_is_deleted(ada):
    bob = person("bob", PICKER)
    assert at(ada).post(f"{PEOPLE}{bob.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_name_with_markup_is_text(ada):
    at(ada).post(PEOPLE + "add/", form(first_name="<img src=x>"))
    assert "<img src=x>" not in at(ada).get(PEOPLE).content.decode()


@pytest.mark.parametrize("many", [1, 12])
def test_the_list_takes_as_many_statements_however_long(ada, many, django_assert_max_num_queries):
    for number in range(many):
        person(f"p{number}", PICKER, within=["MAIN"])
    office = at(ada)
    office.get(PEOPLE)
    with django_assert_max_num_queries(12):
        office.get(PEOPLE)
