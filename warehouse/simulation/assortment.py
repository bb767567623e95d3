"""What the demo's company sells and where it keeps it: made up, and the same for the same seed."""

import random
from dataclasses import dataclass
from decimal import Decimal

from warehouse.sheets.rows import OpeningStockRow

MATERIALS = (
    "Oak", "Walnut", "Beech", "Linen", "Cotton", "Wool", "Ceramic", "Stoneware", "Glass", "Brass",
    "Copper", "Enamel", "Rattan", "Jute", "Cork", "Slate", "Marble", "Bamboo", "Felt", "Leather",
)  # fmt: skip
STYLES = (
    "Little", "Classic", "Harbour", "Meadow", "Winter", "Garden", "Studio", "Heritage", "Coast",
    "Orchard", "Nordic", "Market", "Fireside", "Morning", "Festival",
)  # fmt: skip
THINGS = (
    "Mug", "Bowl", "Tray", "Candle Holder", "Lantern", "Cushion", "Throw", "Apron", "Tea Towel",
    "Coaster Set", "Vase", "Plant Pot", "Picture Frame", "Storage Jar", "Lunch Bag", "Doorstop",
    "Wall Hook", "Clock", "Trinket Box", "Bunting", "Notebook", "Gift Tags", "Wrapping Paper",
    "Biscuit Tin", "Cake Stand", "Egg Cup", "Money Box", "Night Light", "Toy Blocks", "Puzzle",
)  # fmt: skip
COLOURS = ("Ivory", "Sage", "Navy", "Rust", "Ochre", "Rose", "Charcoal", "Sky", "Plum", "Teal")
SUPPLIERS = {
    "HARLOW": 7,
    "PENNY LANE": 10,
    "NORDHAVN": 14,
    "BRIGHTWELL": 21,
    "SUNRISE": 35,
    "KESTREL": 50,
}
WAREHOUSES = {"MAIN": "Main warehouse", "EAST": "East warehouse"}
EAST_SHARE = 0.35  # of SKUs kept in EAST as well
ZIPF = 1.05


@dataclass(frozen=True, slots=True)
class Article:
    sku: str
    name: str
    supplier: str
    lead_days: int
    cost: Decimal
    barcode: str
    places: tuple[tuple[str, str], ...]  # warehouse, bin
    per_day: float  # units asked for on a mean day


def assortment(*, skus: int, seed: int, units_per_day: float) -> list[Article]:
    """`skus` articles whose demand follows Zipf's law, in no order of popularity."""
    dice = random.Random(f"{seed}-assortment")
    ranks = list(range(1, skus + 1))
    dice.shuffle(ranks)
    whole = sum(rank**-ZIPF for rank in ranks)
    bins = {code: _bins(code, skus) for code in WAREHOUSES}
    return [
        _article(number, rank, units_per_day * rank**-ZIPF / whole, dice, bins)
        for number, rank in enumerate(ranks)
    ]


def _article(
    number: int, rank: int, per_day: float, dice: random.Random, bins: dict[str, list[str]]
) -> Article:
    things, styles, materials = len(THINGS), len(STYLES), len(MATERIALS)
    thing = number % things
    style = number // things % styles
    material = number // (things * styles) % materials
    colour = COLOURS[dice.randrange(len(COLOURS))]
    supplier = dice.choice(list(SUPPLIERS))
    places = [("MAIN", bins["MAIN"][number])]
    if dice.random() < EAST_SHARE:
        places.append(("EAST", bins["EAST"][number]))
    return Article(
        sku=f"HF-{20_000 + number * 7}",
        name=f"{STYLES[style]} {MATERIALS[material]} {THINGS[thing]}, {colour}",
        supplier=supplier,
        lead_days=SUPPLIERS[supplier],
        cost=Decimal(dice.randint(60, 2400)) / 100,
        barcode=_ean13(290_000_000_000 + number * 13 + 7),
        places=tuple(places),
        per_day=per_day,
    )


def _bins(code: str, skus: int) -> list[str]:
    """A bin for each article: aisle, rack and shelf, about two articles to a bin."""
    aisles = "ABCDEFGHJKLM" if code == "MAIN" else "NPQRST"
    shelves = max(1, skus // (2 * len(aisles) * 30)) + 1
    places = [
        f"{aisle}-{rack:02d}-{shelf:02d}"
        for aisle in aisles
        for rack in range(1, 31)
        for shelf in range(1, shelves + 1)
    ]
    return [places[number % len(places)] for number in range(skus)]


def _ean13(number: int) -> str:
    digits = f"{number:012d}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"


def opening(articles: list[Article], *, seed: int) -> list[OpeningStockRow]:
    """What was there on the first day: some weeks of cover, some articles out, some far too many."""
    dice = random.Random(f"{seed}-opening")
    rows: list[OpeningStockRow] = []
    for article in articles:
        for warehouse, bin_code in article.places:
            days = dice.choice((15, 25, 35, 45, 60, 90)) + article.lead_days
            units = round(article.per_day * days / len(article.places)) + dice.randint(0, 6)
            fate = dice.random()
            units = 0 if fate < 0.03 else units * 6 + 40 if fate > 0.95 else units
            rows.append(
                OpeningStockRow(
                    row=len(rows) + 2,
                    sku=article.sku,
                    name=article.name,
                    barcodes=(article.barcode,),
                    supplier=article.supplier,
                    unit_cost=article.cost,
                    lead_time_days=article.lead_days,
                    warehouse=warehouse,
                    bin=bin_code,
                    on_hand=units,
                )
            )
    return rows
