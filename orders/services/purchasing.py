"""The way of a purchase order: draft → sent → partly received → received, or closed short, or cancelled.

How drafts come about is in drafting.py, how goods come in in receiving.py; both are offered here too.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.sql import rows
from orders.locks import lock_purchases
from orders.queries.purchases import PurchaseView, purchase_views
from orders.services.documents import tell
from orders.services.drafting import (
    Draft,
    PurchaseLine,
    change_lines,
    draft,
    draft_from_suggestions,
    purchases,
    summary,
)
from orders.services.receiving import (
    ArrivedLine,
    Notice,
    Receipt,
    receive_purchase,
    receive_purchases,
    receive_without_order,
)
from orders.states import (
    P_CANCELLED,
    P_CLOSED_SHORT,
    P_COMING,
    P_DRAFT,
    P_SENT,
    WrongState,
    check_state,
)
from warehouse.checks import check_some
from warehouse.errors import NothingExpected
from warehouse.lines import ExpectedDelivery, ExpectedLine
from warehouse.services.inbound import cancel_expected, expect_batch

__all__ = [
    "ArrivedLine",
    "Draft",
    "Notice",
    "PurchaseLine",
    "Receipt",
    "cancel_purchase",
    "change_lines",
    "close_short",
    "draft",
    "draft_from_suggestions",
    "receive_purchase",
    "receive_purchases",
    "receive_without_order",
    "send",
    "send_batch",
]

SENT = """
    UPDATE orders_purchaseorder o
       SET status = 'sent', expected_at = d.expected_at,
           sent_at = coalesce(%(now)s::timestamptz, statement_timestamp())
      FROM unnest(%(ids)s::bigint[], %(expected_at)s::timestamptz[]) AS d(id, expected_at)
     WHERE o.id = d.id
"""

CLOSED = """
    UPDATE orders_purchaseorder
       SET status = %s, closed_at = coalesce(%s::timestamptz, statement_timestamp())
     WHERE id = %s
"""


def send(
    *,
    reference: str,
    expected_at: datetime | None = None,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> PurchaseView:
    """A draft goes to its supplier: what it brings is inbound from now on.

    It is expected at the time given, else at the one that the draft names, else after the longest lead
    time of its products (the supplier's, where a product has none of its own). Raises
    DocumentNotFound, WrongState, ReferenceConflict, WarehouseNotAllowed, Raced.
    """
    expected = None if expected_at is None else {reference: expected_at}
    return send_batch(
        references=[reference], expected_at=expected, actor=actor, now=now, within=within
    )[0]


def send_batch(
    *,
    references: Sequence[str],
    expected_at: Mapping[str, datetime] | None = None,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[PurchaseView]:
    """`send` many drafts in one transaction and by set; `expected_at` by reference. All or nothing."""
    require_unit_of_work()
    unique = list(dict.fromkeys(references))
    check_some(unique)
    papers = purchases(references=unique, within=within)
    for paper in papers:
        check_state(reference=paper.reference, now=paper.status, allowed={P_DRAFT}, to="sent")
    given = expected_at or {}
    due = {
        paper.reference: given.get(paper.reference) or paper.expected_at or _due(paper, now)
        for paper in papers
    }
    deliveries = [
        ExpectedDelivery(paper.reference, _still_to_come(paper), due[paper.reference])
        for paper in papers
    ]
    expect_batch(deliveries=deliveries, actor=actor, now=now, within=within)
    _lock_unchanged(papers)
    times = [due[paper.reference] for paper in papers]
    rows(SENT, {"ids": [paper.id for paper in papers], "expected_at": times, "now": now})
    sent = _again(unique)
    tell(type="purchase.sent", details={x.reference: _told(x) for x in sent}, actor=actor, now=now)
    return sent


def close_short(
    *,
    reference: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> PurchaseView:
    """What has not come of a purchase order will not come: it is no longer inbound.

    Raises DocumentNotFound, WrongState (not sent, or over already), WarehouseNotAllowed, Raced.
    """
    require_unit_of_work()
    (paper,) = purchases(references=[reference], within=within)
    check_state(reference=reference, now=paper.status, allowed=P_COMING, to="closed short")
    return _end(paper, P_CLOSED_SHORT, "purchase.closed_short", actor, now)


def cancel_purchase(
    *,
    reference: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> PurchaseView:
    """Take a purchase order back of which nothing has come yet; a sent one is no longer inbound.

    Raises DocumentNotFound, WrongState (something came: close it short instead), WarehouseNotAllowed,
    Raced.
    """
    require_unit_of_work()
    (paper,) = purchases(references=[reference], within=within)
    if any(line.received for line in paper.lines) and paper.status in P_COMING:
        raise WrongState(
            _("Some of %(reference)s has come already; close it short instead.")
            % {"reference": reference}
        )
    check_state(reference=reference, now=paper.status, allowed={P_DRAFT, P_SENT}, to="cancelled")
    return _end(paper, P_CANCELLED, "purchase.cancelled", actor, now)


def _end(
    paper: PurchaseView, status: str, event: str, actor: Actor, now: datetime | None
) -> PurchaseView:
    if paper.status != P_DRAFT:
        _expect_no_more(paper, actor, now)
    _lock_unchanged([paper])
    rows(CLOSED, [status, now, paper.id])
    (ended,) = purchase_views(references=[paper.reference])
    tell(type=event, details={ended.reference: _told(ended)}, actor=actor, now=now)
    return ended


def _expect_no_more(paper: PurchaseView, actor: Actor, now: datetime | None) -> None:
    """Whatever the engine still expects under this reference will not come."""
    try:
        cancel_expected(reference=paper.reference, actor=actor, now=now)
    except NothingExpected:
        return  # a receipt that went past the paper took it all


def _lock_unchanged(papers: Sequence[PurchaseView]) -> None:
    """Lock the papers. Raises Raced where one is no longer what the stock was changed for."""
    lock_purchases(ids=[paper.id for paper in papers])
    again = purchase_views(references=[paper.reference for paper in papers])
    if {paper.id: paper for paper in again} != {paper.id: paper for paper in papers}:
        raise Raced(_("The purchase order changed meanwhile; look at it again."))


def _again(references: Sequence[str]) -> list[PurchaseView]:
    found = {paper.reference: paper for paper in purchase_views(references=references)}
    return [found[reference] for reference in references]


def _still_to_come(paper: PurchaseView) -> list[ExpectedLine]:
    return [ExpectedLine(line.sku, paper.warehouse, line.quantity) for line in paper.lines]


def _due(paper: PurchaseView, now: datetime | None) -> datetime:
    """After the longest lead time of its products."""
    days = max(
        paper.supplier_lead_days if line.lead_time_days is None else line.lead_time_days
        for line in paper.lines
    )
    return (now or timezone.now()) + timedelta(days=days)


def _told(paper: PurchaseView) -> dict[str, object]:
    expected = None if paper.expected_at is None else paper.expected_at.isoformat()
    return {**summary(paper), "expected_at": expected, "units_left": paper.left}
