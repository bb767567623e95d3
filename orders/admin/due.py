"""Orders by when they have to leave."""

from typing import Any, get_args

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import SalesOrder
from orders.queries.due import When, due

WORDS = {
    "overdue": _("Overdue"),
    "today": _("Today, or overdue"),
    "week": _("This week, or overdue"),
}


class Due(admin.SimpleListFilter):
    """What has to leave, of the orders with work left; days are those of the current time zone."""

    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(WORDS.items())

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[SalesOrder]
    ) -> QuerySet[SalesOrder]:
        asked: Any = self.value()
        if asked not in get_args(When):
            return queryset
        return queryset.filter(due(when=asked, now=timezone.now()))
