"""Sheets to take along: what a list shows, with its filters, and empty templates. Formula-safe."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.sites import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory_site.core.list_files import AT_ONCE
from inventory_site.core.roles import staff
from inventory_site.core.sheets_out import TYPES
from warehouse.models import InventoryItem, Product
from warehouse.services.import_kinds import IMPORTERS
from warehouse.sheet_records import product_now, setting_now, shown_products
from warehouse.sheets.place_rows import REORDER_SETTINGS
from warehouse.sheets.product_rows import PRODUCTS
from warehouse.sheets.records import version_of
from warehouse.sheets.writing import (
    FORMATS,
    Value,
    csv_lines,
    template_rows,
    write_book,
    write_template,
)

Rows = Iterator[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported: of which list, under which titles."""

    model: type[Any]
    titles: tuple[str, ...]


# Titles stay as they are in every language: a sheet that was exported is imported again by them.
LEVELS = ("On hand", "Reserved", "Unsellable", "Available", "Inbound")
EXPORTS = {
    "products": Export(Product, tuple(field.label for field in PRODUCTS.fields)),
    "reorder_settings": Export(
        InventoryItem,
        (*("SKU", "Name", "Warehouse"), *LEVELS, *(f.label for f in REORDER_SETTINGS.fields[2:])),
    ),
}


def export(site: AdminSite, request: HttpRequest, what: str, format: str) -> HttpResponseBase:
    """The list with the filters and the search of the address; of the person's own warehouses."""
    if what not in EXPORTS or format not in FORMATS:
        raise Http404
    found = EXPORTS[what]
    shown_by = site.get_model_admin(found.model)
    if not (shown_by.has_view_permission(request) or staff(request.user).is_manager):
        raise PermissionDenied
    try:
        listed = shown_by.get_changelist_instance(request).get_queryset(request)
    except IncorrectLookupParameters:
        return HttpResponseBadRequest(_("There is no such filter."))
    rows = _products(listed) if what == "products" else _settings(listed)
    name = f"{what.replace('_', '-')}-{timezone.localdate():%Y-%m-%d}.{format}"
    return _sheet(name=name, title=IMPORTERS[what].sheet.label, titles=found.titles, rows=rows)


def template(request: HttpRequest, kind: str, format: str) -> HttpResponseBase:
    """An empty sheet of a kind, with an example and, in a workbook, what each column means."""
    if kind not in IMPORTERS or format not in FORMATS:
        raise Http404
    sheet = IMPORTERS[kind].sheet
    name = f"{kind.replace('_', '-')}.{format}"
    if format == "csv":
        titles, example = template_rows(sheet)
        return _sheet(name=name, title=sheet.label, titles=titles, rows=iter([example]))
    return _workbook(name, partial(write_template, kind=sheet))


def _sheet(*, name: str, title: str, titles: Sequence[str], rows: Rows) -> HttpResponseBase:
    if name.endswith(".csv"):
        lines = csv_lines(titles=titles, rows=rows)
        answer = StreamingHttpResponse(lines, content_type=TYPES["csv"])
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    return _workbook(name, partial(write_book, name=title, titles=titles, rows=rows))


def _workbook(name: str, write: Callable[..., None]) -> FileResponse:
    """Written whole before any of it is sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    write(file=file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES["xlsx"])


def _products(listed: Any) -> Rows:
    for product in shown_products(listed).iterator(chunk_size=AT_ONCE):
        now = product_now(product)
        yield [
            now.sku, now.name, ", ".join(now.barcodes), now.supplier, now.unit_cost,
            now.lead_time_days, now.pack_size, now.shown()["active"], version_of(now),
        ]  # fmt: skip


def _settings(listed: Any) -> Rows:
    found = listed.select_related("product", "warehouse")
    for item in found.iterator(chunk_size=AT_ONCE):
        now = setting_now(item)
        yield [
            now.sku, item.product.name, now.warehouse, item.on_hand, item.reserved, item.unsellable,
            item.on_hand - item.unsellable - item.reserved, item.inbound, now.reorder_point,
            now.reorder_quantity, now.safety_stock, version_of(now),
        ]  # fmt: skip
