from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "warehouse"
    verbose_name = "Warehouse"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notifications.alerting import name_warehouses
        from warehouse.queries import warehouse_names
        from warehouse.reporting import offer_reports
        from warehouse.services.watching import register_watches

        register_watches()
        name_warehouses(warehouse_names)
        offer_reports()
