"""Labels for products and bins as PDF: on a sheet of 3 by 8, or on a roll of 50 by 25 mm."""

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

import reportlab
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from orders.errors import LabelsRefused
from orders.queries.labels import (
    BinLabel,
    ProductLabel,
    bins_by_code,
    bins_by_id,
    products_by_sku,
)
from orders.services.symbols import QR, Box, draw_bars, draw_qr, symbol_for
from warehouse.checks import normal_bin, normal_sku
from warehouse.errors import UnknownBin, UnknownSku

MOST_LABELS = 1000
MOST_COPIES = 100
PLAIN, BOLD = "Vera", "VeraBd"

Draw = Callable[[Any, Box], None]


@dataclass(frozen=True, slots=True)
class Paper:
    """Where labels are on a page: columns and rows of one size, from the upper left corner."""

    page: tuple[float, float]
    columns: int
    rows: int
    width: float
    height: float
    top: float
    inner: float  # white around what is printed

    def place(self, n: int) -> Box:
        """The n-th label of a page, without its white edge."""
        row, column = divmod(n, self.columns)
        return Box(
            column * self.width + self.inner,
            self.page[1] - self.top - (row + 1) * self.height + self.inner,
            self.width - 2 * self.inner,
            self.height - 2 * self.inner,
        )


PAPERS = {
    "sheet": Paper(A4, 3, 8, 70 * mm, 37 * mm, 0.5 * mm, 4 * mm),
    "roll": Paper((50 * mm, 25 * mm), 1, 1, 50 * mm, 25 * mm, 0, 1.5 * mm),
}


def product_labels(
    *,
    skus: Collection[str],
    paper: str = "sheet",
    copies: int = 1,
    start: int = 1,
    qr: bool = False,
) -> bytes:
    """A PDF with `copies` labels of each product: name, SKU, and its barcode (without one, its SKU).

    On a sheet, the first label is printed at place `start` (1 to 24, row by row). EAN-13 where the check
    digit is right, else Code128; QR on request and where Code128 cannot hold it. Raises UnknownSku,
    LabelsRefused.
    """
    found = _known_products(list(dict.fromkeys(normal_sku(sku) for sku in skus)))
    draws = [partial(_draw_product, label=label, qr=qr) for label in found]
    return _print(draws, paper=paper, copies=copies, start=start, title=_("Product labels"))


def delivery_labels(
    *,
    copies: Mapping[str, int],
    part: int = 1,
    paper: str = "sheet",
    start: int = 1,
    qr: bool = False,
) -> bytes:
    """A PDF with so many labels of each SKU, in that order: the `part` of `parts_of` these copies.

    Raises UnknownSku, LabelsRefused.
    """
    found = _known_products(copies)
    every = chain.from_iterable(
        repeat(partial(_draw_product, label=label, qr=qr), copies[label.sku]) for label in found
    )
    draws = list(islice(every, (part - 1) * MOST_LABELS, part * MOST_LABELS))
    return _print(draws, paper=paper, copies=1, start=start, title=_("Product labels"))


