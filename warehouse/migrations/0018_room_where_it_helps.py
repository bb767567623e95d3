"""Room on a page helps an update that leaves every index as it is (HOT).

Of reservations and their lines there is none: the status and the counters, which change with every order,
decide what stands in the partial indexes of what is due, open and waiting. Those indexes are worth more.
"""

from django.db import migrations


def settings(table):
    return migrations.RunSQL(
        f"ALTER TABLE {table} RESET (fillfactor)", f"ALTER TABLE {table} SET (fillfactor = 85)"
    )


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0017_long_names")]
    operations = [settings("warehouse_reservation"), settings("warehouse_reservationline")]
