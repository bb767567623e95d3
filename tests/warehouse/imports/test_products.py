"""Sheets of products: what is made and changed, what is refused, and that stock is never touched."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import ProductFactory, SupplierFactory, stock
from tests.warehouse.imports.sending import book, checked, csv, imported, problems
from warehouse.models import Barcode, Product, StockMovement, Supplier

TITLES = [
    "SKU",
    "Name",
    "Barcodes",
    "Supplier",
    "Unit cost",
    "Lead time (days)",
    "Pack size",
    "Active",
]
EAN, OTHER = "4006381333931", "2948138492770"


def test_products_are_made_and_changed(boss):
    ProductFactory(sku="OLD", name="Old mug", unit_cost="1.50")
    rows = [
        ["new-1", "Mug, blue", EAN, "ACME", 2.55, 14, 12, "yes"],
        ["OLD", None, OTHER, None, 1.75, None, None, "no"],
    ]
    run = imported(boss, book(TITLES, *rows))
    assert (run.status, run.written) == ("done", 2)
    assert run.result == {"created": 1, "changed": 1, "unchanged": 0}
    made, old = Product.objects.order_by("sku")
    assert (made.sku, made.unit_cost, made.pack_size) == ("NEW-1", Decimal("2.55"), 12)
    assert made.supplier == Supplier.objects.get(code="ACME")
    assert (old.name, old.unit_cost, old.active) == ("Old mug", Decimal("1.75"), False)
    assert dict(Barcode.objects.values_list("code", "product__sku")) == {EAN: "NEW-1", OTHER: "OLD"}


def test_a_letter_whose_capitals_are_another_product_is_not_that(boss):
    ProductFactory(sku="SS-30", name="Other")
    run = checked(boss, book(["SKU", "Name"], ["\u00df-30", "Mine"], ["ss-30", "M\u202eUG"]))
    told = problems(run)
    assert "holds characters that item codes do not have" in told[2]
    assert "turn the direction of writing" in told[3]


def test_what_would_change_is_told_before(boss):
    ProductFactory(sku="A", name="Mug", unit_cost="1.50")
    run = checked(boss, book(["SKU", "Unit cost", "Active"], ["A", 1.75, "no"]))
    told = [one["told"] for one in run.report["changes"]]
    assert told == ["A: unit cost 1.5 → 1.75, active yes → no"]
    assert Product.objects.get().unit_cost == Decimal("1.50")


def test_rows_at_fault_are_told_in_plain_words(boss):
    ProductFactory(sku="A")
    Barcode.objects.create(code=EAN, product=Product.objects.get())
    rows = [
        ["B", None, None, None, None, None, None, None],
        ["C", "Mug", EAN, None, None, None, None, None],
        ["D", "Mug", None, None, "two", None, None, None],
        ["E", "Mug", None, None, None, None, 0, None],
        ["F", "Mug", None, None, None, None, None, "perhaps"],
        ["G", "Mug", OTHER, None, None, None, None, None],
        ["H", "Mug", OTHER, None, None, None, None, None],
    ]
    told = problems(checked(boss, book(TITLES, *rows)))
    assert told[2] == "The name is empty. Fill it in."
    assert told[3] == f"The barcode {EAN} belongs to A. Take it away there first."
    assert "cannot be read for certain" in told[4]
    assert told[5] == 'The pack size "0" is no whole number from 1 to 100,000. Type it anew.'
    assert told[6] == 'Active is "perhaps"; type yes or no.'
    assert told[7] == told[8] == f"The barcode {OTHER} is given to G and H. Keep one."


def test_one_product_twice_is_asked_about_where_the_rows_differ(boss):
    rows = [["A", "Mug"], ["A", "Cup"], ["B", "Pot"], ["b", "Pot"], ["EXAMPLE-1", "Mug"]]
    run = checked(boss, book(["SKU", "Name"], *rows))
    assert (run.good, run.bad, run.skipped) == (1, 2, 2)
    assert problems(run)[2] == "A stands in the rows 2, 3, and they differ. Keep one."


def test_stock_is_never_touched(boss):
    stock({("A", "MAIN"): 7})
    before = StockMovement.objects.count()
    imported(boss, book(["SKU", "Name", "On hand"], ["A", "Mug", 900]))
    assert StockMovement.objects.count() == before
    assert Product.objects.get().name == "Mug"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_text_in_other_encodings_and_separators(boss, encoding):
    content = csv("SKU;Name;Cost", "A;Café;2,55", encoding=encoding)
    imported(boss, content, name="sheet.csv")
    made = Product.objects.get()
    assert (made.name, made.unit_cost) == ("Café", Decimal("2.55"))


def test_a_barcode_may_move_once_it_was_taken_away(boss):
    ProductFactory(sku="A", supplier=SupplierFactory(code="ACME"))
    imported(boss, book(["SKU", "Barcodes"], ["A", f"{EAN}, {OTHER}"]))
    assert Barcode.objects.filter(product__sku="A").count() == 2
    imported(boss, book(["SKU", "Barcodes"], ["A", EAN], [None, None]))
    assert Barcode.objects.filter(product__sku="A").count() == 2


def statements(client, count, first):
    """How many it takes to import so many products, one of which is there."""
    ProductFactory(sku=f"{first}0", name="Cup")
    rows = [[f"{first}{n}", "Mug", None, f"S{n % 3}", 1 + n, 5, 1, "yes"] for n in range(count)]
    content = book(TITLES, *rows)
    with CaptureQueriesContext(connection) as seen:
        run = imported(client, content)
    assert run.result == {"created": count - 1, "changed": 1, "unchanged": 0}
    return len(seen)


def test_statements_do_not_depend_on_the_rows(boss):
    statements(boss, 5, "WARM")
    assert statements(boss, 400, "B") == statements(boss, 20, "A")
