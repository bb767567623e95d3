from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "inventory_site.core"
    label = "core"
    verbose_name = _("Access")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers the `= ANY(array)` lookup that the lock statements use.
        from django.contrib.admin import ModelAdmin, ShowFacets

        from inventory_site.core import sql  # noqa: F401
        from inventory_site.core.first_release import refuse_what_is_from_before
        from inventory_site.core.rights import grant_rights

        # Of each choice of each filter, what it would leave would be counted: of two million rows, in vain.
        ModelAdmin.show_facets = ShowFacets.NEVER
        connection_created.connect(_tell_who_acts, dispatch_uid="tell who acts")
        register(refuse_what_is_from_before, Tags.database)
        post_migrate.connect(grant_rights, dispatch_uid="grant the rights of roles")


def _tell_who_acts(connection: Any, **_: Any) -> None:
    """Each new connection says on whose behalf settings are changed."""
    from inventory_site.core.history import tell_who

    if tell_who not in connection.execute_wrappers:
        connection.execute_wrappers.append(tell_who)
