"""The packing slip: what lies in this parcel, what is still to come, and for whom. A4, as PDF.

A parcel's own names the shipment. A tote's is printed before that, so that it goes into the box.
"""

from collections.abc import Collection, Mapping, Sequence
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
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from orders.errors import NothingToShip, PickListNotFound
from orders.queries.picking import PickListView, ToteView, pick_list_view
from orders.queries.promised import promised
from orders.queries.sales import OrderView, order_view, order_views
from orders.queries.shipments import ShipmentView, shipment_view
from orders.services.lettering import BOLD, PLAIN, markup, register_fonts
from warehouse.checks import check_within

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


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed of a parcel: `facts` in words, `codes` to scan, `name` at the foot of each page."""

    name: str
    order: OrderView
    facts: Sequence[tuple[str, str]]
    codes: Sequence[tuple[str, str]]
    lines: Sequence[SlipLine]


def packing_slip(*, shipment: ShipmentView) -> bytes:
    """The packing slip of a parcel as PDF, on as many pages as it takes."""
    order = order_view(reference=shipment.order)
    here = {line.sku: line.quantity for line in shipment.lines}
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
    codes = [(_("Shipment"), shipment.reference), (_("Order"), order.reference)]
    return printed(
        title=_("Packing slip %(reference)s") % {"reference": shipment.reference},
        slips=[Slip(shipment.reference, order, facts, codes, slip_lines(here=here, order=order))],
    )


def packing_slip_of(*, reference: str) -> bytes:
    """The same by the shipment's number. Raises ShipmentNotFound."""
    return packing_slip(shipment=shipment_view(reference=reference))


def tote_slips(
    *, pick_list: str, totes: Collection[int] | None = None, within: Collection[str] | None = None
) -> bytes:
    """The packing slips of packed totes (of all, where none is named), before they leave: one PDF.

    Each begins on a page of its own. Raises PickListNotFound, NothingToShip (none is packed),
    WarehouseNotAllowed.
    """
    found = pick_list_view(reference=pick_list)
    if found is None:
        raise PickListNotFound(_("There is no pick list %(pick_list)s.") % {"pick_list": pick_list})
    check_within(warehouses=[found.warehouse], within=within)
    chosen = [x for x in found.totes if x.ready and (totes is None or x.tote in totes)]
    if not chosen:
        raise NothingToShip(
            _("No such tote of %(pick_list)s is packed; check what is in it and pack it first.")
            % {"pick_list": pick_list}
        )
    orders = order_views(references=[tote.order for tote in chosen])
    leaving: dict[str, dict[str, int]] = {}
    for row in promised(order_ids=[x.id for x in orders.values()], pick_list_id=found.id):
        leaving.setdefault(row.order, {})[row.sku] = min(row.open, row.in_tote)
    return printed(
        title=_("Packing slips %(reference)s") % {"reference": found.reference},
        slips=[_of_tote(found, x, orders[x.order], leaving.get(x.order, {})) for x in chosen],
    )


def _of_tote(found: PickListView, tote: ToteView, order: OrderView, here: dict[str, int]) -> Slip:
    facts = [
        (_("Order"), order.reference),
        (
            _("Packed"),
            _("%(packed_at)s in %(warehouse)s")
            % {"packed_at": f"{tote.packed_at:%Y-%m-%d}", "warehouse": found.warehouse},
        ),
        (
            _("Tote"),
            _("%(tote)s of %(pick_list)s") % {"tote": tote.tote, "pick_list": found.reference},
        ),
        (_("Carrier"), tote.carrier),
    ]
    lines = slip_lines(here=here, order=order, leaves=True)
    return Slip(order.reference, order, facts, [(_("Order"), order.reference)], lines)


def slip_lines(
    *, here: Mapping[str, int], order: OrderView, leaves: bool = False
) -> list[SlipLine]:
    """What lies in the parcel or is still to come; what left before or was cancelled is not named.

    `here`: units in the parcel by SKU; it `leaves` still, or has left.
    """
    return [
        SlipLine(
            sku=line.sku,
            name=line.name,
            ordered=line.quantity - line.cancelled,
            here=here.get(line.sku, 0),
            to_come=line.open - here.get(line.sku, 0) if leaves else line.open,
        )
        for line in order.lines
        if line.sku in here or line.open
    ]


def printed(*, title: str, slips: Sequence[Slip]) -> bytes:
    """Each slip laid out alone to count its pages, and then all of them with their pages numbered."""
    register_fonts()
    feet: list[tuple[str, str]] = []
    for slip in slips:
        pages = _laid_out(title, _story(slip), [], BytesIO())
        feet += [
            (slip.name, _("Page %(page)s of %(pages)s") % {"page": page, "pages": pages})
            for page in range(1, pages + 1)
        ]
    stories = [[*_story(slip), PageBreak()] for slip in slips]
    file = BytesIO()
    _laid_out(title, [part for story in stories for part in story], feet, file)
    return file.getvalue()


def _laid_out(
    title: str, story: list[Flowable], feet: Sequence[tuple[str, str]], file: BytesIO
) -> int:
    """Write it down; how many pages there are."""
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=title,
        author="Holdfast",
        invariant=1,  # the same parcel gives the same bytes
    )
    foot = partial(_foot, feet=feet)
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return int(document.page)


def _story(slip: Slip) -> list[Flowable]:
    order = slip.order
    story = [
        _said(_("Packing slip"), TITLE),
        _addresses(slip),
        Spacer(1, 5 * mm),
        _barcodes(slip),
        Spacer(1, 5 * mm),
        _table(slip.lines),
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


def _addresses(slip: Slip) -> Table:
    order = slip.order
    to = [_said(_("Ship to"), SMALL), _said(order.ship_to_name or "-", HEAD)]
    to.append(_said(order.ship_to_address, TEXT))
    told = [_said(f"{name}: {text}", TEXT) for name, text in slip.facts if text]
    return Table(
        [[to, told]], colWidths=[WIDTH / 2] * 2, style=[("VALIGN", (0, 0), (-1, -1), "TOP")]
    )


def _barcodes(slip: Slip) -> Flowable:
    """The numbers to scan, one below the other: an order's may need the whole width."""
    rows = []
    for name, code in slip.codes:
        bars = _bars(code)
        if bars is not None:
            rows.append([_said(name, SMALL), [bars, _said(code, SMALL)]])
    if not rows:
        return Spacer(1, 0)
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


def _table(lines: Sequence[SlipLine]) -> Table:
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


def _foot(canvas: Any, document: Any, *, feet: Sequence[tuple[str, str]]) -> None:
    if len(feet) < document.page:
        return  # it is only counted how many pages there are
    canvas.saveState()
    canvas.setFont(PLAIN, 7.5)
    name, page = feet[document.page - 1]
    canvas.drawString(MARGIN, 10 * mm, name)
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, page)
    canvas.restoreState()
