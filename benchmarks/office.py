"""What the dashboard and each list of the back office cost the server, among 8,000 SKUs in two warehouses,
two million movements, and the papers of a year. Run as a program."""

import json
import os
import sys
from typing import Any, LiteralString

from benchmarks import reporting, world

TIMES = 5
MOST_OF_DASHBOARD, MOST_OF_LIST = 300.0, 200.0  # milliseconds
MANAGER, OF_MAIN = "picker-1", "picker-2"  # of the people whom the reports' world has

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
)

# What is looked for, by the list it is looked for in.
SEARCHES = {
    "warehouse/product": ("B0012", "Prodict 77"),
    "warehouse/inventoryitem": ("B00123",),
    "warehouse/stockmovement": ("O-77-1200", "B00123"),
    "warehouse/reservation": ("SO-1777",),
    "orders/salesorder": ("SO-1777", "B00123"),
    "orders/returnorder": ("R-1777",),
    "orders/shipment": ("SH-1777",),
}


def measured(items: int) -> dict[str, list[float]]:
    """Of each page: the milliseconds it takes the server, and the most it may."""
    return dict(json.loads(world.told_by("benchmarks.office", items)))


def fill(items: int) -> None:
    """The reports' world with papers, and a manager of one warehouse."""
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
    limited = get_user_model().objects.get(username=OF_MAIN)
    limited.groups.add(Group.objects.get(name=ROLE))
    StaffAccess.objects.update_or_create(user=limited, defaults={"warehouses": ["MAIN"]})
    world.analyse()


def pages() -> dict[str, list[float]]:
    """The dashboard with and without what it remembers, then every list, and what is looked for."""
    from django.contrib import admin
    from django.core.cache import cache
    from django.test.utils import override_settings

    told: dict[str, list[float]] = {}
    lists = sorted(f"{one._meta.app_label}/{one._meta.model_name}" for one in admin.site._registry)
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
        for name, words in ((MANAGER, ""), (OF_MAIN, ", manager of MAIN")):
            client = _signed_in(name)
            for what, before in (("dashboard, cold", cache.clear), ("dashboard", None)):
                told[what + words] = [_took(client, "/admin/", before), MOST_OF_DASHBOARD]
            for one in lists:
                if client.get(f"/admin/{one}/").status_code == 200:
                    told[one + words] = [_took(client, f"/admin/{one}/"), MOST_OF_LIST]
                for asked in SEARCHES.get(one, ()):
                    took = _took(client, f"/admin/{one}/?q={asked}")
                    told[f"{one}, looking for {asked}{words}"] = [took, MOST_OF_LIST]
    return told


def _signed_in(name: str) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(
        get_user_model().objects.get(username=name), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def _took(client: Any, path: str, before: Any = None) -> float:
    """Milliseconds of the whole page, in the middle of so many."""
    from time import perf_counter

    took = []
    for _ in range(TIMES):
        if before is not None:
            before()
        began = perf_counter()
        assert client.get(path).status_code == 200, path
        took.append((perf_counter() - began) * 1000)
    return sorted(took)[TIMES // 2]


def _measure(items: int) -> dict[str, list[float]]:
    import django

    django.setup()
    fill(items)
    return pages()


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
