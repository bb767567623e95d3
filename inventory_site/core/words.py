"""Closed sets of words: what a column may say, held by the database as well as by forms."""

from django.db import models
from django.db.models import Q


def one_of(
    field: str, words: type[models.TextChoices], *, name: str, or_none: bool = False
) -> models.CheckConstraint:
    """A constraint: the column holds one of these words, or with `or_none` none yet."""
    known = [*words.values, *([""] if or_none else [])]
    return models.CheckConstraint(condition=Q(**{f"{field}__in": known}), name=name)
