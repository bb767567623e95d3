"""The change feed's address under /api/v1/."""

from django.urls import path

from notifications.api.changes import Changes

urlpatterns = [path("changes", Changes.as_view())]
