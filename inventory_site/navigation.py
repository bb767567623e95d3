"""The back office's navigation: by what somebody wants to do, not by where the code is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.rights import may_read
from inventory_site.core.roles import staff


def _everybody(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the navigation: where it leads, and who may go there."""

    title: Any
    icon: str
    view: str
    allowed: Callable[[HttpRequest], bool] = _everybody

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        """As the theme's template takes it. It is the page's own where the page is one of those below it;
        the dashboard, which all are below, is so alone."""
        link = reverse(self.view)
        alone = self.view == DASHBOARD
        here = request.path == link if alone else request.path.startswith(link)
        words = {"title": self.title, "icon": self.icon}
        return words | {"link": link, "active": here, "has_permission": True}


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs to one task. A collapsible one is open only where the page is one of its own."""

    title: Any
    items: tuple[Item, ...]
    collapsible: bool = False


def _may_view(model: str) -> Callable[[HttpRequest], bool]:
    app, name = model.split("_", 1)
    return lambda request: request.user.has_perm(f"{app}.view_{name}")


def _everywhere(model: str) -> Callable[[HttpRequest], bool]:
    """For what concerns every warehouse: nobody who is limited to some sees it."""
    allowed = _may_view(model)
    return lambda request: allowed(request) and staff(request.user).within is None


def _general_manager(request: HttpRequest) -> bool:
    who = staff(request.user)
    return who.is_manager and who.within is None


def _list(title: Any, icon: str, model: str, *, everywhere: bool = False) -> Item:
    allowed = _everywhere(model) if everywhere else _may_view(model)
    return Item(title, icon, f"admin:{model}_changelist", allowed)


def _group(title: Any, *items: Item, collapsible: bool = False) -> Group:
    return Group(title, items, collapsible)


DASHBOARD = "admin:index"

NAVIGATION = [
    _group(
        _("Today"),
        Item(_("Dashboard"), "dashboard", DASHBOARD),
    ),
    _group(
        _("Stock"),
        _list(_("Products"), "inventory_2", "warehouse_product"),
        _list(_("Stock levels"), "stacked_bar_chart", "warehouse_inventoryitem"),
        _list(_("Stock by bin"), "shelves", "warehouse_binstock"),
        _list(_("Movements"), "swap_horiz", "warehouse_stockmovement"),
        _list(_("Reservations"), "lock_clock", "warehouse_reservation"),
        _list(_("Transfers"), "local_shipping", "orders_transferorder"),
        _list(_("Imports"), "upload_file", "warehouse_importrun"),
    ),
    _group(
        _("Orders"),
        _list(_("Orders"), "shopping_cart", "orders_salesorder"),
        _list(_("Pick lists"), "checklist", "orders_picklist"),
        _list(_("Pick scans"), "barcode_scanner", "orders_pickscan"),
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
        _("Returns"),
        _list(_("Returns"), "assignment_return", "orders_returnorder"),
    ),
    _group(
        _("Counts"),
        _list(_("Counts"), "fact_check", "orders_counttask"),
    ),
    _group(
        _("Alerts"),
        _list(_("Alerts"), "notifications", "notifications_alert"),
        _list(_("Rings"), "notifications_active", "notifications_ring"),
        _list(_("Channels"), "campaign", "notifications_channel", everywhere=True),
        _list(_("Webhooks"), "webhook", "notifications_endpoint"),
        _list(_("Deliveries"), "send", "notifications_delivery"),
        _list(_("Backlog"), "outbox", "notifications_feedreader", everywhere=True),
        _list(_("Set aside"), "report", "notifications_setaside", everywhere=True),
    ),
    _group(
        _("Reports"),
        Item(_("Reports"), "monitoring", "reports", may_read),
        _list(_("Dead stock in the queue"), "sell", "warehouse_clearance"),
        _list(_("Sent by mail"), "schedule_send", "core_reportschedule"),
    ),
    _group(
        _("Set-up"),
        _list(_("Warehouses"), "warehouse", "warehouse_warehouse"),
        _list(_("Bins"), "grid_view", "warehouse_bin"),
        _list(_("People"), "group", "auth_user"),
        _list(_("History"), "history", "core_settingchange"),
        _list(_("API keys"), "key", "core_apikey"),
        Item(_("Health"), "monitor_heart", "health", _general_manager),
        collapsible=True,
    ),
]


def shown(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups and items that this person may see, each asked for once."""
    return [
        {
            "title": group.title,
            "separator": False,
            "collapsible": group.collapsible,
            "items": [item.shown(request) for item in group.items if item.allowed(request)],
        }
        for group in NAVIGATION
    ]
