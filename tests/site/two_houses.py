"""Two warehouses, and in each one of everything that the back office and the floor have a page for."""

from datetime import UTC, datetime

from django.contrib.auth import get_user_model
from django.db.models import Model

from inventory_site.core.keys import make_key
from inventory_site.core.models import ApiKey, ReportSchedule, SettingChange
from inventory_site.core.roles import MANAGER, PICKER, READ_ONLY, RECEIVER, Staff
from notifications.models import (
    Alert,
    Channel,
    Delivery,
    Endpoint,
    FeedReader,
    OutboxEvent,
    Ring,
    SetAside,
)
from orders import models as papers
from orders.services import packing, picking
from orders.services.purchasing import PurchaseLine, draft
from orders.services.returning import ReturnedLine, expect_return
from orders.services.transferring import WantedLine
from orders.services.transferring import request as ask_for
from tests.factories import SupplierFactory, do, item, stock, warehouse
from tests.orders.counted import opened
from tests.orders.making import order
from tests.orders.picking_world import claimed, planned, scan
from tests.site.staff import person
from warehouse import models as goods
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch

CODES = ("MAIN", "EAST")
Things = dict[str, Model]
WHEN = datetime(2026, 11, 1, tzinfo=UTC)


def people():
    """By the letter of the table: manager, manager of MAIN, receiver, reader, picker; and anonymous."""
    return {
        "M": person("manager", MANAGER),
        "m": person("manager-of-main", MANAGER, within=["MAIN"]),
        "V": person("receiver", RECEIVER),
        "R": person("reader", READ_ONLY),
        "P": person("picker", PICKER),
        "a": None,
    }


def furnish() -> dict[str, Things]:
    """Each kind of row by the name of its page, such as orders_salesorder, in either warehouse."""
    for code in CODES:
        stock({(f"{code}-1", code): 60, (f"{code}-2", code): 60})
    for place in ("WEST", "SOUTH"):
        warehouse(place)
    supplier = SupplierFactory(code="ACME")
    goods.Product.objects.update(supplier=supplier)
    return {code: _stock(code) | _papers(code) | _told(code) | _set_up(code) for code in CODES}


def _stock(code: str) -> Things:
    do(set_reorder_batch, settings=[ReorderSetting(f"{code}-1", code, 3, 6)])
    one = item(f"{code}-1", code)
    change = SettingChange.objects.filter(warehouse=code).first()
    goods.LostDemand.objects.create(
        reference=f"LOST-{code}", product=one.product, warehouse=one.warehouse, requested=2, available=1,
        actor="x",
    )  # fmt: skip
    return {
        "warehouse_product": one.product,
        "warehouse_importrun": goods.ImportRun.objects.create(
            kind="bins", status="done", file_name=f"{code}.csv", size=1, sha256=code, actor="x"
        ),
        "warehouse_supplier": one.product.supplier,
        "warehouse_warehouse": one.warehouse,
        "warehouse_bin": one.warehouse.bins.get(code="A-01-01"),
        "warehouse_inventoryitem": one,
        "warehouse_binstock": one.bin_stocks.first(),
        "warehouse_stockmovement": one.movements.first(),
        "warehouse_lostdemand": goods.LostDemand.objects.get(warehouse=one.warehouse),
        "warehouse_reordersuggestion": one.reorder_suggestions.create(
            available=1, inbound=0, quantity=5
        ),
        "warehouse_reorderadvice": goods.ReorderAdvice.objects.create(
            item=one, point=4, quantity=9, old_point=0, old_quantity=0, safety_stock=1, abc="A",
            pattern="smooth", method="ses", weekly_mean=1, weekly_deviation=1, lead_days=7, lead_deviation=1,
            deliveries=0, service=0.9, weeks=10, lost_units=0,
        ),
        "warehouse_clearance": goods.Clearance.objects.create(
            item=one, way="mark_down", units=60, opened_by="x", changed_by="x"
        ),
        "core_settingchange": change,
    }  # fmt: skip


