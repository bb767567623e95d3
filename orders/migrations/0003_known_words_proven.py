from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0002_known_words'),
    ]

    operations = [
        ValidateConstraint('counttask', 'count_task_reason_known'),
        ValidateConstraint('counttask', 'count_task_status_known'),
        ValidateConstraint('picklist', 'pick_list_kind_known'),
        ValidateConstraint('picklist', 'pick_list_status_known'),
        ValidateConstraint('purchaseorder', 'purchase_status_known'),
        ValidateConstraint('returnorder', 'return_status_known'),
        ValidateConstraint('salesorder', 'order_status_known'),
        ValidateConstraint('transferorder', 'transfer_status_known'),
    ]
