"""What each list of the back office costs in statements: no more for many rows than for a few."""

from contextlib import contextmanager

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.site.every_address import no_trace
from tests.site.many_rows import more_like
from tests.site.staff import at
from tests.site.two_houses import furnish, people

# Statements of the first page. The filter of warehouses is one, and who moved something of late is one.
# Names of what was changed are read once for each kind of it.
LIMITS = {
    "auth_user": 8,
    "axes_accessattempt": 10,
    "axes_accessfailurelog": 10,
    "axes_accesslog": 10,
    "core_apikey": 7,
    "core_reportschedule": 8,
    "core_settingchange": 13,
    "notifications_alert": 7,
    "notifications_channel": 6,
    "notifications_delivery": 7,
    "notifications_endpoint": 7,
    "notifications_feedreader": 7,
    "notifications_ring": 7,
    "notifications_setaside": 6,
    "orders_counttask": 7,
    "orders_picklist": 8,
    "orders_pickscan": 8,
    "orders_purchaseorder": 8,
    "orders_returnorder": 7,
    "orders_salesorder": 8,
    "orders_shipment": 8,
    "orders_transferorder": 8,
    "warehouse_bin": 8,
    "warehouse_binstock": 7,
    "warehouse_clearance": 7,
    "warehouse_importrun": 6,
    "warehouse_inboundline": 7,
    "warehouse_inventoryitem": 7,
    "warehouse_lostdemand": 7,
    "warehouse_product": 8,
    "warehouse_reorderadvice": 7,
    "warehouse_reordersuggestion": 8,
    "warehouse_reservation": 7,
    "warehouse_stockmovement": 8,
    "warehouse_supplier": 7,
    "warehouse_warehouse": 7,
}
MORE = 9
A_PAGE = 50
# What it costs more to be limited: what the person may do, and the keys of the own warehouses.
# Orders and reservations, which may be in several, are looked for first by each path.
LIMITED = 4
LIMITED_IN_SEVERAL = {"orders_salesorder": 6, "warehouse_reservation": 5}
ONLY_GENERAL = {
    "axes_accessattempt", "axes_accessfailurelog", "axes_accesslog", "notifications_channel",
    "notifications_feedreader", "notifications_setaside",
}  # fmt: skip
WHO = ("boss", "manager-of-main")


def listed():
    """Every list that there is, by the name of its model."""
    return {f"{one._meta.app_label}_{one._meta.model_name}": one for one in admin.site._registry}


@pytest.fixture(scope="module")
def costs(django_db_setup, django_db_blocker):
    """By person and list: rows and statements of its first page, with few rows and with more."""
    with django_db_blocker.unblock(), no_trace():
        people()
        things = furnish()["MAIN"]
        AccessAttempt.objects.create(username="x", failures_since_start=1)
        AccessFailureLog.objects.create(username="x")
        get_user_model().objects.create_superuser("boss")
        clients = {name: at(get_user_model().objects.get(username=name)) for name in WHO}
        few = _costs(clients)
        with past_the_guards():
            for name, model in listed().items():
                if row := things.get(name) or model._default_manager.last():
                    more_like(row, MORE)
        many = _costs(clients)
        yield {asked: (few[asked], many[asked]) for asked in few}


@contextmanager
def past_the_guards():
    """A copy of a movement does not follow on the one that it is a copy of, and is refused for it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def _costs(clients):
    for client in clients.values():
        client.get("/admin/warehouse/bin/")
    found = {(who, name): _cost(client, name) for who, client in clients.items() for name in LIMITS}
    return {asked: cost for asked, cost in found.items() if cost}


def _cost(client, name):
    with CaptureQueriesContext(connection) as sent:
        answer = client.get(f"/admin/{name.replace('_', '/', 1)}/?all=")
    if answer.status_code == 403:
        return None
    return len(answer.context["cl"].result_list), len(sent)


def test_the_table_knows_every_list_and_no_other():
    assert set(LIMITS) == set(listed())


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_a_list_costs_no_more_for_many_rows_than_for_a_few(costs, name):
    (few, of_few), (many, of_many) = costs["boss", name]
    assert few > 0
    assert many > few or many == A_PAGE, "there is more to show"
    assert of_many <= of_few <= LIMITS[name]


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_nor_for_whoever_is_limited_to_a_warehouse(costs, name):
    if ("manager-of-main", name) not in costs:
        assert name in ONLY_GENERAL
        return
    (few, of_few), (many, of_many) = costs["manager-of-main", name]
    assert many >= few
    assert of_many <= of_few <= LIMITS[name] + LIMITED_IN_SEVERAL.get(name, LIMITED)
