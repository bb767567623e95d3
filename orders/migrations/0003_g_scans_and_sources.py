from django.db import migrations


class Migration(migrations.Migration):
    """The two branches of 0002 meet."""

    dependencies = [
        ("orders", "0002_c_order_source"),
        ("orders", "0002_d_pick_scans"),
    ]

    operations = []
