"""What the floor's browser tests pick: four products, two orders, one walk."""

from tests.browser.floor import person
from tests.factories import ProductFactory
from tests.orders.picking_world import orders, planned, shelve
from warehouse.models import Barcode, Product

GOODS = {
    "HF-1008": ("Steel bottle 750 ml", "A-02-2", "4006381333931"),
    "HF-2040": ("Dish soap refill 1 L", "A-04-1", "4012345678901"),
    "HF-3075": ("Paper towels, 6 rolls", "B-01-3", "4099887766550"),
    "HF-4110": ("Glass jar 750 ml", "B-02-1", "5000112546415"),
}
ORDERS = {
    "1048": {"HF-1008": 2, "HF-3075": 1},
    "1049": {"HF-1008": 1, "HF-2040": 3, "HF-4110": 1},
}


def furnish():
    """Goods on their shelves, and a picker."""
    person("picker")
    for sku, (name, _, _) in GOODS.items():
        ProductFactory(sku=sku, name=name)
    shelve({(sku, place): 20 for sku, (_, place, _) in GOODS.items()})
    for sku, (_, _, barcode) in GOODS.items():
        Barcode.objects.create(code=barcode, product=Product.objects.get(sku=sku))


def batch(label="Wave 0147"):
    """A list for both orders; its number."""
    orders(ORDERS, carrier="DHL", ship_to_name="Ada Lovelace", ship_to_address="12 Mill Lane")
    return planned(kind="batch", label=label)[0]
