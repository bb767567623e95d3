"""A page costs what it shows, whatever there is beside it: its plan reads the index of its order."""

from itertools import count

import pytest
from django.db import connection

from inventory_site.core.office import concerning
from tests.factories import do, stock
from tests.warehouse.statements import sent_by
from warehouse import listings, locks, queries
from warehouse.lines import ReserveLine
from warehouse.models import Product, StockMovement
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue():
    """5,000 products that were not added in the order of their SKUs."""
    numbers = [n * 2741 % 5000 for n in range(5000)]
    Product.objects.bulk_create(Product(sku=f"S{n:05d}", name="A thing") for n in numbers)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE warehouse_product")


def plan(sql: str) -> str:
    """As it is run: prepared once, for any parameters."""
    place = count(1)
    parts = sql.split("%s")
    numbered = parts[0] + "".join(f"${next(place)}{part}" for part in parts[1:])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (GENERIC_PLAN) {numbered}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize(
    ("read", "after"), [(queries.levels_page, "after_sku"), (listings.products, "after")]
)
def test_a_page_of_the_catalogue_reads_the_index_of_the_skus(catalogue, read, after):
    (sql,) = sent_by(read, limit=50, **{after: "S01000"})
    told = plan(sql)
    assert "Index Scan using warehouse_product_sku" in told, told
    assert "Seq Scan on warehouse_product" not in told, told
    pages = [read(limit=50, **{after: f"S0{n}999"}) for n in (1, 2)]
    skus = [one.sku if hasattr(one, "sku") else one[0] for page in pages for one in page]
    assert skus == [f"S0{n}{place:03d}" for n in (2, 3) for place in range(50)]


def test_open_reservations_are_counted_in_their_index():
    (sql,) = sent_by(queries.open_reservations, actor="api:shop", most=10)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "reservation_open_by_actor" in plan(sql)


def test_what_has_run_out_is_found_in_the_index_of_what_is_due_however_many_hold_the_item():
    stock({("A", "MAIN"): 1})
    do(reserve, reference="R", lines=[ReserveLine("A", 1)], expires_in=900)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            """
            WITH made AS (
                INSERT INTO warehouse_reservation (reference, status, fingerprint, actor, owner, pinned,
                                                   expires_at, created_at, updated_at)
                SELECT reference || n, status, fingerprint, actor, owner, pinned,
                       expires_at + n * interval '1 second', created_at, updated_at
                  FROM warehouse_reservation, generate_series(1, 5000) n
                RETURNING id)
            INSERT INTO warehouse_reservationline
                   (reservation_id, item_id, quantity, shipped, released, backordered)
            SELECT made.id, l.item_id, 1, 0, 0, 0 FROM made, warehouse_reservationline l
            """
        )
        cursor.execute("ANALYZE warehouse_reservation, warehouse_reservationline")
    assert "reservation_due" in plan(locks._RUN_OUT())


@pytest.fixture
def quiet_warehouse():
    """A ledger of 20,000 movements, of which a small warehouse has the oldest."""
    stock({("OLD", "SMALL"): 3})
    stock({("A", "MAIN"): 1})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            """
            INSERT INTO warehouse_stockmovement
                   (item_id, type, quantity, bin_to_id, on_hand_after, reference, reason, notes, actor,
                    occurred_at)
            SELECT item_id, type, quantity, bin_to_id, on_hand_after, 'R', '', '', 'x', occurred_at
              FROM (SELECT * FROM warehouse_stockmovement ORDER BY id DESC LIMIT 1) newest,
                   generate_series(1, 20000)
            """
        )
        cursor.execute("ANALYZE warehouse_stockmovement, warehouse_inventoryitem")


def test_what_a_small_warehouse_moved_is_read_by_its_items(quiet_warehouse):
    ledger = StockMovement.objects.all()
    own = concerning(ledger, {"SMALL"}, ("item__warehouse__code",))
    told = own.order_by().values("pk")[:5001].explain()
    assert "movement_item" in told, told
    assert "Seq Scan on warehouse_stockmovement" not in told, told
    assert own.count() == 1


def test_of_a_product_that_moves_all_day_no_more_is_read_than_is_shown(quiet_warehouse):
    (sql,) = sent_by(listings.movements, sku="A", limit=50)
    place = count(1)
    first, *parts = sql.split("%s")
    page = first + "".join(f"${next(place)}{part}" for part in parts)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE page AS {page}")
        words = "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) EXECUTE page"
        cursor.execute(f"{words} (50, NULL, NULL, NULL, NULL, 'A', 50)")
        told = "\n".join(line for (line,) in cursor.fetchall())
    (scan,) = (line for line in told.splitlines() if "on warehouse_stockmovement" in line)
    assert "movement_item" in scan, told
    assert "actual rows=50.00" in scan, told
