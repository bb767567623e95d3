from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('warehouse', '0015_known_words'),
    ]

    operations = [
        ValidateConstraint('reorderadvice', 'advice_decision_known'),
        ValidateConstraint('bin', 'bin_kind_known'),
        ValidateConstraint('clearance', 'clearance_way_known'),
        ValidateConstraint('clearance', 'clearance_state_known'),
        ValidateConstraint('importmapping', 'import_mapping_kind_known'),
        ValidateConstraint('importrun', 'import_kind_known'),
        ValidateConstraint('importrun', 'import_status_known'),
        ValidateConstraint('inboundline', 'inbound_line_kind_known'),
        ValidateConstraint('reservation', 'reservation_status_known'),
        ValidateConstraint('stockmovement', 'movement_type_known'),
    ]
