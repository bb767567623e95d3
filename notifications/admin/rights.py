"""Who may open these pages: they are for managers, whatever else somebody may see."""

from typing import Any

from django.http import HttpRequest

from inventory_site.core.office import ShownOnly
from inventory_site.core.roles import Staff, staff


def staff_of(request: HttpRequest) -> Staff | None:
    """What we know of the person, read once in a request; None where nobody of the staff is signed in."""
    if not (request.user.is_active and getattr(request.user, "is_staff", False)):
        return None
    known: Staff | None = getattr(request, "_holdfast_staff", None)
    if known is None:
        known = staff(request.user)
        request._holdfast_staff = known  # type: ignore[attr-defined]
    return known


def is_manager(request: HttpRequest) -> bool:
    """A manager, of whichever warehouses."""
    who = staff_of(request)
    return who is not None and who.is_manager


def is_general_manager(request: HttpRequest) -> bool:
    """A manager of all warehouses: what is set up here concerns every one of them."""
    who = staff_of(request)
    return who is not None and who.is_manager and who.within is None


class ForGeneralManagers:
    """Managers of all warehouses may do all of it, others nothing."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_general_manager(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_general_manager(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_general_manager(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_general_manager(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_general_manager(request)


class ShownToManagers(ShownOnly):
    """Rows that only services write, for managers to look at."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_manager(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_manager(request)
