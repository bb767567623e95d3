"""The page of goods that lie: what they are worth, since when, and where."""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from inventory_site.core.roles import staff
from warehouse.dead_stock import PERIODS, Dead, dead_stock, dead_stock_summary

PER_PAGE = 100
HEADERS = (
    "SKU",
    "name",
    "warehouse",
    "bin",
    "units",
    "value",
    "days idle",
    "last sold",
    "here since",
)


def dead_stock_page(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """`?days=90` or 180, `?warehouse=`, `?page=` from 1; of the person's own warehouses."""
    days = _number(request, "days", PERIODS[0])
    days = days if days in PERIODS else PERIODS[0]
    page = max(1, _number(request, "page", 1))
    own = staff(request.user).within
    asked = request.GET.get("warehouse", "")
    now = timezone.now()
    found = dead_stock(
        days=days,
        now=now,
        within=_narrowed(asked, own),
        limit=PER_PAGE + 1,
        skip=(page - 1) * PER_PAGE,
    )
    told = {
        **context,
        "title": "Dead stock",
        "days": days,
        "periods": PERIODS,
        "warehouse": asked,
        "summary": dead_stock_summary(days=days, now=now, within=own),
        "table": {"headers": HEADERS, "rows": [_cells(one) for one in found[:PER_PAGE]]},
        "before": page - 1,
        "after": page + 1 if len(found) > PER_PAGE else 0,
    }
    return TemplateResponse(request, "admin/dead_stock.html", told)


def _number(request: HttpRequest, name: str, usual: int) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else usual


def _narrowed(asked: str, own: Collection[str] | None) -> Collection[str] | None:
    """The warehouse asked for, where it is the person's own; else all of their own."""
    if not asked:
        return own
    return {asked} if own is None or asked in own else set()


def _cells(one: Dead) -> list[Any]:
    return [
        one.sku,
        one.name,
        one.warehouse,
        one.bin or "-",
        f"{one.quantity:,}",
        "not known" if one.value is None else f"{one.value:,.2f}",
        f"{one.idle_days:,}",
        "never" if one.sold_at is None else f"{timezone.localtime(one.sold_at):%Y-%m-%d}",
        f"{timezone.localtime(one.stocked_at):%Y-%m-%d}",
    ]
