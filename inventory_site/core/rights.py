"""What each role may do in the back office, model by model: the one table, applied after every migration.

It says what a page may be opened for at all. Which warehouses' rows are shown there is `StaffAccess`; what
is done to stock and documents is asked of the role itself, by the service or the action that does it.
"""

from collections.abc import Mapping
from typing import Any

from inventory_site.core.roles import MANAGER, PICKER, READ_ONLY, RECEIVER, ROLES

VIEW, CHANGE, ADD, DELETE = "view", "change", "add", "delete"

# Roles: M operations manager, V receiver, R read-only, P picker. Each may do what stands under its letter:
# v view, c change, a add, d delete. A model that is not here fails a test; "" is for superusers alone.
LETTERS = {"M": MANAGER, "V": RECEIVER, "R": READ_ONLY, "P": PICKER}
ACTIONS = {"v": VIEW, "c": CHANGE, "a": ADD, "d": DELETE}

SHOWN = "M:v R:v"  # to those who look after the whole
AT_THE_DOCK = "M:v V:v R:v"  # to receivers too
PART = "M:v V:v R:v"  # lines and counters, shown on the page of what they belong to

TABLE: Mapping[str, str] = {
    # people, keys, history
    "auth.user": "M:vca",
    "core.staffaccess": "M:vca",
    "core.apikey": "M:vca",
    "core.reportschedule": "M:vcad R:v",
    "core.settingchange": "M:v V:v R:v",  # of people, keys and channels to general managers alone
    "auth.group": "",
    "auth.permission": "",
    "admin.logentry": "",
    "contenttypes.contenttype": "",
    "sessions.session": "",
    "core.idempotencykey": "",
    "rest_framework_api_key.apikey": "",
    "axes.accessattempt": "",
    "axes.accessattemptexpiration": "",
    "axes.accessfailurelog": "",
    "axes.accesslog": "",
    # catalogue and places
    "warehouse.product": "M:vca V:v R:v",
    "warehouse.barcode": "M:vcad V:v R:v",
    "warehouse.supplier": "M:vca V:v R:v",
    "warehouse.warehouse": "M:vca V:v R:v",
    "warehouse.bin": "M:vca V:v R:v",
    # stock
    "warehouse.inventoryitem": AT_THE_DOCK,
    "warehouse.binstock": AT_THE_DOCK,
    "warehouse.stockmovement": AT_THE_DOCK,
    "warehouse.inboundline": AT_THE_DOCK,
    "warehouse.itemclass": PART,
    "warehouse.cyclecount": SHOWN,
    "warehouse.reservation": SHOWN,
    "warehouse.reservationline": SHOWN,
    "warehouse.lostdemand": SHOWN,
    "warehouse.reordersuggestion": AT_THE_DOCK,
    "warehouse.reorderadvice": SHOWN,
    "warehouse.clearance": SHOWN,
    "warehouse.importrun": "M:va",
    "warehouse.importfile": "",
    "warehouse.importmapping": "",
    "warehouse.cachegeneration": "",
    "warehouse.proofrun": "",
    # documents
    "orders.salesorder": SHOWN,
    "orders.orderline": SHOWN,
    "orders.picklist": SHOWN,
    "orders.picklistorder": SHOWN,
    "orders.pickline": SHOWN,
    "orders.pickscan": SHOWN,
    "orders.shipment": SHOWN,
    "orders.shipmentline": SHOWN,
    "orders.counttask": SHOWN,
    "orders.counttally": SHOWN,
    "orders.countentry": SHOWN,
    "orders.purchaseorder": AT_THE_DOCK,
    "orders.purchaseline": AT_THE_DOCK,
    "orders.returnorder": AT_THE_DOCK,
    "orders.returnline": AT_THE_DOCK,
    "orders.transferorder": AT_THE_DOCK,
    "orders.transferline": AT_THE_DOCK,
    "orders.flooraction": "",
    # alerts and what leaves the house
    "notifications.alert": SHOWN,
    "notifications.channel": "M:vcad",
    "notifications.route": "M:vcad",
    "notifications.ring": "M:v",
    "notifications.endpoint": "M:vca",
    "notifications.delivery": "M:v",
    "notifications.attempt": "M:v",
    "notifications.outboxevent": "",
    "notifications.feedreader": SHOWN,
    "notifications.setaside": SHOWN,
}

# Who has a back office at all. Pickers work on the floor.
IN_THE_OFFICE = frozenset({MANAGER, RECEIVER, READ_ONLY})


def rights_of(role: str) -> set[tuple[str, str, str]]:
    """App, model and action of everything that a role may do."""
    found = set()
    for label, line in TABLE.items():
        app, model = label.split(".")
        for letter, actions in (part.split(":") for part in line.split()):
            if LETTERS[letter] == role:
                found |= {(app, model, ACTIONS[action]) for action in actions}
    return found


def grant_rights(**_: Any) -> None:
    """Give each role what the table says, and take what it does not say. Runs after each app's migration.

    Permissions of apps that are migrated later are not there yet; their own turn brings them.
    """
    from django.apps import apps
    from django.db import transaction

    group = apps.get_model("auth", "Group")
    permission = apps.get_model("auth", "Permission")
    known = {
        (app, codename): key
        for key, app, codename in permission.objects.values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    wanted = {
        role: {
            known[app, f"{action}_{model}"]
            for app, model, action in rights_of(role)
            if (app, f"{action}_{model}") in known
        }
        for role in ROLES
    }
    with transaction.atomic():
        group.objects.bulk_create([group(name=role) for role in ROLES], ignore_conflicts=True)
        ids = dict(group.objects.filter(name__in=ROLES).values_list("name", "pk"))
        _set(group.permissions.through, {ids[role]: some for role, some in wanted.items()})


def _set(through: Any, wanted: Mapping[int, set[int]]) -> None:
    """One statement for what goes, one for what comes."""
    asked = {(role, one) for role, some in wanted.items() for one in some}
    given = {
        (role, one): key
        for key, role, one in through.objects.filter(group_id__in=wanted).values_list(
            "pk", "group_id", "permission_id"
        )
    }
    through.objects.filter(pk__in=[given[pair] for pair in given.keys() - asked]).delete()
    through.objects.bulk_create(
        [through(group_id=role, permission_id=one) for role, one in sorted(asked - given.keys())],
        ignore_conflicts=True,
    )
