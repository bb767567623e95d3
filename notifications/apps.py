from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notifications.alerting import register
        from notifications.services.failing import CHANNEL_FAILING, DELIVERY_FAILING

        register(CHANNEL_FAILING)
        register(DELIVERY_FAILING)
