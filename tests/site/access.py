"""Who may do what on which page: the table that every address of the site has to stand in.

Letters: M manager of all, m manager limited to MAIN, V receiver, R reader, P picker, a nobody signed in. What
`m` may do holds for MAIN; what lies in EAST is out of their reach, except where a page is `everywhere`.
"""

from dataclasses import dataclass

EVERYBODY = "MmVRPa"
OFFICE = "MmVR"
FLOOR = "MmVRP"


@dataclass(frozen=True)
class Model:
    """The five pages of a model, and its actions on chosen rows."""

    view: str = ""
    change: str = ""
    add: str = ""
    delete: str = ""
    act: str = ""
    everywhere: bool = False


SHOWN = Model(view="MmR")
DOCK = Model(view="MmVR")
NOBODY = Model()

MODELS = {
    "auth_user": Model(view="Mm", change="Mm", add="Mm"),
    "axes_accessattempt": NOBODY,
    "axes_accessfailurelog": NOBODY,
    "axes_accesslog": NOBODY,
    "core_apikey": Model(view="Mm", change="Mm", add="Mm"),
    # Those of one's own, and all for whoever is limited to no warehouse.
    "core_reportschedule": Model(view="MmR", change="Mm", add="Mm", delete="Mm", act="Mm"),
    "core_settingchange": DOCK,
    "notifications_alert": Model(view="MmR", act="Mm"),
    "notifications_channel": Model(view="M", change="M", add="M", delete="M", act="M"),
    "notifications_delivery": Model(view="Mm", act="Mm"),
    "notifications_endpoint": Model(view="Mm", change="Mm", add="Mm", act="Mm"),
    "notifications_feedreader": Model(view="MR"),
    "notifications_ring": Model(view="Mm"),
    "notifications_setaside": Model(view="MR", act="M"),
    "orders_counttask": Model(view="MmR", act="Mm"),
    "orders_picklist": Model(view="MmR", act="Mm"),
    "orders_pickscan": SHOWN,
    "orders_purchaseorder": Model(view="MmVR", add="MmV", act="MmV"),
    "orders_returnorder": Model(view="MmVR", add="MmV", act="MmV"),
    "orders_salesorder": Model(view="MmR", add="Mm", act="Mm"),
    "orders_shipment": SHOWN,
    "orders_transferorder": Model(view="MmVR", add="Mm", act="Mm"),
    "warehouse_bin": Model(view="MmVR", change="Mm", add="Mm", act="MmVR"),
    "warehouse_binstock": DOCK,
    "warehouse_clearance": Model(view="MmR", act="Mm"),
    "warehouse_importrun": Model(view="Mm", add="Mm"),
    "warehouse_inboundline": DOCK,
    "warehouse_inventoryitem": DOCK,
    "warehouse_lostdemand": SHOWN,
    "warehouse_product": Model(view="MmVR", change="Mm", add="Mm", act="MmVR", everywhere=True),
    "warehouse_reorderadvice": Model(view="MmR", act="Mm"),
    "warehouse_reordersuggestion": Model(view="MmVR", act="MmV"),
    "warehouse_reservation": SHOWN,
    "warehouse_stockmovement": DOCK,
    "warehouse_supplier": Model(view="MmVR", change="Mm", add="Mm", everywhere=True),
    "warehouse_warehouse": Model(view="MmVR", change="Mm", add="M"),
}

# Pages of the back office that are no model's five: who may, and the address with {what is asked for}.
OWN = {
    "index": (OFFICE, "/admin/"),
    "app_list": (OFFICE, "/admin/warehouse/"),
    "search": (OFFICE, "/admin/search/?s=x"),
    "jsi18n": (OFFICE, "/admin/jsi18n/"),
    "password_change": (OFFICE, "/admin/password_change/"),
    "password_change_done": (OFFICE, "/admin/password_change/done/"),
    "autocomplete": (
        OFFICE,
        "/admin/autocomplete/?app_label=warehouse&model_name=product&field_name=supplier&term=A",
    ),
    "health": ("M", "/admin/health/"),
    "reports": ("MmR", "/admin/reports/"),
    "report": ("MmR", "/admin/reports/dead-stock/"),
    "stock:correct": ("Mm", "/admin/stock/correct/"),
    "stock:write_off": ("Mm", "/admin/stock/write-off/"),
    "stock:move": ("Mm", "/admin/stock/move/"),
    "stock:count": ("Mm", "/admin/stock/count/"),
    "view_on_site": ("", "/admin/r/{content_type}/{bin.pk}/"),
    "warehouse_importrun_template": ("Mm", "/admin/warehouse/importrun/templates/bins.csv"),
    "warehouse_importrun_export": (OFFICE, "/admin/warehouse/importrun/export/products.csv"),
    "warehouse_inventoryitem_dead_stock": ("MmR", "/admin/warehouse/inventoryitem/dead-stock/"),
    "orders_purchaseorder_draft_suggested": (
        "MmV",
        "/admin/orders/purchaseorder/draft-from-suggestions/",
    ),
}
OWN_OF_ONE = {
    "warehouse_importrun_columns": ("Mm", "/admin/warehouse/importrun/{run.pk}/columns/"),
    "warehouse_importrun_progress": ("Mm", "/admin/warehouse/importrun/{run.pk}/progress/"),
    "warehouse_importrun_mend": ("Mm", "/admin/warehouse/importrun/{run.pk}/rows-to-mend.xlsx"),
    "orders_shipment_packing_slip": (
        "MmR",
        "/admin/orders/shipment/{shipment.reference}/packing-slip",
    ),
}
# The same, for what takes a POST.
SENT = {
    "warehouse_importrun_check": ("Mm", "/admin/warehouse/importrun/{run.pk}/check/"),
    "warehouse_importrun_confirm": ("Mm", "/admin/warehouse/importrun/{run.pk}/confirm/"),
    "warehouse_importrun_cancel": ("Mm", "/admin/warehouse/importrun/{run.pk}/cancel/"),
    "auth_user_new_password": ("Mm", "/admin/auth/user/{user.pk}/new-password/"),
    "core_apikey_rotate": ("Mm", "/admin/core/apikey/{key.pk}/rotate/"),
    "core_apikey_revoke": ("Mm", "/admin/core/apikey/{key.pk}/revoke/"),
    "notifications_channel_send_test": (
        "M",
        "/admin/notifications/channel/{channel.pk}/send-test/",
    ),
}

