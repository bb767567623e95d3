"""A made-up past of a small house, through the services, and what Python makes of its ledger."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.factories import BinFactory, ProductFactory, do, item, warehouse
from tests.warehouse.histories import NOW
from warehouse.lines import AdjustLine, PlacedLine, ReserveLine, TransferLine
from warehouse.models import Product, StockMovement, Warehouse
from warehouse.services.movements import adjust, damage, receive
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship
from warehouse.services.transfers import transfer

ZONES = {"MAIN": "America/New_York", "EAST": "Asia/Tokyo"}
SKUS = ("A", "B", "C")
DAYS = 40


def lived(seed: int) -> None:
    """Forty days up to NOW in two warehouses far from each other, some acts a day, in order of time."""
    dice = random.Random(seed)
    for code, zone in ZONES.items():
        place = warehouse(code)
        Warehouse.objects.filter(pk=place.pk).update(time_zone=zone)
        for bin_code in ("A-01-01", "A-01-02"):
            BinFactory(warehouse=place, code=bin_code)
    for sku in SKUS:
        ProductFactory(sku=sku)
    Product.objects.filter(sku="A").update(unit_cost="2.5000")
    Product.objects.filter(sku="B").update(unit_cost="0.3333")
    moments = sorted(NOW - timedelta(minutes=dice.randrange(DAYS * 1440)) for _ in range(70))
    for n, at in enumerate(moments):
        act(dice, f"{seed}-{n}", at)


def act(dice: random.Random, reference: str, at: datetime) -> None:
    sku, code = dice.choice(SKUS), dice.choice(list(ZONES))
    other = next(x for x in ZONES if x != code)
    there = on_hand(sku, code)
    if there < 3 or dice.random() < 0.3:
        lines = [PlacedLine(sku, code, dice.randint(1, 30), dice.choice(["A-01-01", "A-01-02"]))]
        do(receive, reference=reference, lines=lines, now=at)
        return
    some = dice.randint(1, min(there, 9))
    way = dice.choice(["ship", "ship", "adjust", "damage", "away"])
    if way == "ship":
        free = item(sku, code)
        some = min(some, free.on_hand - free.unsellable - free.reserved)
        if some > 0:
            do(reserve, reference=reference, lines=[ReserveLine(sku, some)], warehouse=code, now=at)
            do(ship, reference=reference, now=at)
    elif way == "adjust":
        lines = [AdjustLine(sku, code, delta=some, bin="A-01-01")]
        do(adjust, reference=reference, reason="found", lines=lines, now=at)
    elif way == "damage":
        lines = [PlacedLine(sku, code, 1, fullest(sku, code))]
        do(damage, reference=reference, reason="fell", lines=lines, now=at)
    else:
        lines = [TransferLine(sku, 1)]
        do(
            transfer,
            reference=reference,
            from_warehouse=code,
            to_warehouse=other,
            lines=lines,
            now=at,
        )


def on_hand(sku: str, code: str) -> int:
    found = Product.objects.filter(sku=sku, items__warehouse__code=code)
    return found.values_list("items__on_hand", flat=True).first() or 0


def fullest(sku: str, code: str) -> str:
    held = item(sku, code).bin_stocks.order_by("-quantity").select_related("bin").first()
    assert held is not None
    return held.bin.code


def ledger() -> list[StockMovement]:
    """Every movement in the order in which it was written."""
    found = StockMovement.objects.select_related("item__product", "item__warehouse")
    return list(found.order_by("id"))


def midnight_after(day, code: str) -> datetime:
    """When this day ends in that warehouse."""
    zone = ZoneInfo(Warehouse.objects.get(code=code).time_zone)
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)


def left_at(day) -> dict[tuple[str, str], int]:
    """What the last movement up to the end of that day left behind, by SKU and warehouse."""
    ends = {
        code: midnight_after(day, code) for code in Warehouse.objects.values_list("code", flat=True)
    }
    left = {}
    for one in ledger():
        sku, code = one.item.product.sku, one.item.warehouse.code
        if one.occurred_at < ends[code]:
            left[sku, code] = one.on_hand_after
    return {key: units for key, units in left.items() if units}
