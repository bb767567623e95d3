"""The packing slip: what lies in this parcel, what is still to come, and for whom. A4, as PDF."""

from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from orders.queries.sales import OrderView, order_view
from orders.queries.shipments import ShipmentView, shipment_view
from orders.services.lettering import BOLD, PLAIN, markup, register_fonts

MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
COLUMNS = (34 * mm, WIDTH - 94 * mm, 20 * mm, 20 * mm, 20 * mm)
BAR_WIDEST, BAR_NARROWEST = 0.35 * mm, 0.19 * mm  # of one module, that a scanner reads
TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=9, leading=12)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=7.5, leading=10, textColor=colors.grey)
HEAD = ParagraphStyle("head", parent=TEXT, fontName=BOLD)
NUMBER = ParagraphStyle("number", parent=TEXT, alignment=2)
NUMBER_HEAD = ParagraphStyle("number_head", parent=HEAD, alignment=2)
TITLE = ParagraphStyle("title", parent=HEAD, fontSize=16, leading=22)


@dataclass(frozen=True, slots=True)
class SlipLine:
    """Of one product: ordered in all (less what was cancelled), in this parcel, still to come."""

    sku: str
    name: str
    ordered: int
    here: int
    to_come: int


def packing_slip(*, shipment: ShipmentView) -> bytes:
    """The packing slip of a parcel as PDF, on as many pages as it takes."""
    order = order_view(reference=shipment.order)
    return printed(shipment=shipment, order=order, lines=slip_lines(shipment=shipment, order=order))


def packing_slip_of(*, reference: str) -> bytes:
    """The same by the shipment's number. Raises ShipmentNotFound."""
    return packing_slip(shipment=shipment_view(reference=reference))


def slip_lines(*, shipment: ShipmentView, order: OrderView) -> list[SlipLine]:
    """What lies in the parcel or is still to come; what left before or was cancelled is not named."""
    here = {line.sku: line.quantity for line in shipment.lines}
    return [
        SlipLine(
            sku=line.sku,
            name=line.name,
            ordered=line.quantity - line.cancelled,
            here=here.get(line.sku, 0),
            to_come=line.open,
        )
        for line in order.lines
        if line.sku in here or line.open
    ]


def printed(*, shipment: ShipmentView, order: OrderView, lines: list[SlipLine]) -> bytes:
    """Laid out once to count the pages, and once more to number them."""
    register_fonts()
    pages = 0
    for _turn in range(2):
        page = BytesIO()
        document = SimpleDocTemplate(
            page,
            pagesize=A4,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            topMargin=MARGIN,
            bottomMargin=MARGIN,
            title=_("Packing slip %(reference)s") % {"reference": shipment.reference},
            author="Holdfast",
            invariant=1,  # the same parcel gives the same bytes
        )
        foot = partial(_foot, shipment=shipment, pages=pages)
        document.build(_story(shipment, order, lines), onFirstPage=foot, onLaterPages=foot)
        pages = document.page
    return page.getvalue()


def _story(shipment: ShipmentView, order: OrderView, lines: list[SlipLine]) -> list[Flowable]:
    story = [
        _said(_("Packing slip"), TITLE),
        _addresses(shipment, order),
        Spacer(1, 5 * mm),
        _barcodes(shipment, order),
        Spacer(1, 5 * mm),
        _table(lines),
    ]
    if order.notes:
        story += [
            Spacer(1, 5 * mm),
            _said(_("Notes"), HEAD),
            _said(order.notes, TEXT),
        ]
    return story


def _said(words: str, style: ParagraphStyle) -> Paragraph:
    """Words of whatever script, as they are."""
    return Paragraph(markup(words), style)


def _addresses(shipment: ShipmentView, order: OrderView) -> Table:
    to = [_said(_("Ship to"), SMALL), _said(order.ship_to_name or "-", HEAD)]
    to.append(_said(order.ship_to_address, TEXT))
    facts = [
        (_("Order"), order.reference),
        (_("Shipment"), shipment.reference),
        (
            _("Shipped"),
            _("%(shipped_at)s from %(warehouse)s")
            % {"shipped_at": f"{shipment.shipped_at:%Y-%m-%d}", "warehouse": shipment.warehouse},
        ),
        (_("Carrier"), shipment.carrier),
        (_("Tracking"), shipment.tracking_number),
    ]
    told = [_said(f"{name}: {text}", TEXT) for name, text in facts if text]
    return Table(
        [[to, told]], colWidths=[WIDTH / 2] * 2, style=[("VALIGN", (0, 0), (-1, -1), "TOP")]
    )


def _barcodes(shipment: ShipmentView, order: OrderView) -> Table:
    """Both numbers to scan, one below the other: an order's may need the whole width."""
    rows = []
    for name, code in ((_("Shipment"), shipment.reference), (_("Order"), order.reference)):
        bars = _bars(code)
        if bars is not None:
            rows.append([_said(name, SMALL), [bars, _said(code, SMALL)]])
    return Table(
        rows, colWidths=[18 * mm, WIDTH - 18 * mm], style=[("VALIGN", (0, 0), (-1, -1), "TOP")]
    )


def _bars(code: str) -> Flowable | None:
    """Code 128, where the code has only what that knows and fits the width; else there is the text."""
    if not code.isascii():
        return None
    modules = Code128(code, barWidth=1, quiet=0).width
    width = min(BAR_WIDEST, (WIDTH - 40 * mm) / modules)
    if width < BAR_NARROWEST:
        return None
    return Code128(code, barWidth=width, barHeight=11 * mm, quiet=0)


def _table(lines: list[SlipLine]) -> Table:
    names = (_("Ordered"), _("In this parcel"), _("Still to come"))
    head = [_said(_("SKU"), HEAD), _said(_("Product"), HEAD)]
    rows = [head + [_said(name, NUMBER_HEAD) for name in names]]
    rows += [
        [
            _said(line.sku, TEXT),
            _said(line.name, TEXT),
            *(Paragraph(str(number), NUMBER) for number in (line.ordered, line.here, line.to_come)),
        ]
        for line in lines
    ]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ]
    return Table(rows, colWidths=COLUMNS, repeatRows=1, style=style)


def _foot(canvas: Any, document: Any, *, shipment: ShipmentView, pages: int) -> None:
    canvas.saveState()
    canvas.setFont(PLAIN, 7.5)
    canvas.drawString(MARGIN, 10 * mm, shipment.reference)
    canvas.drawRightString(
        A4[0] - MARGIN,
        10 * mm,
        _("Page %(page)s of %(pages)s") % {"page": document.page, "pages": pages},
    )
    canvas.restoreState()
