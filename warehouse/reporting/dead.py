"""What lies dead, what is being done about it, and what came of that."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.definition import (
    Chart,
    Choice,
    Column,
    Figure,
    Given,
    Kind,
    Report,
    Search,
)
from warehouse.dead_stock import DEAD, HERE_SINCE, PERIODS
from warehouse.models import ClearanceState, ClearanceWay
from warehouse.reporting.places import MATCHES, PLACE
from warehouse.reporting.stock import ITEM
from warehouse.reporting.words import by_code, in_order

# Sold since it was queued, at most what lay there then, at what it cost then.
RECOVERED = """
    SELECT c.id, c.item_id, c.units, c.unit_cost, least(c.units, s.sold)::int AS sold,
           least(c.units, s.sold) * c.unit_cost AS value
      FROM warehouse_clearance c
     CROSS JOIN LATERAL (
           SELECT coalesce(-sum(m.quantity), 0) AS sold FROM warehouse_stockmovement m
            WHERE m.item_id = c.item_id AND m.type = 'ship' AND m.occurred_at >= c.opened_at) s
"""

STATES = {ClearanceState.OPEN.value: _("open"), ClearanceState.PLANNED.value: _("planned")}
AGES = (_("90 to 179 days"), _("180 to 364 days"), _("One year"), _("Two years or more"))


def _idle(days: int) -> Any:
    """So many days, in the words of whoever asks."""
    return format_lazy(_("{days} days"), days=days)


def _prepare(given: Given) -> Mapping[str, Any]:
    return {
        "within": [one.code for one in given.places],
        "before": given.now - timedelta(days=int(given.values["idle"])),
        "ways": by_code(dict(ClearanceWay.choices)),
        "states": by_code(STATES),
        "ages": in_order(AGES),
    }


DEAD_STOCK = Report(
    key="dead-stock",
    title=_("Dead stock"),
    question=_("What lies dead?"),
    about=_(
        "In stock without a break for so many days, and none of it sold in them. Value at unit cost. What is "
        "chosen is put into the queue of things to do; cash recovered is the cost of units that were sold "
        "since they were queued, at most as many as lay there then."
    ),
    parameters=(
        Choice("idle", _("Idle for"), [(str(days), _idle(days)) for days in PERIODS]),
        Search("q", _("SKU or name")),
    ),
    columns=(
        Column("sku", _("SKU"), link=ITEM),
        Column("name", _("name")),
        Column("warehouse", _("warehouse")),
        Column("bin", _("bin"), sorts=False),
        Column("on_hand", _("units"), Kind.UNITS),
        Column("value", _("value"), Kind.MONEY),
        Column("idle_days", _("days idle"), Kind.UNITS),
        Column("sold", _("last sold"), Kind.DAY),
        Column("here_since", _("here since"), Kind.DAY, sorts=False),
        Column(
            "queue", _("in the queue"), link=("admin:warehouse_clearance_change", "clearance_id")
        ),
    ),
    found=f"""
        WITH {PLACE}
        SELECT d.id AS item_id, p.sku, p.name, w.code AS warehouse, d.on_hand, d.value,
               extract(epoch FROM %(now)s::timestamptz - d.idle_since)::bigint / 86400 AS idle_days,
               (d.sold_at AT TIME ZONE w.zone)::date AS sold,
               w.zone,
               c.id AS clearance_id,
               (%(ways)s::jsonb ->> c.way) || ': ' || (%(states)s::jsonb ->> c.state) AS queue
          FROM ({DEAD}) d
          JOIN place w ON w.id = d.warehouse_id
          JOIN warehouse_product p ON p.id = d.product_id
          LEFT JOIN warehouse_clearance c ON c.item_id = d.id AND c.state <> 'done'
         WHERE {MATCHES}""",
    order="r.value DESC NULLS LAST, r.on_hand DESC, r.sku, r.warehouse",
    more="s.bin, (h.stocked_at AT TIME ZONE r.zone)::date AS here_since",
    joins=f"""CROSS JOIN LATERAL ({HERE_SINCE.format(item="r.item_id")}) h
             LEFT JOIN LATERAL (
                 SELECT b.code AS bin FROM warehouse_binstock k JOIN warehouse_bin b ON b.id = k.bin_id
                  WHERE k.item_id = r.item_id AND k.quantity > 0
                  ORDER BY k.quantity DESC, b.code LIMIT 1) s ON true""",
    figures=(
        Figure(_("items"), "count(*)"),
        Figure(_("units"), "coalesce(sum(r.on_hand), 0)"),
        Figure(_("value at unit cost"), "coalesce(sum(r.value), 0)", Kind.MONEY),
        Figure(_("items without a cost"), "count(*) FILTER (WHERE r.value IS NULL)"),
        Figure(_("not in the queue"), "count(*) FILTER (WHERE r.clearance_id IS NULL)"),
        Figure(
            _("cash recovered"),
            f"""(SELECT coalesce(sum(e.value), 0) FROM ({RECOVERED}) e
                   JOIN warehouse_inventoryitem i ON i.id = e.item_id
                   JOIN warehouse_warehouse w ON w.id = i.warehouse_id
                  WHERE w.code = ANY(%(codes)s::text[]))""",
            Kind.MONEY,
        ),
    ),
    chart=Chart(
        _("Value by age"),
        """SELECT (%(ages)s::text[])[b.n], coalesce((SELECT sum(r.value) FROM found r
                                      WHERE r.idle_days >= b.least AND r.idle_days < b.most), 0)
             FROM (VALUES (1, 90, 180), (2, 180, 365), (3, 365, 730), (4, 730, 1000000))
                  AS b(n, least, most) ORDER BY b.n""",
        Kind.MONEY,
    ),
    prepare=_prepare,
    choose=("admin:warehouse_clearance_add", "item_id", _("Decide what to do with the chosen")),
)