def parts_of(*, copies: Mapping[str, int]) -> int:
    """In how many parts these are printed, each of `MOST_LABELS` labels and the last of the rest."""
    return -(-sum(copies.values()) // MOST_LABELS)


def bin_labels(
    *,
    warehouse: str,
    bins: Collection[str],
    paper: str = "sheet",
    copies: int = 1,
    start: int = 1,
) -> bytes:
    """A PDF with `copies` labels of each bin: its code, huge, its QR and, where there is room, its Code128.

    Raises UnknownBin, LabelsRefused.
    """
    wanted = list(dict.fromkeys(normal_bin(code) for code in bins))
    found = bins_by_code(warehouse=warehouse, codes=wanted)
    if lost := sorted(set(wanted) - {label.code for label in found}):
        raise UnknownBin(
            _("There is no bin %(lost)s in %(warehouse)s.")
            % {"lost": ", ".join(lost[:5]), "warehouse": warehouse},
            items=[{"warehouse": warehouse, "bin": code} for code in lost],
        )
    return _bins(found, paper, copies, start)


def bin_labels_by_id(
    *, ids: Collection[int], paper: str = "sheet", copies: int = 1, start: int = 1
) -> bytes:
    """The same for bins of several warehouses, in the order of the walk. Raises LabelsRefused."""
    return _bins(bins_by_id(ids=ids), paper, copies, start)


def _known_products(wanted: Collection[str]) -> list[ProductLabel]:
    found = products_by_sku(skus=wanted)
    if lost := sorted(set(wanted) - {label.sku for label in found}):
        raise UnknownSku(
            _("Unknown SKU %(lost)s.") % {"lost": ", ".join(lost[:5])},
            items=[{"sku": sku} for sku in lost],
        )
    return found


def _bins(found: Sequence[BinLabel], paper: str, copies: int, start: int) -> bytes:
    draws = [partial(_draw_bin, label=label) for label in found]
    return _print(draws, paper=paper, copies=copies, start=start, title=_("Bin labels"))


def _print(draws: Sequence[Draw], *, paper: str, copies: int, start: int, title: str) -> bytes:
    _check(draws, paper, copies, start)
    _fonts()
    layout = PAPERS[paper]
    per_page = layout.columns * layout.rows
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=layout.page, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    place = start - 1
    for draw in draws:
        for _copy in range(copies):
            if place == per_page:
                canvas.showPage()
                place = 0
            draw(canvas, layout.place(place))
            place += 1
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _check(draws: Sequence[Draw], paper: str, copies: int, start: int) -> None:
    if paper not in PAPERS:
        raise LabelsRefused(
            _("Labels are printed on %(papers)s.") % {"papers": _(" or ").join(PAPERS)}
        )
    most = PAPERS[paper].columns * PAPERS[paper].rows
    if not 1 <= copies <= MOST_COPIES:
        raise LabelsRefused(
            _("1 to %(most)s copies of a label are printed at once.") % {"most": MOST_COPIES}
        )
    if not 1 <= start <= most:
        raise LabelsRefused(
            _("The first label is at place 1 to %(most)s of the paper.") % {"most": most}
        )
    if not 1 <= len(draws) * copies <= MOST_LABELS:
        raise LabelsRefused(
            _("1 to %(most)s labels are printed at once, not %(n)s.")
            % {"most": MOST_LABELS, "n": len(draws) * copies}
        )


def _draw_product(canvas: Any, box: Box, *, label: ProductLabel, qr: bool) -> None:
    """Name above, the symbol below it, the code in letters under that; a QR stands at the left."""
    code = label.barcodes[0] if label.barcodes else label.sku
    size = box.height * 0.11
    if qr or symbol_for(code=code, width=box.width) == QR:
        side = box.height
        draw_qr(canvas=canvas, code=code, box=Box(box.x, box.y, side, side))
        text = Box(box.x + side + 1 * mm, box.y, box.width - side - 1 * mm, box.height)
        _lines(canvas, label.name, text, PLAIN, size, most=4)
        _one_line(canvas, label.sku, text, BOLD, size * 1.6)
        return
    under = size * 1.25
    bars = Box(box.x, box.y + under, box.width, box.height - under - size * 2.7)
    _lines(canvas, label.name, box, PLAIN, size, most=2)
    draw_bars(canvas=canvas, code=code, box=bars)
    told = label.sku if code == label.sku else f"{label.sku}   {code}"
    _one_line(canvas, told, box, BOLD, size)


def _draw_bin(canvas: Any, box: Box, *, label: BinLabel) -> None:
    """The code above, as large as the label is wide; its QR below at the left, its bars at the right."""
    foot = box.height * 0.5
    big = _fitting(label.code, BOLD, box.width, most=box.height * 0.55)
    canvas.setFont(BOLD, big)
    room = box.height - foot
    canvas.drawString(box.x, box.y + foot + (room - big * 0.72) / 2, label.code)
    draw_qr(canvas=canvas, code=label.code, box=Box(box.x, box.y, foot, foot))
    text = Box(box.x + foot + 1 * mm, box.y, box.width - foot - 1 * mm, foot)
    small = box.height * 0.1
    kind = _(label.kind.capitalize()).lower()
    told = label.warehouse if label.kind == "pick" else f"{label.warehouse} · {kind}"
    canvas.setFont(PLAIN, small)
    canvas.drawString(text.x, text.y + small * 0.3, _cut(told, PLAIN, small, text.width))
    bars = Box(text.x, text.y + small * 1.5, text.width, foot - small * 1.7)
    if symbol_for(code=label.code, width=bars.width) != QR:
        draw_bars(canvas=canvas, code=label.code, box=bars)


def _one_line(canvas: Any, text: str, box: Box, font: str, size: float) -> None:
    """At the foot of the box, smaller where it has to be."""
    size = _fitting(text, font, box.width, most=size)
    canvas.setFont(font, size)
    canvas.drawString(box.x, box.y + size * 0.25, _cut(text, font, size, box.width))


def _lines(canvas: Any, text: str, box: Box, font: str, size: float, *, most: int) -> None:
    """At the head of the box, in at most so many lines; what has no room is cut and says so (…)."""
    canvas.setFont(font, size)
    for n, line in enumerate(_wrapped(text, font, size, box.width, most)):
        canvas.drawString(box.x, box.y + box.height - size * (1 + 1.2 * n), line)


def _wrapped(text: str, font: str, size: float, width: float, most: int) -> list[str]:
    words, lines = text.split(), [""]
    for n, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if stringWidth(longer, font, size) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = " ".join([lines[-1], *words[n:]])
            break
    return [_cut(line, font, size, width) for line in lines]


def _cut(text: str, font: str, size: float, width: float) -> str:
    if stringWidth(text, font, size) <= width:
        return text
    while text and stringWidth(text + "…", font, size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _fitting(text: str, font: str, width: float, *, most: float) -> float:
    """The largest size up to `most` in which a text fits, but never smaller than can be read."""
    wide = float(stringWidth(text, font, most))
    return max(5.0, min(most, most * width / max(wide, 0.1)))


@cache
def _fonts() -> None:
    """Letters that come with reportlab, so that every machine prints the same."""
    folder = Path(reportlab.__file__).parent / "fonts"
    registerFont(TTFont(PLAIN, folder / "Vera.ttf"))
    registerFont(TTFont(BOLD, folder / "VeraBd.ttf"))
