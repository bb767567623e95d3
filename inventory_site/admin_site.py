"""The back office as a site of Django's admin: the theme's pages, and our navigation.

The theme finds out for every page what one may do with which model, though only its own menu shows that, and
the addresses of ours several times each: together a quarter of the time that a list takes.
"""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite

from inventory_site import navigation


class BackOfficeConfig(AdminConfig):
    """Django's admin, whose site is ours."""

    default_site = "inventory_site.admin_site.BackOffice"


class BackOffice(UnfoldAdminSite):  # type: ignore[misc]
    """The theme's site, which asks only for what is shown."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Every model and what one may do with it, once somebody looks."""
        found = super().get_app_list
        return SimpleLazyObject(lambda: found(request, app_label))

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        return navigation.shown(request)
