"""A connection that the server has ended is made anew, by our own cursors as by Django's."""

import psycopg
import pytest
from django.db import connection, transaction

from inventory_site.core.sql import rows, rows_together
from warehouse.models import Product

pytestmark = pytest.mark.usefixtures("committed_db")

READS = {
    "the ORM": lambda: Product.objects.count(),
    "rows": lambda: rows("SELECT 1", []),
    "rows_together": lambda: rows_together(("SELECT 1", []), ("SELECT 2", [])),
}


@pytest.fixture
def ended():
    """This thread's connection, ended by the server between two requests."""
    rows("SELECT 1", [])
    given = connection.settings_dict
    (pid,) = rows("SELECT pg_backend_pid()", [])[0]
    with psycopg.connect(
        host=given["HOST"], port=given["PORT"] or None, user=given["USER"], dbname=given["NAME"]
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    connection.close_if_unusable_or_obsolete()  # what Django does as a request starts


@pytest.mark.parametrize("name", READS)
def test_the_next_request_notices_nothing(ended, name):
    READS[name]()
    assert rows("SELECT 3", []) == [(3,)]


def test_it_is_looked_at_once_in_a_request_and_never_inside_a_transaction(monkeypatch):
    looks = []
    rows("SELECT 1", [])
    usable = connection.is_usable
    monkeypatch.setattr(connection, "is_usable", lambda: looks.append(1) or usable())
    connection.close_if_unusable_or_obsolete()
    rows("SELECT 1", [])
    rows("SELECT 2", [])
    rows_together(("SELECT 1", []), ("SELECT 2", []))
    assert len(looks) == 1
    connection.close_if_unusable_or_obsolete()
    with transaction.atomic():
        rows("SELECT 1", [])
        rows_together(("SELECT 1", []), ("SELECT 2", []))
    assert len(looks) == 2  # Django's own, before BEGIN
