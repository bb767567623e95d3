"""Pages that show and do not change."""

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin


class ShownOnly(ModelAdmin):  # type: ignore[misc]
    """Rows that only services write: everybody with the right to look may look, nobody may edit."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
