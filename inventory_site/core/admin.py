"""People and API keys in the back office."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from rest_framework_api_key.models import APIKey as LibraryKey
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from inventory_site.core.models import ApiKey
from inventory_site.core.reporting import admin as schedules  # noqa: F401 (registers itself)

admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.unregister(LibraryKey)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):  # type: ignore[misc]
    pass


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):  # type: ignore[misc]
    """Keys are made by `manage.py create_api_key`, which shows them once; here they are revoked."""

    list_display = (
        "name",
        "prefix",
        "scopes",
        "warehouses",
        "revoked",
        "expiry_date",
        "last_used_at",
    )
    search_fields = ("name", "prefix")
    fields = ("name", "prefix", "scopes", "warehouses", "expiry_date", "revoked", "last_used_at")
    # Reservations and the ledger carry the name, so it stays.
    readonly_fields = ("name", "prefix", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
