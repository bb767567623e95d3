"""Who may see reports: managers, and those who are there to read."""

from django.http import HttpRequest

from inventory_site.core.roles import MANAGER, READ_ONLY, Staff, staff


def may_read(request: HttpRequest) -> bool:
    """Whether whoever asks may see reports, of their own warehouses."""
    return bool(request.user.is_authenticated) and reads(staff(request.user))


def reads(who: Staff) -> bool:
    """Whether this person may see reports."""
    return bool(who.roles & {MANAGER, READ_ONLY})
