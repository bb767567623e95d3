"""What a role may do at all stands in one table, and every model stands in it."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from inventory_site.core.rights import ACTIONS, LETTERS, TABLE, grant_rights, rights_of
from inventory_site.core.roles import MANAGER, PICKER, READ_ONLY, RECEIVER, ROLES
from tests.site.staff import person

pytestmark = pytest.mark.django_db
SECRET = {
    "auth.user",
    "core.staffaccess",
    "core.apikey",
    "notifications.channel",
    "notifications.endpoint",
}


def labels(role):
    return {f"{app}.{model}" for app, model, _ in rights_of(role)}


def test_every_model_stands_in_the_table_and_no_other():
    assert {model._meta.label_lower for model in apps.get_models()} == TABLE.keys()


def test_the_table_is_well_formed():
    for line in TABLE.values():
        for role, actions in (part.split(":") for part in line.split()):
            assert role in LETTERS
            assert set(actions) <= ACTIONS.keys()


def test_every_right_that_the_table_gives_exists():
    known = set(Permission.objects.values_list("content_type__app_label", "codename"))
    given = {(app, f"{action}_{model}") for role in ROLES for app, model, action in rights_of(role)}
    assert given <= known


def test_roles_of_lesser_reach_see_less_and_change_nothing():
    for role in (RECEIVER, READ_ONLY, PICKER):
        assert {action for _, _, action in rights_of(role)} <= {"view"}
        assert not labels(role) & SECRET
        assert labels(role) < labels(MANAGER)
    assert rights_of(PICKER) == set()


def test_groups_are_what_the_table_says_whatever_they_were(django_assert_max_num_queries):
    grant_rights()
    picker, manager = (Group.objects.get(name=name) for name in (PICKER, MANAGER))
    picker.permissions.add(Permission.objects.get(codename="change_product"))
    manager.permissions.clear()
    with django_assert_max_num_queries(10):
        grant_rights()
    for role in ROLES:
        given = Group.objects.get(name=role).permissions.values_list(
            "content_type__app_label", "codename"
        )
        assert set(given) == {(app, f"{do}_{model}") for app, model, do in rights_of(role)}


def test_a_manager_who_is_no_superuser_has_them():
    ada = get_user_model().objects.get(pk=person("ada", MANAGER).pk)
    assert ada.has_perm("warehouse.change_product")
    assert not ada.has_perm("axes.view_accessattempt")