FLOOR_PAGES = {
    "floor:home": (FLOOR, "/floor/"),
    "floor:warehouse": ("MVRP", "/floor/warehouse/"),  # who works in one only is led on
    "floor:pick-lists": ("MmP", "/floor/pick/"),
    "floor:plan": ("Mm", "/floor/plan/"),
    "floor:receive": ("MmV", "/floor/receive/"),
    "floor:receive-without": ("MmV", "/floor/receive/without-order/"),
    "floor:put-away": ("MmVP", "/floor/put-away/"),
    "floor:returns": ("MmV", "/floor/returns/"),
    "floor:return-unknown": ("MmV", "/floor/returns/unknown/"),
    "floor:count": ("MmVP", "/floor/count/"),
    "floor:count-approvals": ("Mm", "/floor/count/approvals/"),
    "floor:count-here": ("MmVP", "/floor/count/here/"),
    "floor:move": ("MmVP", "/floor/move/"),
    "floor:look-up": (FLOOR, "/floor/look-up/"),
    "floor:look-up-hits": (FLOOR, "/floor/look-up/hits/?q=MAIN"),
    "floor:product": (FLOOR, "/floor/product/{sku}/"),
    "floor:labels": (FLOOR, "/floor/labels/?sku=MAIN-1"),
    "floor:labels-pdf": (FLOOR, "/floor/labels/pdf/?sku=MAIN-1&copies=1&start=1"),
}
# Of one thing, which lies in a warehouse: whoever stands in MAIN does nothing with what lies in EAST.
FLOOR_OF_ONE = {
    "floor:pick-list": ("MmP", "/floor/pick/{list.reference}/"),
    "floor:pick-task": ("MmP", "/floor/pick/{list.reference}/task/"),
    "floor:pick-problem": ("MmP", "/floor/pick/{list.reference}/problem/{line}/"),
    "floor:pick-finish": ("MmP", "/floor/pick/{list.reference}/finish/"),
    "floor:pick-tote": ("MmP", "/floor/pick/{list.reference}/tote/1/"),
    "floor:tote-problem": ("MmP", "/floor/pick/{boxed.reference}/tote/1/problem/"),
    "floor:list-slips": ("MmP", "/floor/pick/{boxed.reference}/slips/"),
    "floor:tote-slip": ("MmP", "/floor/pick/{boxed.reference}/tote/1/slip/"),
    "floor:packing-slip": ("MmP", "/floor/slip/{shipment.reference}/"),
    "floor:parcel": ("MmVP", "/floor/parcel/{shipment.reference}/"),
    "floor:receive-one": ("MmV", "/floor/receive/{purchase.reference}/"),
    "floor:delivery-labels": ("MmV", "/floor/delivery-labels/{purchase.reference}/"),
    "floor:delivery-labels-pdf": (
        "MmV",
        "/floor/delivery-labels-pdf/{purchase.reference}/?start=1",
    ),
    "floor:return": ("MmV", "/floor/returns/{back.reference}/"),
    "floor:count-task": ("MmVP", "/floor/count/{count.reference}/"),
}
# Of one thing that those who are limited to no warehouse may look at from wherever they stand.
FLOOR_LOOKED_AT = {
    "floor:bin": (FLOOR, "/floor/bin/{code}/A-01-01/"),
    "floor:return-of-order": ("MmV", "/floor/returns/order/SENT-{code}/"),
}

# Nobody is kept out, or sent away from, these; `object-history` is asked for as every model's history.
OPEN = {"home", "login", "logout", "floor:sign-in", "floor:sign-out", "object-history"}
