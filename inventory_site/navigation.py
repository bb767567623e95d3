"""The back office's navigation: by what somebody wants to do, not by where the code is."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.rights import may_read

Item = dict[str, Any]


def _may_view(model: str) -> Callable[[HttpRequest], bool]:
    app, name = model.split("_", 1)
    return lambda request: request.user.has_perm(f"{app}.view_{name}")


def _list(title: Any, icon: str, model: str, ask: str = "") -> Item:
    address = reverse_lazy(f"admin:{model}_changelist")
    return {
        "title": title,
        "icon": icon,
        "link": (lambda request: f"{address}?{ask}") if ask else address,
        "permission": _may_view(model),
    }


def _group(title: Any, *items: Item, collapsible: bool = False) -> dict[str, Any]:
    return {"title": title, "separator": False, "collapsible": collapsible, "items": list(items)}


NAVIGATION = [
    _group(
        _("Today"),
        {"title": _("Dashboard"), "icon": "dashboard", "link": reverse_lazy("admin:index")},
    ),
    _group(
        _("Stock"),
        _list(_("Products"), "inventory_2", "warehouse_product"),
        _list(_("Stock levels"), "stacked_bar_chart", "warehouse_inventoryitem"),
        _list(_("Movements"), "swap_horiz", "warehouse_stockmovement"),
        _list(_("Reservations"), "lock_clock", "warehouse_reservation"),
        _list(_("Transfers"), "local_shipping", "orders_transferorder"),
        _list(_("Imports"), "upload_file", "warehouse_importrun"),
    ),
    _group(
        _("Orders"),
        _list(_("Orders"), "shopping_cart", "orders_salesorder"),
        _list(_("Pick lists"), "checklist", "orders_picklist"),
        _list(_("Parcels"), "package_2", "orders_shipment"),
        _list(_("Refused demand"), "remove_shopping_cart", "warehouse_lostdemand"),
    ),
    _group(
        _("Purchasing"),
        _list(_("To order"), "add_shopping_cart", "warehouse_reordersuggestion"),
        _list(_("Purchase orders"), "receipt_long", "orders_purchaseorder"),
        _list(_("On the way"), "move_to_inbox", "warehouse_inboundline"),
        _list(_("Reorder advice"), "lightbulb", "warehouse_reorderadvice"),
        _list(_("Suppliers"), "factory", "warehouse_supplier"),
    ),
    _group(
        _("Returns and counts"),
        _list(_("Returns"), "assignment_return", "orders_returnorder"),
        _list(_("Counts"), "fact_check", "orders_counttask"),
        _list(_("Pick scans"), "barcode_scanner", "orders_pickscan"),
    ),
    _group(
        _("Reports"),
        {
            "title": _("Reports"),
            "icon": "monitoring",
            "link": reverse_lazy("reports"),
            "permission": may_read,
        },
        _list(_("Dead stock in the queue"), "sell", "warehouse_clearance"),
        _list(_("Sent by mail"), "schedule_send", "core_reportschedule"),
    ),
    _group(
        _("Alerts and delivery"),
        _list(_("Alerts"), "notifications", "notifications_alert"),
        _list(_("Channels"), "campaign", "notifications_channel"),
        _list(_("Webhooks"), "webhook", "notifications_endpoint"),
        _list(_("Delivery"), "outbox", "notifications_feedreader"),
    ),
    _group(
        _("Set-up"),
        _list(_("Warehouses"), "warehouse", "warehouse_warehouse"),
        _list(_("Bins"), "shelves", "warehouse_bin"),
        _list(_("People"), "group", "auth_user"),
        _list(_("History"), "history", "core_settingchange"),
        _list(_("API keys"), "key", "core_apikey"),
        {
            "title": _("Health"),
            "icon": "monitor_heart",
            "link": reverse_lazy("health"),
            "permission": _may_view("notifications_feedreader"),
        },
        collapsible=True,
    ),
]
