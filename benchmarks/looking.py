"""How long somebody on the floor waits for what is like the fragment they type: the page, asked as a device
asks for it, among so many products in two warehouses. Run as a program.
"""

import os
import sys
import time
from typing import Any

from benchmarks import world

# Words of a gift wholesaler's names: each name is four of them, so many are alike.
WORDS = """
    WHITE RED BLUE PINK GREEN IVORY VINTAGE RETRO REGENCY FRENCH METAL WOODEN GLASS CERAMIC PAPER HANGING
    STANDING LARGE SMALL MINI SET ROUND SQUARE HEART STAR FLOWER ROSE BIRD CAT DOG CHRISTMAS EASTER PARTY
    GARDEN KITCHEN TRAVEL LUNCH JUMBO LANTERN CANDLE HOLDER BUNTING CAKESTAND TEACUP SAUCER PLATE BOWL MUG
    BAG BOX TIN FRAME MIRROR CLOCK SIGN DOORMAT CUSHION COVER APRON TOWEL NAPKIN CARD WRAP RIBBON TAPE
"""
FILL = """
    INSERT INTO warehouse_product (sku, name, active, version)
    SELECT (10000 + n)::text || chr(65 + n %% 26),
           (SELECT string_agg(w[1 + (n::bigint * k * 7919 + n / 64 * k + k * 31) %% cardinality(w)], ' ')
              FROM generate_series(1, 4) AS k) || ' ' || n %% 100, true, 1
      FROM generate_series(0, %(products)s - 1) AS n, (SELECT %(words)s::text[] AS w) x
"""
BARCODES = """
    INSERT INTO warehouse_barcode (code, product_id)
    SELECT (4000000000000 + id * 37)::text, id FROM warehouse_product
"""
TYPED = (
    "lantern", "lantren", "red heart", "hanging heart holder", "regancy cakstand", "christmas", "bag",
    "10123", "8012", "000037", "wodden box", "holder t", "zzzz", "ca", "k", "pink retro tin mirror",
)  # fmt: skip
HITS = "/floor/look-up/hits/"
# A bin for four products; each product lies in both warehouses.
PLACES = """
    INSERT INTO warehouse_warehouse (code, name, address, time_zone, priority)
    VALUES ('MAIN', 'Main', '', 'UTC', 1), ('EAST', 'East', '', 'UTC', 2)
"""
BINS = """
    INSERT INTO warehouse_bin (code, kind, pick_sequence, warehouse_id)
    SELECT chr(65 + n %% 26) || '-' || lpad((n / 26 %% 99)::text, 2, '0') || '-' || n / 2574, 'pick', n, w.id
      FROM generate_series(0, %(bins)s - 1) AS n, warehouse_warehouse w
"""
ITEMS = """
    INSERT INTO warehouse_inventoryitem
           (product_id, warehouse_id, on_hand, reserved, unsellable, inbound, safety_stock, reorder_point,
            reorder_quantity, version, primary_bin_id)
    SELECT p.id, b.warehouse_id, 40, 3, 0, 0, 0, 0, 0, 1, b.id
      FROM warehouse_product p JOIN warehouse_bin b ON b.pick_sequence = p.id %% %(bins)s
"""
STOCK = """
    INSERT INTO warehouse_binstock (item_id, bin_id, quantity)
    SELECT id, primary_bin_id, on_hand FROM warehouse_inventoryitem
"""


def look_up_among(products: int) -> float:
    """Milliseconds in which 19 of 20 look-ups are answered: fragments and misspellings."""
    return float(world.told_by("benchmarks.looking", products))


def _fill(products: int) -> None:
    from inventory_site.core.sql import rows

    bins = {"bins": products // 4}
    rows("SET session_replication_role = replica", [])
    rows(FILL, {"products": products, "words": WORDS.split()})
    for statement in (BARCODES, PLACES):
        rows(statement, [])
    for statement in (BINS, ITEMS):
        rows(statement, bins)
    rows(STOCK, [])
    rows("SET session_replication_role = origin", [])
    world.analyse()


def _look_ups(products: int) -> float:
    import django

    django.setup()
    _fill(products)
    device = _device()
    took = []
    for _ in range(12):
        for typed in TYPED:
            began = time.perf_counter()
            answer = device.get(HITS, {"q": typed}, secure=True)
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200
    if os.environ.get("TELL"):
        for n, typed in enumerate(TYPED):
            print(typed, round(min(took[n :: len(TYPED)]), 1), file=sys.stderr)
    return sorted(took)[int(0.95 * len(took))]


def _device() -> Any:
    """A picker's, standing in MAIN."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client

    from inventory_site.core.roles import PICKER

    settings.ALLOWED_HOSTS = ["testserver"]
    kim = get_user_model().objects.create(username="kim")
    kim.groups.add(Group.objects.get_or_create(name=PICKER)[0])
    device = Client()
    device.force_login(kim, "django.contrib.auth.backends.ModelBackend")
    device.post("/floor/warehouse/", {"warehouse": "MAIN"}, secure=True)
    hits = device.get(HITS, {"q": "lantern"}, secure=True).content.decode()
    assert "LANTERN" in hits, "the device sees no product"
    assert '<strong class="num">40</strong>' in hits, "the device sees no stock"
    return device


if __name__ == "__main__":
    print(_look_ups(int(sys.argv[1])))
