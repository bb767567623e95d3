"""Which warehouses a report looks at, as SQL has them."""

from collections.abc import Sequence

from inventory_site.core.sql import rows

# The warehouses that were asked for, with the span of the days asked for in their own zone. Every report
# joins it, so that none can look further than it may.
PLACE = """place AS MATERIALIZED (
        SELECT w.id, w.code, g.zone, g.since, g.until
          FROM unnest(%(codes)s::text[], %(zones)s::text[], %(sinces)s::timestamptz[],
                      %(untils)s::timestamptz[]) AS g(code, zone, since, until)
          JOIN warehouse_warehouse w ON w.code = g.code)"""

# A part of a SKU or of a name; nothing asked for: all.
MATCHES = """(%(q)s = '' OR position(upper(%(q)s) IN p.sku) > 0
              OR position(lower(%(q)s) IN lower(p.name)) > 0)"""


def read_places() -> Sequence[tuple[str, str, str]]:
    """Code, name and zone of every warehouse. One statement."""
    return [
        (code, name, zone)
        for code, name, zone in rows(
            "SELECT code, name, time_zone FROM warehouse_warehouse ORDER BY priority, code", []
        )
    ]
