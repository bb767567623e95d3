"""What was asked for and not there: demand that was lost, and promises that were not made."""

from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.definition import (
    Chart,
    Choice,
    Column,
    Figure,
    Kind,
    Period,
    Report,
    Search,
    Shape,
)
from warehouse.reporting.places import MATCHES, PLACE

PRODUCT = ("admin:warehouse_product_change", "product_id")

# Every refusal of the period. One that named no warehouse is looked at by those who may look everywhere; its
# day is that of UTC. `promised`: what the same reference was promised of the product after all.
REFUSAL = f"""{PLACE}, refusal AS (
        SELECT l.id, l.reference, l.product_id, p.sku, p.name, coalesce(w.code, '') AS warehouse,
               l.requested, l.available, l.requested - l.available AS short,
               p.unit_cost, l.occurred_at AT TIME ZONE coalesce(w.zone, 'UTC') AS at,
               least(r.promised, l.requested) AS promised
          FROM warehouse_lostdemand l
          JOIN warehouse_product p ON p.id = l.product_id
          LEFT JOIN place w ON w.id = l.warehouse_id
         CROSS JOIN LATERAL (
               SELECT coalesce(sum(n.quantity), 0)::int AS promised
                 FROM warehouse_reservation v
                 JOIN warehouse_reservationline n ON n.reservation_id = v.id
                 JOIN warehouse_inventoryitem x ON x.id = n.item_id
                WHERE v.reference = l.reference AND x.product_id = l.product_id) r
         WHERE l.occurred_at >= %(first_since)s::timestamptz
           AND l.occurred_at < %(last_until)s::timestamptz
           AND l.occurred_at >= coalesce(w.since, %(since_utc)s::timestamptz)
           AND l.occurred_at < coalesce(w.until, %(until_utc)s::timestamptz)
           AND (w.id IS NOT NULL OR (l.warehouse_id IS NULL AND %(everywhere)s))
           AND {MATCHES})"""

LOST_DEMAND = Report(
    key="lost-demand",
    title=_("Lost demand"),
    question=_("What could we have sold?"),
    about=_(
        "Units that were refused because they were not there: asked for, less available; whoever was "
        "promised them later under the same reference did not go without. Money is at unit cost, since "
        "selling prices are not kept here: what was lost in sales is more."
    ),
    parameters=(
        Period(90),
        Choice(
            "by", _("By"), [("product", _("Product")), ("week", _("Week")), ("month", _("Month"))]
        ),
        Search("q", _("SKU or name")),
    ),
    columns=(
        Column("subject", _("product or period"), link=PRODUCT),
        Column("name", _("name")),
        Column("warehouse", _("warehouse asked for")),
        Column("refusals", _("refusals"), Kind.UNITS),
        Column("units", _("units lost"), Kind.UNITS),
        Column("money", _("at unit cost"), Kind.MONEY),
        Column("last", _("last"), Kind.MOMENT),
    ),
    found=f"""
        WITH {REFUSAL}
        SELECT CASE WHEN %(by)s = 'product' THEN max(product_id) END AS product_id,
               CASE WHEN %(by)s = 'product' THEN sku
                    ELSE to_char(date_trunc(%(by)s, at), 'YYYY-MM-DD') END AS subject,
               CASE WHEN %(by)s = 'product' THEN max(name) ELSE '' END AS name,
               CASE WHEN %(by)s = 'product' THEN warehouse ELSE '' END AS warehouse,
               count(*) AS refusals, sum(least(short, requested - promised))::bigint AS units,
               sum(least(short, requested - promised) * unit_cost) AS money, max(at) AS last
          FROM refusal WHERE requested > promised GROUP BY 2, 4""",
    order="r.money DESC NULLS LAST, r.units DESC, r.subject, r.warehouse",
    figures=(
        Figure(_("units lost"), "coalesce(sum(r.units), 0)"),
        Figure(_("at unit cost"), "coalesce(sum(r.money), 0)", Kind.MONEY),
        Figure(_("refusals"), "coalesce(sum(r.refusals), 0)"),
    ),
    chart=Chart(
        _("Units lost"),
        """SELECT c.subject, c.units
             FROM (SELECT r.subject, sum(r.units) AS units FROM found r GROUP BY 1
                    ORDER BY CASE WHEN %(by)s = 'product' THEN sum(r.units) END DESC, 1 DESC LIMIT 12) c
            ORDER BY CASE WHEN %(by)s = 'product' THEN c.units END DESC, 1""",
    ),
)

OVERSELLS = Report(
    key="oversells-prevented",
    title=_("Oversells prevented"),
    question=_("What would have been sold and not been there?"),
    about=_(
        "Each refusal is units that a shop selling from a list would have sold and could not have sent: "
        "asked for, less available at that moment, also where they were promised later when goods had come. "
        "Money is their unit cost, not revenue: selling prices are not kept here."
    ),
    parameters=(Period(30), Search("q", _("SKU or name"))),
    columns=(
        Column("day", _("day, week or month"), Kind.DAY),
        Column("warehouse", _("warehouse asked for")),
        Column("orders", _("orders"), Kind.UNITS),
        Column("units", _("units not oversold"), Kind.UNITS),
        Column("money", _("at unit cost"), Kind.MONEY),
        Column("later", _("promised later"), Kind.UNITS),
    ),
    found=f"""
        WITH {REFUSAL}
        SELECT date_trunc(%(step)s, at)::date AS day, warehouse, count(DISTINCT reference) AS orders,
               sum(short)::bigint AS units, sum(short * unit_cost) AS money,
               sum(least(short, promised))::bigint AS later
          FROM refusal GROUP BY 1, 2""",
    order="r.day DESC, r.warehouse",
    figures=(
        Figure(_("units not oversold"), "coalesce(sum(r.units), 0)"),
        Figure(_("at unit cost"), "coalesce(sum(r.money), 0)", Kind.MONEY),
        Figure(_("orders told the truth"), "coalesce(sum(r.orders), 0)"),
        Figure(_("units promised later"), "coalesce(sum(r.later), 0)"),
    ),
    chart=Chart(
        _("Units not oversold"),
        "SELECT to_char(r.day, 'YYYY-MM-DD'), sum(r.units) FROM found r GROUP BY 1 ORDER BY 1",
        shape=Shape.COLUMNS,
    ),
)
