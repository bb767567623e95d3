"""The people of the house: made, given roles and warehouses, let go. Nobody gives more than they have."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext, gettext_noop

from inventory_site.core.db import one_at_a_time
from inventory_site.core.errors import DomainError, Kind
from inventory_site.core.models import StaffAccess
from inventory_site.core.rights import IN_THE_OFFICE
from inventory_site.core.roles import MANAGER, ROLES, MoreThanYouHave, Staff

# Read aloud and typed on a handheld: no letters that look alike, three groups of five, 71 bits.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, IN_GROUP = 3, 5


class LastManager(DomainError):
    """An active manager stays, and one of all warehouses where there was one: somebody has to manage."""

    code = "last_manager"
    title = gettext_noop("The last manager stays")
    kind = Kind.CONFLICT


class UnknownRole(DomainError):
    """There is no role of that name."""

    code = "unknown_role"
    title = gettext_noop("No such role")


@dataclass(frozen=True, slots=True)
class Person:
    """What is set about a person. No warehouses: all of them."""

    roles: frozenset[str]
    warehouses: frozenset[str]
    active: bool = True


def reachable(who: Staff, *, superuser: bool) -> Any:
    """The people whom a manager may look at and change: those who have no more than they have."""
    people = get_user_model()._default_manager.all()
    if not superuser:
        people = people.filter(is_superuser=False)
    if who.within is None:
        return people
    limited = people.filter(access__warehouses__contained_by=sorted(who.within))
    return limited.exclude(access__warehouses=[])


def save_person(*, user: User, person: Person, who: Staff) -> User:
    """Keep a person, new or known, with roles and warehouses; whether they have a back office follows.

    Raises NotYourRole, MoreThanYouHave (a superuser, or somebody of other warehouses, is not yours to set;
    nor are warehouses that you do not have), UnknownRole, LastManager. Deactivated, they are out at their
    next request.
    """
    one_at_a_time("people")
    who.check_role()
    unknown = sorted(person.roles - set(ROLES))
    if unknown:
        raise UnknownRole(gettext("There is no role %(roles)s.") % {"roles": ", ".join(unknown)})
    if user.pk is not None:
        check_reach_of(user=user, who=who)
    if not user.is_superuser:
        who.check_reach(person.warehouses)
    managers = _managers()
    user.is_active = person.active
    user.is_staff = user.is_superuser or bool(person.roles & IN_THE_OFFICE)
    if user.pk is None:
        user.set_unusable_password()
    user.save()
    user.groups.set(Group.objects.filter(name__in=person.roles))
    StaffAccess.objects.update_or_create(
        user=user, defaults={"warehouses": sorted(person.warehouses)}
    )
    _check_managers(before=managers, after=_managers())
    return user


def give_password(*, user: User, who: Staff) -> str:
    """Give a person a new password, made here, which is returned once; their sessions end.

    Raises NotYourRole, MoreThanYouHave.
    """
    one_at_a_time("people")
    who.check_role()
    check_reach_of(user=user, who=who)
    password = new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    return password


def new_password() -> str:
    """Such as x7kfe-93mza-vtq2h, by the system's own source of chance."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(IN_GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def check_reach_of(*, user: User, who: Staff) -> None:
    """Raise MoreThanYouHave unless the person has no more than `who`; superusers are set by superusers."""
    if user.is_superuser:
        if (
            not get_user_model()
            ._default_manager.filter(pk=who.user_id, is_superuser=True, is_active=True)
            .exists()
        ):
            raise MoreThanYouHave(gettext("Superusers are changed by superusers alone."))
        return
    access = StaffAccess.objects.filter(user_id=user.pk).first()
    if not who.reaches(access.warehouses if access else ()):
        raise MoreThanYouHave(
            gettext("%(name)s also works where you do not.") % {"name": user.get_username()}
        )


def _managers() -> dict[int, Collection[str]]:
    """Active managers, with the warehouses they are limited to."""
    active = get_user_model()._default_manager.filter(is_active=True)
    supers = active.filter(is_superuser=True).values_list("pk", flat=True)
    others = active.filter(is_superuser=False, groups__name=MANAGER)
    limits = {key: some or () for key, some in others.values_list("pk", "access__warehouses")}
    return {**limits, **dict.fromkeys(supers, ())}


def _check_managers(
    *, before: dict[int, Collection[str]], after: dict[int, Collection[str]]
) -> None:
    if before and not after:
        raise LastManager(gettext("This is the last active manager; make another one first."))
    general = any(not some for some in before.values())
    if general and not any(not some for some in after.values()):
        raise LastManager(
            gettext("This is the last manager of all warehouses; make another one first.")
        )
