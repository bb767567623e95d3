"""Who may do what in the house: roles are Django's groups, access to warehouses is kept beside the user."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import Actor
from inventory_site.core.errors import DomainError, Kind

MANAGER = "operations manager"
PICKER = "picker"
RECEIVER = "receiver"
READ_ONLY = "read-only"
ROLES = (MANAGER, PICKER, RECEIVER, READ_ONLY)
# What people read; the names above are those of the groups.
ROLE_NAMES = {
    MANAGER: _("operations manager"),
    PICKER: _("picker"),
    RECEIVER: _("receiver"),
    READ_ONLY: _("read-only"),
}


class NotYourRole(DomainError):
    """The person is signed in but does not have the role that this needs."""

    code = "not_your_role"
    title = gettext_noop("Not with your role")
    kind = Kind.FORBIDDEN


class MoreThanYouHave(DomainError):
    """Nobody gives or takes what they do not have themselves: warehouses, or being a superuser."""

    code = "more_than_you_have"
    title = gettext_noop("More than you have yourself")
    kind = Kind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Staff:
    """A signed-in person: name, roles, and the warehouses they are limited to (None: all)."""

    user_id: int
    name: str
    roles: frozenset[str]
    within: frozenset[str] | None

    @property
    def actor(self) -> Actor:
        return Actor(name=self.name, user_id=self.user_id)

    @property
    def is_manager(self) -> bool:
        return MANAGER in self.roles

    def reaches(self, warehouses: Collection[str]) -> bool:
        """Whether all of these are the person's own; none of them means every warehouse there is."""
        return self.within is None or (bool(warehouses) and self.within.issuperset(warehouses))

    def check_reach(self, warehouses: Collection[str]) -> None:
        """Raise MoreThanYouHave unless all of these are the person's own (none: every warehouse)."""
        if not self.reaches(warehouses):
            own = ", ".join(sorted(self.within or ()))
            raise MoreThanYouHave(
                gettext("You are limited to %(codes)s; choose among these, at least one.")
                % {"codes": own}
            )

    def check_role(self, *roles: str) -> None:
        """Raise NotYourRole unless the person has one of these roles; a manager has them all."""
        if not self.is_manager and not self.roles & set(roles):
            named = gettext(" or ").join(str(ROLE_NAMES.get(role, role)) for role in roles)
            raise NotYourRole(
                gettext("This needs the role %(roles)s; ask your manager.") % {"roles": named}
            )


def staff(user: Any) -> Staff:
    """What we know of a signed-in user; a superuser is a manager everywhere. Two statements, once for a
    user as it was loaded, which is once a request."""
    known: Staff | None = getattr(user, "known_staff", None)
    if known is None:
        known = user.known_staff = _staff(user)
    return known


def _staff(user: Any) -> Staff:
    from inventory_site.core.models import StaffAccess

    roles = frozenset(user.groups.values_list("name", flat=True))
    if user.is_superuser:
        return Staff(user.pk, user.get_username(), roles | {MANAGER}, None)
    access = (
        StaffAccess.objects.filter(user_id=user.pk).values_list("warehouses", flat=True).first()
    )
    return Staff(user.pk, user.get_username(), roles, frozenset(access or ()) or None)


def another_manager(*, than: str, warehouse: str) -> bool:
    """Whether there is an active manager of that warehouse beside the person of this name."""
    from django.contrib.auth import get_user_model
    from django.db.models import Q

    everywhere = Q(is_superuser=True)
    here = Q(access=None) | Q(access__warehouses=[]) | Q(access__warehouses__contains=[warehouse])
    people = get_user_model().objects.filter(is_active=True).exclude(username=than)
    return people.filter(everywhere | Q(groups__name=MANAGER) & here).exists()
