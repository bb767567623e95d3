from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('notifications', '0010_known_words'),
    ]

    operations = [
        ValidateConstraint('alert', 'alert_severity_known'),
        ValidateConstraint('alert', 'alert_status_known'),
        ValidateConstraint('channel', 'channel_kind_known'),
        ValidateConstraint('delivery', 'delivery_status_known'),
        ValidateConstraint('ring', 'ring_severity_known'),
    ]
