from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from orders.queries.expected import papers
        from orders.queries.proof import CHECKS
        from orders.reporting import offer_reports
        from orders.services.progress import OWNER, follow_stock
        from orders.services.watching import register_watches
        from warehouse.services.following import follow, own_arrivals
        from warehouse.services.further_checks import prove_papers

        follow(owner=OWNER, follower=follow_stock)
        own_arrivals(owner=OWNER, papers=papers)
        prove_papers(owner=OWNER, checks=CHECKS)
        register_watches()
        offer_reports()
