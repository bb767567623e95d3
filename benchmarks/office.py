"""What the dashboard, each list, its filters and searches cost the server, among 8,000 SKUs in two large
warehouses, two million movements, and the papers of a year; beside them a small warehouse that has been quiet
for long, and a new one where nothing has happened. Run as a program."""

import json
import os
import sys
from typing import Any, LiteralString

from benchmarks import reporting, world

TIMES = 5
MOST_OF_DASHBOARD, MOST_OF_LIST = 300.0, 200.0  # milliseconds
# Of the people whom the reports' world has: who asks, how that is told, the warehouses they are limited to.
MANAGER = "picker-1"
ASKED_BY = (
    (MANAGER, "", None),
    ("picker-2", ", manager of MAIN", ["MAIN"]),
    ("picker-3", ", manager of SMALL", ["SMALL"]),
    ("picker-4", ", manager of NEW", ["NEW"]),
)

# Beside what the reports' world has: 200,000 orders with what is promised to them and their parcels, what was
# told of it to a shop, and changes of settings.
PAPERS: tuple[LiteralString, ...] = (
    "SET session_replication_role = replica",
    """
    INSERT INTO warehouse_reservation (reference, status, fingerprint, pinned, owner, actor)
    SELECT 'SO-' || n, CASE WHEN n % 100 = 0 THEN 'active' ELSE 'fulfilled' END, '', false, 'orders', 'bench'
      FROM generate_series(1, 200000) AS n
    """,
    """
    INSERT INTO warehouse_reservationline (reservation_id, item_id, quantity, shipped, released, backordered)
    SELECT r.id, i.item, 2, CASE WHEN r.status = 'active' THEN 0 ELSE 2 END, 0, 0
      FROM warehouse_reservation r,
           LATERAL (VALUES (1 + r.id % 16000), (1 + (r.id + 777) % 16000)) AS i (item)
    """,
    """
    INSERT INTO orders_salesorder (reference, status, priority, carrier, ship_to_name, ship_to_address, notes,
                                   reservation_id, fingerprint, actor, placed_at)
    SELECT reference, CASE WHEN status <> 'active' THEN 'shipped' WHEN id % 200 = 0 THEN 'backordered'
                           ELSE 'allocated' END,
           5, (ARRAY['DHL', 'UPS', 'Post'])[1 + id % 3], 'Customer ' || id % 9000, '', '', id, '', 'bench',
           statement_timestamp() - id % 365 * interval '1 day'
      FROM warehouse_reservation
    """,
    """
    INSERT INTO orders_orderline (order_id, product_id, quantity)
    SELECT o.id, (l.item_id + 1) / 2, l.quantity FROM orders_salesorder o
      JOIN warehouse_reservationline l ON l.reservation_id = o.reservation_id
        ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO orders_shipment (reference, order_id, warehouse_id, carrier, tracking_number, actor)
    SELECT 'SH-' || id, id, 1 + id % 2, carrier, 'T' || id, 'bench'
      FROM orders_salesorder WHERE status = 'shipped'
    """,
    """
    INSERT INTO notifications_outboxevent (position, type, reference, actor, levels, details, warehouses)
    SELECT 1, 'stock.shipped', reference, 'bench', '[]', '{}', '{}' FROM orders_salesorder
    """,
    """
    INSERT INTO notifications_endpoint
           (name, url, types, warehouses, sealed_secret, sealed_old_secret, enabled, since, last_sequence,
            looked_to, failures, actor, created_at)
    VALUES ('shop', 'https://shop.example/', '{}', '{MAIN}', '', '', true, 0, 0, 0, 0, 'bench', now())
    """,
    """
    INSERT INTO notifications_delivery (endpoint_id, event_id, sequence, status, attempts)
    SELECT 1, id, id, 'delivered', 1 FROM notifications_outboxevent
    """,
    """
    INSERT INTO notifications_attempt (delivery_id, duration_ms, status_code, error, answer)
    SELECT id, 20, 200, '', '' FROM notifications_delivery
    """,
    """
    INSERT INTO core_settingchange (actor, topic, subject_id, subject, warehouse, action, changes)
    SELECT 'bench', 'warehouse.inventoryitem', n, 'B' || n, 'MAIN', 'update', '{"reorder_point": [3, 4]}'
      FROM generate_series(1, 100000) AS n
    """,
    """
    INSERT INTO warehouse_reordersuggestion (item_id, available, inbound, quantity, closed_at)
    SELECT 1 + n % 16000, 1, 0, 20, CASE WHEN n > 400 THEN now() END FROM generate_series(1, 20000) AS n
    """,
    """
    INSERT INTO warehouse_inboundline (reference, kind, item_id, quantity, received, cancelled)
    SELECT 'PO-' || n / 20, 'purchase', 1 + n % 16000, 5, 5, 0 FROM generate_series(1, 50000) AS n
    """,
    # The small warehouse: what happened there is older than all the rest.
    """
    INSERT INTO warehouse_warehouse (code, name, address, time_zone, priority)
    VALUES ('SMALL', 'Small', '', 'UTC', 3), ('NEW', 'New', '', 'UTC', 4)
    """,
    """
    INSERT INTO warehouse_bin (code, kind, pick_sequence, warehouse_id)
    SELECT 'S-1', 'pick', 1, id FROM warehouse_warehouse WHERE code = 'SMALL'
    """,
    """
    INSERT INTO warehouse_inventoryitem
           (product_id, warehouse_id, on_hand, reserved, unsellable, inbound, safety_stock, reorder_point,
            reorder_quantity, version, primary_bin_id)
    SELECT n, b.warehouse_id, 10, 0, 0, 0, 0, 0, 0, 1, b.id
      FROM generate_series(1, 20) AS n, warehouse_bin b WHERE b.code = 'S-1'
    """,
    """
    INSERT INTO warehouse_stockmovement
           (id, item_id, type, quantity, bin_to_id, on_hand_after, reference, reason, notes, actor,
            occurred_at)
    SELECT -10 * i.id - n, i.id, 'receive', 1, i.primary_bin_id, n, 'SMALL-' || n, '', '', 'bench',
           statement_timestamp() - interval '800 days'
      FROM warehouse_inventoryitem i, generate_series(1, 10) AS n WHERE i.id > 16000
    """,
    """
    INSERT INTO warehouse_reservation (id, reference, status, fingerprint, pinned, owner, actor)
    SELECT -n, 'SMALL-' || n, 'fulfilled', '', false, 'orders', 'bench' FROM generate_series(1, 80) AS n
    """,
    """
    INSERT INTO warehouse_reservationline (reservation_id, item_id, quantity, shipped, released, backordered)
    SELECT -n, 16001 + n % 20, 2, 2, 0, 0 FROM generate_series(1, 80) AS n
    """,
    """
    INSERT INTO orders_salesorder (id, reference, status, priority, carrier, ship_to_name, ship_to_address,
                                   notes, reservation_id, fingerprint, actor, placed_at)
    SELECT id, reference, 'shipped', 5, 'DHL', 'Customer', '', '', id, '', 'bench',
           statement_timestamp() - interval '800 days'
      FROM warehouse_reservation WHERE id < 0
    """,
)

