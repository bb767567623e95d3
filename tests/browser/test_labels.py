"""Labels are read as a scanner reads them: what the PDF draws, by the decoder that phones are given."""

import pytest

from orders.services.labels import bin_labels, product_labels
from tests.browser.visiting import Visit
from tests.factories import BinFactory, ProductFactory, warehouse
from tests.orders.drawn import rectangles
from warehouse.models import Barcode

pytestmark = pytest.mark.browser

# 203 dots per inch, as a label printer has them.
READ = """
async ([width, height, rectangles]) => {
  const scale = 203 / 72;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  for (const [x, y, w, h] of rectangles) {
    const left = Math.round(x * scale), right = Math.round((x + w) * scale);
    const top = Math.round((height - y - h) * scale), foot = Math.round((height - y) * scale);
    pen.fillRect(left, top, right - left, foot - top);
  }
  const { decoder } = await import("/static/floor/camera.js");
  const eye = await decoder(document.querySelector("#camera"));
  const seen = await eye.detect(canvas);
  return seen.map((one) => [one.format, one.rawValue]).sort();
}
"""
ROLL = (141.73, 70.87)  # points: 50 by 25 mm


@pytest.fixture
def site(committed_db, valkey, served):
    from tests.browser.floor import person

    goods = ProductFactory(sku="71053", name="White metal lantern with a name of two lines")
    Barcode.objects.create(code="4006381333931", product=goods)
    ProductFactory(sku="85123A", name="White hanging heart")
    ProductFactory(sku="ÄPFEL", name="Grüne Äpfel")
    ProductFactory(sku="UPC", name="From overseas").barcodes.create(code="036000291452")
    for code in ("A-03-12", "QUARANTINE"):
        BinFactory(warehouse=warehouse("MAIN"), code=code)
    person()
    return served


def test_what_is_printed_is_read(window, site):
    visit = Visit(window, site)
    visit.let_in("picker")
    page = visit.open("/floor/move/")

    def read(pdf):
        return [page.evaluate(READ, [*ROLL, drawn]) for drawn in rectangles(pdf)]

    skus = ["71053", "85123A", "ÄPFEL", "UPC"]
    assert read(product_labels(skus=skus, paper="roll")) == [
        [["ean_13", "4006381333931"]],
        [["code_128", "85123A"]],
        [["qr_code", "ÄPFEL"]],
        [["ean_13", "0036000291452"]],
    ]
    assert read(product_labels(skus=["71053"], paper="roll", qr=True)) == [
        [["qr_code", "4006381333931"]]
    ]
    assert read(bin_labels(warehouse="MAIN", bins=["A-03-12", "QUARANTINE"], paper="roll")) == [
        [["code_128", "A-03-12"], ["qr_code", "A-03-12"]],
        [
            ["qr_code", "QUARANTINE"]
        ],  # no room for bars that a printer of 203 dots per inch can print
    ]
    assert visit.faults == []
