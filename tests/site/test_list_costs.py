"""What each list of the back office costs in statements: no more for many rows than for a few."""

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.site.every_address import no_trace
from tests.site.many_rows import more_like
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


def listed():
    """Every list that there is, by the name of its model."""
    return {f"{one._meta.app_label}_{one._meta.model_name}": one for one in admin.site._registry}


@pytest.fixture(scope="module")
def costs(django_db_setup, django_db_blocker):
    """By list: rows and statements of its first page, with few rows and with more."""
    with django_db_blocker.unblock(), no_trace():
        people()
        furnish()
        AccessAttempt.objects.create(username="x", failures_since_start=1)
        AccessFailureLog.objects.create(username="x")
        client = Client()
        client.force_login(get_user_model().objects.create_superuser("boss"))
        client.get("/admin/warehouse/bin/")
        few = {name: _cost(client, model) for name, model in listed().items()}
        for model in listed().values():
            if row := model._default_manager.last():
                more_like(row, MORE)
        yield {name: (few[name], _cost(client, model)) for name, model in listed().items()}


def _cost(client, model):
    path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/?all="
    with CaptureQueriesContext(connection) as sent:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(answer.context["cl"].result_list), len(sent)


def test_the_table_knows_every_list_and_no_other():
    assert set(LIMITS) == set(listed())


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_a_list_costs_no_more_for_many_rows_than_for_a_few(costs, name):
    (few, of_few), (many, of_many) = costs[name]
    assert few > 0
    assert many > few or many == A_PAGE, "there is more to show"
    assert of_many <= of_few <= LIMITS[name]