# What is looked for, by the list it is looked for in: one thing, many things, what is misspelt, and nothing.
SEARCHES = {
    "warehouse/product": ("B0012", "B", "Prodict 77", "zzzqq"),
    "warehouse/inventoryitem": ("B00123", "B0", "Prodict", "zzzqq"),
    "warehouse/stockmovement": (
        "O-77-1200", "B00123", "B0012", "O-7", "O", "B0", "B", "Prodict", "zzzqq",
    ),
    "warehouse/binstock": ("A-1", "B00123", "zzzqq"),
    "warehouse/lostdemand": ("L-1", "B0", "zzzqq"),
    "warehouse/inboundline": ("PO-1", "B0", "zzzqq"),
    "warehouse/reservation": ("SO-1777", "SO-1", "B00123", "Prodict", "zzzqq"),
    "orders/salesorder": ("SO-1777", "SO-1", "B00123", "B0", "Customer", "ustomer 77", "zzzqq"),
    "orders/returnorder": ("R-1777", "R", "zzzqq"),
    "orders/shipment": ("SH-1777", "SH-1", "zzzqq"),
}  # fmt: skip


def measured(items: int) -> dict[str, list[float]]:
    """Of each page: the milliseconds it takes the server, and the most it may."""
    return dict(json.loads(world.told_by("benchmarks.office", items)))


def fill(items: int) -> None:
    """The reports' world with papers, and managers of all warehouses and of some."""
    import psycopg

    reporting.fill(items)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        for statement in PAPERS:
            server.execute(statement)
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    from inventory_site.core.models import StaffAccess
    from inventory_site.core.rights import grant_rights
    from inventory_site.core.roles import MANAGER as ROLE

    grant_rights()
    for name, _, warehouses in ASKED_BY:
        user = get_user_model().objects.get(username=name)
        user.groups.add(Group.objects.get(name=ROLE))
        if warehouses is not None:
            StaffAccess.objects.update_or_create(user=user, defaults={"warehouses": warehouses})
    world.analyse()


def pages() -> dict[str, list[float]]:
    """Of each who asks: the dashboard with and without what it remembers, then every list, by the slowest of
    the choices of its filters as well, and what is looked for."""
    from django.contrib import admin
    from django.core.cache import cache
    from django.test.utils import override_settings

    told: dict[str, list[float]] = {}
    lists = sorted(f"{one._meta.app_label}/{one._meta.model_name}" for one in admin.site._registry)
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
        for name, words, _ in ASKED_BY:
            client = _signed_in(name)
            for what, before in (("dashboard, cold", cache.clear), ("dashboard", None)):
                told[what + words] = [_took(client, "/admin/", before), MOST_OF_DASHBOARD]
            for one in lists:
                for asked in _questions(client, one):
                    took = _took(client, f"/admin/{one}/{asked}")
                    told[f"{one}{asked}{words}"] = [took, MOST_OF_LIST]
    return told


def _questions(client: Any, one: str) -> list[str]:
    """What the list is asked: nothing, the slowest choice of its filters, each search. None, where this
    person has no such list."""
    from django.apps import apps
    from django.contrib import admin

    page = client.get(f"/admin/{one}/")
    if page.status_code != 200:
        return []
    listed = admin.site._registry[apps.get_model(one.replace("/", "."))].get_changelist_instance(
        page.wsgi_request
    )
    choices = {
        str(choice["query_string"]) for spec in listed.filter_specs for choice in spec.choices(listed)
        if "query_string" in choice and not choice.get("selected")
    }  # fmt: skip
    slowest = sorted(choices, key=lambda asked: _took(client, f"/admin/{one}/{asked}", times=1))
    return ["", *slowest[-1:], *(f"?q={words}" for words in SEARCHES.get(one, ()))]


def _signed_in(name: str) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(
        get_user_model().objects.get(username=name), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def _took(client: Any, path: str, before: Any = None, times: int = TIMES) -> float:
    """Milliseconds of the whole page, in the middle of so many."""
    from time import perf_counter

    took = []
    for _ in range(times):
        if before is not None:
            before()
        began = perf_counter()
        assert client.get(path).status_code == 200, path
        took.append((perf_counter() - began) * 1000)
    return sorted(took)[times // 2]


def _measure(items: int) -> dict[str, list[float]]:
    import django

    django.setup()
    fill(items)
    return pages()


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
