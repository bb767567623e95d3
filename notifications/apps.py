from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notifications.alerting import register
        from notifications.services.failing import CHANNEL_FAILING, DELIVERY_FAILING

        register(CHANNEL_FAILING)
        register(DELIVERY_FAILING)
