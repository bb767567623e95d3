"""/admin/reports/ and each report below it."""

from django.contrib import admin
from django.urls import path

from inventory_site.core.reporting import pages

urlpatterns = [
    path("", admin.site.admin_view(pages.index), name="reports"),
    path("<slug:key>/", admin.site.admin_view(pages.page), name="report"),
]
