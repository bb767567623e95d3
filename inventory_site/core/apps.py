from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "inventory_site.core"
    label = "core"
    verbose_name = "Access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers the `= ANY(array)` lookup that the lock statements use.
        from inventory_site.core import sql  # noqa: F401
