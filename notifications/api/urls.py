"""The addresses of the change feed and of webhooks under /api/v1/."""

from django.urls import path

from notifications.api import webhooks
from notifications.api.changes import Changes

urlpatterns = [path("changes", Changes.as_view()), *webhooks.ADDRESSES]