def _papers(code: str) -> Things:
    sku = f"{code}-1"
    for name in ("WALK", "SENT", "BOXED", "WAIT"):
        order(f"{name}-{code}", **{sku: 2}, warehouse=code, ship_to_name="Ada")
    worker = person(f"worker-of-{code}", PICKER, within=[code]).pk
    sent = planned("batch", warehouse=code, orders=[f"SENT-{code}"])[0]
    boxed = planned("batch", warehouse=code, orders=[f"BOXED-{code}"])[0]
    do(picking.pick_whole_lists, pick_lists=[sent, boxed])
    do(packing.pack_all, pick_list=boxed)
    do(packing.ship_packed, pick_list=sent, carrier="DHL", tracking_number="1")
    walked = claimed(worker, orders=[f"WALK-{code}"], warehouse=code)
    scan(walked, worker, bin="A-01-01", code=sku)
    do(
        draft, reference=f"PO-{code}", supplier="ACME", warehouse=code, lines=[PurchaseLine(sku, 5)],
    )  # fmt: skip
    do(expect_return, reference=f"RMA-{code}", warehouse=code, lines=[ReturnedLine(sku, 1)])
    to = "WEST" if code == "MAIN" else "SOUTH"
    do(
        ask_for, reference=f"TR-{code}", source=code, destination=to, lines=[WantedLine(sku, 1)],
    )  # fmt: skip
    shipment = papers.Shipment.objects.get(warehouse__code=code)
    return {
        "orders_salesorder": papers.SalesOrder.objects.get(reference=f"WAIT-{code}"),
        "warehouse_reservation": goods.Reservation.objects.get(reference=f"WAIT-{code}"),
        "orders_picklist": papers.PickList.objects.get(reference=walked),
        "boxed": papers.PickList.objects.get(reference=boxed),
        "orders_pickscan": papers.PickScan.objects.filter(
            pick_line__pick_list__reference=walked
        ).first(),
        "orders_shipment": shipment,
        "orders_counttask": papers.CountTask.objects.get(reference=opened(code=code)),
        "orders_purchaseorder": papers.PurchaseOrder.objects.get(reference=f"PO-{code}"),
        "orders_returnorder": papers.ReturnOrder.objects.get(reference=f"RMA-{code}"),
        "orders_transferorder": papers.TransferOrder.objects.get(reference=f"TR-{code}"),
        "warehouse_inboundline": goods.InboundLine.objects.create(
            reference=f"IN-{code}", kind="purchase", item=item(f"{code}-2", code), quantity=3
        ),
    }


def _told(code: str) -> Things:
    alert = Alert.objects.create(
        rule="low_stock", subject=code, warehouse=code, severity="urgent", title=code, rings_at=WHEN
    )  # fmt: skip
    channel, _ = Channel.objects.get_or_create(name="team", kind="email", sealed_address="x")
    endpoint = Endpoint.objects.create(
        name=f"hook-{code}",
        url="https://shop.example/",
        warehouses=[code],
        sealed_secret="x",
        actor="x",
    )
    event = OutboxEvent.objects.order_by("pk").first()
    reader, _ = FeedReader.objects.get_or_create(name="alerts")
    return {
        "notifications_alert": alert,
        "notifications_channel": channel,
        "notifications_ring": Ring.objects.create(alert=alert, channel=channel, due_at=WHEN),
        "notifications_endpoint": endpoint,
        "notifications_delivery": Delivery.objects.create(
            endpoint=endpoint, event=event, sequence=1, status="failed"
        ),
        "notifications_feedreader": reader,
        "notifications_setaside": SetAside.objects.get_or_create(
            event=event, reader=reader.name, defaults={"error": "x"}
        )[0],
    }


def _set_up(code: str) -> Things:
    boss = Staff(0, "boss", frozenset({MANAGER}), None)
    made = do(make_key, name=f"key-{code}", scopes=["stock:read"], warehouses=[code], who=boss)
    name = {"MAIN": "manager-of-main"}.get(code, "manager")
    return {
        "core_reportschedule": ReportSchedule.objects.create(
            report="dead-stock", form="csv", recipients=["ops@shop.example"], due_at=WHEN,
            owner=get_user_model().objects.get(username=name),
        ),
        "auth_user": person(f"helper-of-{code}", PICKER, within=[code]),
        "core_apikey": ApiKey.objects.get(prefix=made.prefix),
    }  # fmt: skip
