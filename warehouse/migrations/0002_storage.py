"""How the hot tables lie on disk: room on each page, so that counters are updated in place (HOT).

That holds for items and bins. Of reservations and their lines, the status and the counters decide what
stands in partial indexes, so that each update makes new entries: 0018 takes the room back.
"""

from django.db import migrations

FILL = {
    "warehouse_inventoryitem": 70,
    "warehouse_binstock": 80,
    "warehouse_reservation": 85,
    "warehouse_reservationline": 85,
}


def settings(table, fill):
    return migrations.RunSQL(
        f"ALTER TABLE {table} SET (fillfactor = {fill}, autovacuum_vacuum_scale_factor = 0.05,"
        " autovacuum_vacuum_cost_delay = 1)",
        f"ALTER TABLE {table} RESET (fillfactor, autovacuum_vacuum_scale_factor,"
        " autovacuum_vacuum_cost_delay)",
    )


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0001_initial")]
    operations = [settings(table, fill) for table, fill in FILL.items()]
