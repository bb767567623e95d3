from django.apps import AppConfig
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class WarehouseConfig(AppConfig):
    name = "warehouse"
    verbose_name = _("Warehouse")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notifications.alerting import name_warehouses
        from warehouse.queries import warehouse_names
        from warehouse.reporting import offer_reports
        from warehouse.services.watching import register_watches
        from warehouse.sheets.marking import translate_by

        register_watches()
        name_warehouses(warehouse_names)
        offer_reports()
        translate_by(gettext)
