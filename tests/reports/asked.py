"""Reports as tests ask them: without a page, by parameters as an address has them."""

import csv
import io

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from inventory_site.core.models import StaffAccess
from inventory_site.core.reporting.answering import answer
from inventory_site.core.reporting.asking import ask
from inventory_site.core.reporting.registry import report
from tests.warehouse.histories import NOW

MANY = 10_000


def asked(key, *, now=NOW, within=None, **data):
    """Report and what is asked of it; refused questions fail the test."""
    found = report(key)
    question = ask(report=found, data={k: str(v) for k, v in data.items()}, now=now, within=within)
    assert question.given is not None, question.form.errors
    return found, question.given


def answered(key, *, limit=MANY, skip=0, sort="", **given):
    one, what = asked(key, **given)
    return answer(report=one, given=what, limit=limit, skip=skip, sort=sort)


def rows(key, *columns, **given):
    """The rows as tuples of these columns (one: the values alone)."""
    found = [tuple(row[c] for c in columns) for row in answered(key, **given).rows]
    return [row[0] for row in found] if len(columns) == 1 else found


def figures(key, **given):
    one, _ = asked(key, **given)
    found = answered(key, **given)
    return {str(figure.label): x for figure, x in zip(one.figures, found.figures, strict=True)}


def person(client, role="operations manager", within=()):
    one = get_user_model().objects.create_user(f"{role} of {within}", is_staff=True)
    one.user_permissions.set(Permission.objects.all())
    one.groups.add(Group.objects.get_or_create(name=role)[0])
    StaffAccess.objects.create(user=one, warehouses=list(within))
    client.force_login(one)
    return one


def file_of(answer):
    """The bytes of a file that is sent."""
    return b"".join(answer.streaming_content)


def csv_rows(body):
    text = body.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))
