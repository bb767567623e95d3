"""Barcodes as drawings: which symbol fits a code, and how wide its bars may be. Pure."""

from dataclasses import dataclass
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.eanbc import Ean13BarcodeWidget
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing

DOT = 72 / 203  # points: of a label printer; bars of whole dots stay as wide as they should be
NARROWEST, WIDEST = (
    2 * DOT,
    3 * DOT,
)  # of a bar: a quarter of a millimetre is read from an arm's length
QUIET = 10  # bars of white on either side
EAN_MODULES = 95 + 18
EAN13, CODE128, QR = "ean13", "code128", "qr"


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the page, in points from its lower left corner."""

    x: float
    y: float
    width: float
    height: float


def ean13(code: str) -> str | None:
    """The 13 digits of an EAN-13 (or a UPC-A) whose check digit is right; None for anything else."""
    if not code.isascii() or not code.isdigit() or len(code) not in (12, 13):
        return None
    digits = code.zfill(13)
    total = sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(digits[:12]))
    return digits if (10 - total % 10) % 10 == int(digits[12]) else None


def symbol_for(*, code: str, width: float) -> str:
    """EAN-13 where it is one, else Code128, else (too long, or not ASCII) QR."""
    if ean13(code):
        return EAN13
    if all(" " <= letter <= "~" for letter in code) and _bar(code, width) >= NARROWEST:
        return CODE128
    return QR


def draw_bars(*, canvas: Any, code: str, box: Box) -> None:
    """The code as EAN-13 or Code128, as wide as it may be, in the middle of the box."""
    if digits := ean13(code):
        bar = _dots(box.width / EAN_MODULES)
        widget = Ean13BarcodeWidget(
            digits, barWidth=bar, barHeight=box.height, humanReadable=False, quiet=False
        )
        _render(canvas, widget, box.x + (box.width - 95 * bar) / 2, box.y)
        return
    bar = _dots(_bar(code, box.width))
    bars = Code128(code, barWidth=bar, barHeight=box.height, quiet=False, humanReadable=False)
    bars.drawOn(canvas, box.x + (box.width - bars.width) / 2, box.y)


def draw_qr(*, canvas: Any, code: str, box: Box) -> None:
    """The code as a QR square that fills the box, with its white margin."""
    side = min(box.width, box.height)
    widget = QrCodeWidget(code, barWidth=side, barHeight=side, barBorder=2, barLevel="M")
    _render(canvas, widget, box.x, box.y + (box.height - side) / 2)


def _render(canvas: Any, widget: Any, x: float, y: float) -> None:
    drawing = Drawing(1, 1)
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, x, y)


def _bar(code: str, width: float) -> float:
    """How wide a bar of a Code128 is that fills this width with its white margins."""
    bars = Code128(code, barWidth=1, quiet=False, humanReadable=False)
    return float(width / (bars.width + 2 * QUIET))


def _dots(bar: float) -> float:
    """The width in whole dots."""
    return min(max(1, int(bar / DOT)) * DOT, WIDEST)
