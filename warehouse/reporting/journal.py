"""The ledger itself, movement by movement."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.definition import (
    Chart,
    Choice,
    Column,
    Figure,
    Given,
    Kind,
    Period,
    Report,
    Search,
    Shape,
)
from warehouse.models import MovementType
from warehouse.reporting.places import MATCHES, PLACE
from warehouse.reporting.words import by_code

TYPES = {
    MovementType.RECEIVE.value: _("receive"),
    MovementType.SHIP.value: _("ship"),
    MovementType.TRANSFER.value: _("transfer"),
    MovementType.ADJUST.value: _("adjust"),
    MovementType.RETURN.value: _("return"),
    MovementType.DAMAGE.value: _("damage"),
    MovementType.CYCLE_COUNT.value: _("cycle count"),
    MovementType.MOVE.value: _("move"),
}


def _prepare(given: Given) -> Mapping[str, Any]:
    return {"types": by_code(TYPES)}


JOURNAL = Report(
    key="movements",
    title=_("Movement journal"),
    question=_("What moved, when, why and by whom?"),
    about=_(
        "Every row of the ledger in the period, the newest first, with what was on hand after it. Times are "
        "those of the warehouse. The export holds the whole period."
    ),
    parameters=(
        Period(7),
        Choice("type", _("Type"), [("", _("All")), *TYPES.items()]),
        Search("q", _("SKU or name")),
        Search("reference", _("Reference")),
    ),
    columns=(
        Column("at", _("when"), Kind.MOMENT, sorts=False),
        Column("type", _("type"), sorts=False),
        Column(
            "sku", _("SKU"), link=("admin:warehouse_inventoryitem_change", "item_id"), sorts=False
        ),
        Column("name", _("name"), sorts=False),
        Column("warehouse", _("warehouse"), sorts=False),
        Column("quantity", _("units"), Kind.UNITS, sorts=False),
        Column("on_hand_after", _("on hand after"), Kind.UNITS, sorts=False),
        Column("taken_from", _("from"), sorts=False),
        Column("put_into", _("into"), sorts=False),
        Column("reference", _("reference"), sorts=False),
        Column("reason", _("reason"), sorts=False),
        Column("actor", _("by"), sorts=False),
    ),
    # Narrow, since a year may be millions: what a row says besides is joined to those that are shown.
    found=f"""
        WITH {PLACE}, mine AS MATERIALIZED (
            SELECT i.id, w.zone, w.since, w.until
              FROM warehouse_inventoryitem i
              JOIN place w ON w.id = i.warehouse_id
              JOIN warehouse_product p ON p.id = i.product_id
             WHERE {MATCHES})
        SELECT m.id, m.item_id, m.quantity, m.occurred_at AT TIME ZONE i.zone AS at
          FROM warehouse_stockmovement m
          JOIN mine i ON i.id = m.item_id
         WHERE m.occurred_at >= %(first_since)s::timestamptz
           AND m.occurred_at < %(last_until)s::timestamptz
           AND m.occurred_at >= i.since AND m.occurred_at < i.until
           AND (%(type)s = '' OR m.type = %(type)s)
           AND (%(reference)s = '' OR m.reference = %(reference)s)""",
    order="r.id DESC",
    more="""%(types)s::jsonb ->> m.type AS type, p.sku, p.name, w.code AS warehouse, m.on_hand_after,
            f.code AS taken_from, t.code AS put_into, m.reference, m.reason, m.actor""",
    joins="""JOIN warehouse_stockmovement m ON m.id = r.id
             JOIN warehouse_inventoryitem i ON i.id = r.item_id
             JOIN warehouse_product p ON p.id = i.product_id
             JOIN warehouse_warehouse w ON w.id = i.warehouse_id
             LEFT JOIN warehouse_bin f ON f.id = m.bin_from_id
             LEFT JOIN warehouse_bin t ON t.id = m.bin_to_id""",
    figures=(
        Figure(_("movements"), "count(*)"),
        Figure(_("units in"), "coalesce(sum(r.quantity) FILTER (WHERE r.quantity > 0), 0)"),
        Figure(_("units out"), "coalesce(-sum(r.quantity) FILTER (WHERE r.quantity < 0), 0)"),
    ),
    chart=Chart(
        _("Movements by day, week or month"),
        """SELECT to_char(d.at, 'YYYY-MM-DD'), d.n
             FROM (SELECT date_trunc(%(step)s, r.at) AS at, count(*) AS n
                     FROM found r GROUP BY 1) d ORDER BY d.at""",
        shape=Shape.COLUMNS,
    ),
    prepare=_prepare,
)
