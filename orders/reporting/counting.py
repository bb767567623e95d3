"""How far the books can be trusted: what counts found at the first look."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.definition import (
    Chart,
    Choice,
    Column,
    Figure,
    Kind,
    Period,
    Report,
    Shape,
)
from warehouse.reporting.places import PLACE

COUNT_ACCURACY = Report(
    key="count-accuracy",
    title=_("Count accuracy"),
    question=_("Can I trust the books?"),
    about=_(
        "Bins counted in the period, by the first count alone: recounts only settle what the first found. "
        "A bin is right where every product in it was. Units off: differences without their sign; net: "
        "with it. Money is at unit cost. Counts that were booked without a task are counted too."
    ),
    parameters=(
        Period(90),
        Choice("show", _("Show"), [("", _("All")), ("wrong", _("Wrong only"))]),
    ),
    columns=(
        Column("at", _("counted"), Kind.MOMENT),
        Column("reference", _("count")),
        Column("warehouse", _("warehouse")),
        Column("bin", _("bin")),
        Column("products", _("products"), Kind.UNITS),
        Column("expected", _("expected"), Kind.UNITS),
        Column("counted", _("counted units"), Kind.UNITS),
        Column("off", _("units off"), Kind.UNITS),
        Column("money", _("money off"), Kind.MONEY),
        Column("right", _("right")),
        Column("actor", _("by")),
    ),
    # Both tables are read once for their period; a count of a task books under the task's own reference.
    found=f"""
        WITH {PLACE}, line AS (
            SELECT t.reference, t.bin_id, t.warehouse_id, e.product_id, e.expected, e.counted, e.actor,
                   e.counted_at
              FROM orders_countentry e JOIN orders_counttask t ON t.id = e.task_id
             WHERE e.round = 1 AND e.counted_at >= %(first_since)s::timestamptz
               AND e.counted_at < %(last_until)s::timestamptz
             UNION ALL
            SELECT c.reference, c.bin_id, i.warehouse_id, i.product_id, c.expected, c.counted, c.actor,
                   c.counted_at
              FROM warehouse_cyclecount c JOIN warehouse_inventoryitem i ON i.id = c.item_id
             WHERE c.counted_at >= %(first_since)s::timestamptz
               AND c.counted_at < %(last_until)s::timestamptz
               AND NOT EXISTS (SELECT 1 FROM orders_counttask t WHERE t.reference = c.reference)
        ), bin AS (
            SELECT l.reference, l.bin_id, min(l.counted_at) AS at, count(*) AS products,
                   sum(l.expected)::bigint AS expected, sum(l.counted)::bigint AS counted,
                   sum(abs(l.counted - l.expected))::bigint AS off,
                   sum((l.counted - l.expected) * p.unit_cost) AS net_money,
                   sum(abs(l.counted - l.expected) * p.unit_cost) AS money, min(l.actor) AS actor
              FROM line l
              JOIN place w ON w.id = l.warehouse_id
              JOIN warehouse_product p ON p.id = l.product_id
             WHERE l.counted_at >= w.since AND l.counted_at < w.until
             GROUP BY l.reference, l.bin_id)
        SELECT d.at AT TIME ZONE w.zone AS at, d.reference, w.code AS warehouse, b.code AS bin, d.products,
               d.expected, d.counted, d.off, d.money, d.net_money, d.actor,
               CASE WHEN d.off = 0 THEN %(yes)s::text ELSE %(no)s::text END AS "right"
          FROM bin d
          JOIN warehouse_bin b ON b.id = d.bin_id
          JOIN place w ON w.id = b.warehouse_id
         WHERE %(show)s = '' OR d.off > 0""",
    prepare=lambda given: {"yes": gettext("yes"), "no": gettext("no")},
    order="r.at DESC, r.reference, r.warehouse, r.bin",
    figures=(
        Figure(_("bins counted"), "count(*)"),
        Figure(
            _("right at the first count"),
            "100.0 * count(*) FILTER (WHERE r.off = 0) / nullif(count(*), 0)",
            Kind.PERCENT,
        ),
        Figure(_("units off"), "coalesce(sum(r.off), 0)"),
        Figure(_("units net"), "coalesce(sum(r.counted - r.expected), 0)"),
        Figure(_("money off"), "coalesce(sum(r.money), 0)", Kind.MONEY),
        Figure(_("money net"), "coalesce(sum(r.net_money), 0)", Kind.MONEY),
    ),
    chart=Chart(
        _("Bins right at the first count, per cent"),
        """SELECT to_char(d.at, 'YYYY-MM-DD'), d.share
             FROM (SELECT date_trunc(%(step)s, r.at) AS at,
                          100.0 * count(*) FILTER (WHERE r.off = 0) / count(*) AS share
                     FROM found r GROUP BY 1) d ORDER BY d.at""",
        Kind.PERCENT,
        Shape.COLUMNS,
    ),
)
