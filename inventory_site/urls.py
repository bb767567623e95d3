"""Addresses of the site."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import TemplateView

from inventory_site import documentation, vitals
from inventory_site.core.admin.history import TOPICS, object_history
from inventory_site.core.api import not_found

handler400 = "inventory_site.core.api.bad_request"

KEPT = "|".join(topic.replace(".", "/") for topic in TOPICS)

urlpatterns = [
    path("", TemplateView.as_view(template_name="home.html"), name="home"),
    path("admin/stock/", include("orders.admin.handling")),
    path("admin/health/", admin.site.admin_view(vitals.page), name="health"),
    path("admin/reports/", include("inventory_site.core.reporting.urls")),
    re_path(
        rf"^admin/(?P<topic>{KEPT})/(?P<object_id>[^/]+)/history/$",
        admin.site.admin_view(object_history),
        name="object-history",
    ),
    path("admin/", admin.site.urls),
    path("floor/", include("orders.pages.urls")),
    path("api/v1/", include("warehouse.api.urls")),
    path("api/v1/", include("notifications.api.urls")),
    path("api/v1/", include("orders.api.urls")),
    path("api/schema/", documentation.schema, name="schema"),
    path("api/docs/", documentation.docs, name="docs"),
    path("api/docs/errors", documentation.errors, name="errors"),
    re_path(r"^api/", not_found),
]
