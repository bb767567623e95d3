"""What came back and waits."""

from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.definition import Chart, Column, Figure, Kind, Report
from warehouse.reporting.places import PLACE

AGES = """(VALUES (1, 0, 2), (2, 2, 7), (3, 7, 14), (4, 14, 30), (5, 30, 1000000))
          AS b(n, least, most)"""
WORDS = (_("Up to 2 days"), _("Up to 7"), _("Up to 14"), _("Up to 30"), _("Longer"))

RETURNS_AGEING = Report(
    key="returns-ageing",
    title=_("Returns ageing"),
    question=_("What came back and still waits?"),
    about=_(
        "Returns on the bench: received, and not yet graded in full. Age in days since they were received; "
        "value at unit cost of the units that nobody has decided about."
    ),
    columns=(
        Column("reference", _("return"), link=("admin:orders_returnorder_change", "return_id")),
        Column("warehouse", _("warehouse")),
        Column("sales_order", _("order")),
        Column("received", _("received"), Kind.MOMENT),
        Column("age", _("days waiting"), Kind.NUMBER),
        Column("units", _("units"), Kind.UNITS),
        Column("value", _("value"), Kind.MONEY),
        Column("reason", _("reason")),
    ),
    found=f"""
        WITH {PLACE}
        SELECT t.id AS return_id, t.reference, w.code AS warehouse, o.reference AS sales_order,
               t.received_at AT TIME ZONE w.zone AS received,
               extract(epoch FROM %(now)s::timestamptz - t.received_at) / 86400 AS age,
               l.units, l.value, t.reason
          FROM orders_returnorder t
          JOIN place w ON w.id = t.warehouse_id
          LEFT JOIN orders_salesorder o ON o.id = t.order_id
         CROSS JOIN LATERAL (
               SELECT sum(u.units)::bigint AS units, sum(u.units * p.unit_cost) AS value
                 FROM (SELECT product_id, received - restocked - quarantined - scrapped AS units
                         FROM orders_returnline WHERE return_order_id = t.id) u
                 JOIN warehouse_product p ON p.id = u.product_id) l
         WHERE t.status = 'received' AND l.units > 0""",
    prepare=lambda given: {"ages": [str(words) for words in WORDS]},
    order="r.age DESC, r.reference",
    figures=(
        Figure(_("returns waiting"), "count(*)"),
        Figure(_("units"), "coalesce(sum(r.units), 0)"),
        Figure(_("value at unit cost"), "coalesce(sum(r.value), 0)", Kind.MONEY),
        Figure(_("oldest, days"), "max(r.age)", Kind.NUMBER),
    ),
    chart=Chart(
        _("Value by days waiting"),
        f"""SELECT (%(ages)s::text[])[b.n], coalesce((SELECT sum(r.value) FROM found r
                                       WHERE r.age >= b.least AND r.age < b.most), 0)
              FROM {AGES} ORDER BY b.n""",
        Kind.MONEY,
    ),
)
