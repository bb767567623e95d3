"""How much is picked in an hour, by whom."""

from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.definition import (
    Chart,
    Choice,
    Column,
    Figure,
    Kind,
    Period,
    Report,
)
from warehouse.reporting.places import PLACE

PAUSE = "interval '15 minutes'"  # longer than this between two scans, nobody was picking

PICKER_PRODUCTIVITY = Report(
    key="picker-productivity",
    title=_("Picker productivity"),
    question=_("How much do we pick in an hour?"),
    about=_(
        "From the scans of each person and day, less those taken back. Worked: the time between one scan and "
        "the next, where that is at most 15 minutes; what is longer is a pause. Shorts: lines of the "
        "person's lists of which something was not found, on the day of their list. For planning a shift, "
        "not for judging people: walks differ."
    ),
    parameters=(
        Period(14),
        Choice("by", _("By"), [("day", _("Person and day")), ("person", _("Person"))]),
    ),
    columns=(
        Column("day", _("day"), Kind.DAY),
        Column("person", _("person")),
        Column("lines", _("lines"), Kind.UNITS),
        Column("units", _("units"), Kind.UNITS),
        Column("hours", _("hours worked"), Kind.NUMBER),
        Column("lines_an_hour", _("lines an hour"), Kind.NUMBER),
        Column("units_an_hour", _("units an hour"), Kind.NUMBER),
        Column("shorts", _("shorts"), Kind.UNITS),
    ),
    found=f"""
        WITH {PLACE}, scan AS (
            SELECT s.user_id, s.pick_line_id, s.quantity, s.picked_at,
                   (s.picked_at AT TIME ZONE w.zone)::date AS day,
                   s.picked_at - lag(s.picked_at) OVER (
                       PARTITION BY s.user_id, (s.picked_at AT TIME ZONE w.zone)::date
                       ORDER BY s.picked_at, s.id) AS gap
              FROM orders_pickscan s
              JOIN orders_pickline l ON l.id = s.pick_line_id
              JOIN orders_picklist t ON t.id = l.pick_list_id
              JOIN place w ON w.id = t.warehouse_id
             WHERE s.picked_at >= %(first_since)s::timestamptz
               AND s.picked_at < %(last_until)s::timestamptz
               AND s.picked_at >= w.since AND s.picked_at < w.until AND s.undone_at IS NULL
        ), worked AS (
            SELECT user_id, day, count(DISTINCT pick_line_id) AS lines, sum(quantity) AS units,
                   coalesce(extract(epoch FROM sum(gap) FILTER (WHERE gap <= {PAUSE})), 0) / 3600 AS hours,
                   0 AS shorts
              FROM scan GROUP BY user_id, day
             UNION ALL
            SELECT t.claimed_by_id, (t.claimed_at AT TIME ZONE w.zone)::date, 0, 0, 0, count(*)
              FROM orders_picklist t
              JOIN place w ON w.id = t.warehouse_id
              JOIN orders_pickline l ON l.pick_list_id = t.id AND l.short > 0
             WHERE t.claimed_at >= w.since AND t.claimed_at < w.until AND t.claimed_by_id IS NOT NULL
             GROUP BY 1, 2)
        SELECT CASE WHEN %(by)s = 'day' THEN k.day END AS day, u.username AS person,
               sum(k.lines)::bigint AS lines, sum(k.units)::bigint AS units, sum(k.hours) AS hours,
               sum(k.lines) / nullif(sum(k.hours), 0) AS lines_an_hour,
               sum(k.units) / nullif(sum(k.hours), 0) AS units_an_hour,
               sum(k.shorts)::bigint AS shorts
          FROM worked k JOIN auth_user u ON u.id = k.user_id
         GROUP BY 1, 2""",
    order="r.day DESC NULLS LAST, r.lines DESC, r.person",
    figures=(
        Figure(_("lines"), "coalesce(sum(r.lines), 0)"),
        Figure(_("units"), "coalesce(sum(r.units), 0)"),
        Figure(_("hours worked"), "coalesce(sum(r.hours), 0)", Kind.NUMBER),
        Figure(_("lines an hour"), "sum(r.lines) / nullif(sum(r.hours), 0)", Kind.NUMBER),
        Figure(_("shorts"), "coalesce(sum(r.shorts), 0)"),
    ),
    chart=Chart(
        _("Lines an hour"),
        """SELECT r.person, sum(r.lines) / nullif(sum(r.hours), 0) FROM found r
            GROUP BY 1 HAVING sum(r.hours) > 0 ORDER BY 2 DESC NULLS LAST, 1 LIMIT 12""",
        Kind.NUMBER,
    ),
)
