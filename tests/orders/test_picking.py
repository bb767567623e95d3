"""Picking scan by scan: goods go into totes, and every slip has its own words."""

import pytest

from orders.models import PickList, SalesOrder
from tests.orders.picking_world import (
    claimed,
    in_bin,
    line,
    order,
    person,
    scan,
    shelve,
)  # fmt: skip
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db


def status(reference: str) -> str:
    return PickList.objects.get(reference=reference).status


def test_a_list_is_picked_scan_by_scan():
    shelve({("A", "A-01-01"): 5, ("B", "B-02-01"): 5})
    order("O1", A=2, B=1)
    anna = person()
    reference = claimed(anna)
    assert SalesOrder.objects.get().status == "picking"
    first = scan(reference, anna)
    assert (first.sku, first.tote, first.left, first.list_over) == ("A", 1, 1, False)
    assert (in_bin("A", "A-01-01"), in_bin("A", "PACKING")) == (4, 1)
    scan(reference, anna)
    last = scan(reference, anna, line=line(reference, bin__code="B-02-01"))
    assert last.list_over
    assert status(reference) == "picked"
    assert verify_ledger() == []
