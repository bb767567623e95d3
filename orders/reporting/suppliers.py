"""How long suppliers say they take, and how long they do."""

from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.definition import Chart, Column, Figure, Kind, Period, Report
from warehouse.reporting.places import PLACE

SUPPLIER_LEAD_TIMES = Report(
    key="supplier-lead-times",
    title=_("Supplier lead times"),
    question=_("Which suppliers keep their word?"),
    about=_(
        "Purchase orders sent in the period. Lead time: days from sending to the first receipt under the "
        "order's number, mean and standard deviation. Promised: the days up to the date that was expected, "
        "else those stated by the supplier. On time: all that was ordered had come by the end of the "
        "expected day, of orders that are due or complete. Filled: units received of units ordered (at most "
        "all), of the same orders."
    ),
    parameters=(Period(365),),
    columns=(
        Column("supplier", _("supplier"), link=("admin:warehouse_supplier_change", "supplier_id")),
        Column("name", _("name")),
        Column("orders", _("orders"), Kind.UNITS),
        Column("arrived", _("begun to arrive"), Kind.UNITS),
        Column("promised", _("promised, days"), Kind.NUMBER),
        Column("took", _("took, days"), Kind.NUMBER),
        Column("deviation", _("deviation"), Kind.NUMBER),
        Column("late_by", _("later than promised, days"), Kind.NUMBER),
        Column("on_time", _("on time"), Kind.PERCENT),
        Column("filled", _("filled"), Kind.PERCENT),
        Column("due", _("due"), Kind.UNITS),
    ),
    found=f"""
        WITH {PLACE}, paper AS (
            SELECT o.id, o.reference, o.supplier_id, o.status, o.sent_at, w.zone,
                   ((o.expected_at AT TIME ZONE w.zone)::date + 1)::timestamp AT TIME ZONE w.zone AS due_at,
                   extract(epoch FROM coalesce(o.expected_at, o.sent_at + s.lead_time_days * interval '1 day')
                                      - o.sent_at) / 86400 AS promised, o.warehouse_id
              FROM orders_purchaseorder o
              JOIN place w ON w.id = o.warehouse_id
              JOIN warehouse_supplier s ON s.id = o.supplier_id
             WHERE o.sent_at >= w.since AND o.sent_at < w.until AND o.status <> 'cancelled'
        ), told AS (
            SELECT p.*, l.ordered, l.filled, extract(epoch FROM m.first - p.sent_at) / 86400 AS took,
                   coalesce(m.by_then, 0) >= l.ordered AS in_time,
                   (p.due_at IS NOT NULL AND p.due_at <= %(now)s::timestamptz)
                       OR p.status IN ('received', 'closed_short') AS due
              FROM paper p
             CROSS JOIN LATERAL (
                   SELECT sum(quantity) AS ordered, sum(least(received, quantity)) AS filled
                     FROM orders_purchaseline WHERE order_id = p.id) l
              LEFT JOIN LATERAL (
                   SELECT min(m.occurred_at) AS first,
                          sum(m.quantity) FILTER (WHERE p.due_at IS NULL OR m.occurred_at < p.due_at)
                              AS by_then
                     FROM warehouse_stockmovement m
                    WHERE m.reference = p.reference AND m.type = 'receive'
                      AND m.occurred_at >= p.sent_at) m ON true)
        SELECT s.id AS supplier_id, s.code AS supplier, s.name, count(*) AS orders,
               count(t.took) AS arrived, round(avg(t.promised), 4) AS promised,
               round(avg(t.took), 4) AS took, round(stddev_samp(t.took), 4) AS deviation,
               round(avg(t.took - t.promised), 4) AS late_by,
               count(*) FILTER (WHERE t.due) AS due,
               count(*) FILTER (WHERE t.due AND t.in_time) AS kept,
               sum(t.ordered) FILTER (WHERE t.due) AS ordered_units,
               sum(t.filled) FILTER (WHERE t.due) AS filled_units,
               100.0 * count(*) FILTER (WHERE t.due AND t.in_time)
                   / nullif(count(*) FILTER (WHERE t.due), 0) AS on_time,
               100.0 * sum(t.filled) FILTER (WHERE t.due)
                   / nullif(sum(t.ordered) FILTER (WHERE t.due), 0) AS filled
          FROM told t JOIN warehouse_supplier s ON s.id = t.supplier_id
         GROUP BY s.id, s.code, s.name""",
    order="r.late_by DESC NULLS LAST, r.supplier",
    figures=(
        Figure(_("orders"), "coalesce(sum(r.orders), 0)"),
        Figure(_("on time"), "100.0 * sum(r.kept) / nullif(sum(r.due), 0)", Kind.PERCENT),
        Figure(
            _("filled"),
            "100.0 * sum(r.filled_units) / nullif(sum(r.ordered_units), 0)",
            Kind.PERCENT,
        ),
        Figure(
            _("mean lead time, days"),
            "sum(r.took * r.arrived) / nullif(sum(r.arrived), 0)",
            Kind.NUMBER,
        ),
    ),
    chart=Chart(
        _("Days that it took, on average"),
        "SELECT r.supplier, r.took FROM found r WHERE r.took > 0 ORDER BY r.took DESC, 1 LIMIT 12",
        Kind.NUMBER,
    ),
)
