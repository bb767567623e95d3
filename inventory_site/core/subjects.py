"""What a column that the history names is called where people read it."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext

# What goes with a subject has its own fields, of another model.
PARTS = {
    "warehouse.product": ("warehouse.barcode",),
    "notifications.channel": ("notifications.route",),
    "auth.user": ("core.staffaccess",),
}


def field_of(topic: str, column: str) -> Any:
    """The field of a subject, or of what goes with it; None where there is none any more."""
    for label in (topic, *PARTS.get(topic, ())):
        try:
            model = apps.get_model(label)
        except LookupError:
            continue
        for name in (column, column.removesuffix("_id")):
            try:
                return model._meta.get_field(name)
            except FieldDoesNotExist:
                continue
    return None


def label_of(topic: str, column: str) -> str:
    """Its name in the reader's language."""
    if column == "role":  # a row between a person and a group, which is no field
        return gettext("role")
    field = field_of(topic, column)
    return str(getattr(field, "verbose_name", "") or column.replace("_", " "))
