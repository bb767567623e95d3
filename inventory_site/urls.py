"""Addresses of the site."""

from django.contrib import admin
from django.urls import path
from django.views.generic import TemplateView

from inventory_site import health

urlpatterns = [
    path("", TemplateView.as_view(template_name="home.html"), name="home"),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
]
