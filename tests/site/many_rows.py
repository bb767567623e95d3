"""More rows like one that is there, whatever the model."""

from copy import copy
from uuid import UUID, uuid4

from django.db.models import AutoField, Model, UniqueConstraint


def more_like(row: Model, many: int) -> list[Model]:
    """So many copies of the row. Of each thing that there may be only once, one part is made another; where
    that part is a row itself, it is copied as well."""
    made = []
    for n in range(many):
        one = copy(row)
        one._state.adding = True
        for field in _told_apart_by(row):
            setattr(one, field.name, _another(one, field, n))
        made.append(one)
    return type(row)._default_manager.bulk_create(made)


def _told_apart_by(row):
    """One field of each thing that is unique, a plain one where there is one."""
    model = row._meta
    once = [[field] for field in model.local_fields if field.unique]
    once += [
        [model.get_field(name) for name in rule.fields]
        for rule in model.constraints
        if isinstance(rule, UniqueConstraint)
    ]
    given = [[x for x in fields if getattr(row, x.name) is not None] for fields in once]
    return {min(each, key=lambda field: field.is_relation) for each in given if each}


def _another(row, field, n):
    value = getattr(row, field.name)
    if isinstance(field, AutoField):
        return None
    if isinstance(value, Model):
        return more_like(value, 1)[0]
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, int):
        return value + n + 1000
    return f"{value}{uuid4().hex[:6].upper()}"[-field.max_length :]
