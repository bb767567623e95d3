"""Any known code leads somewhere; of what is not one's own nothing is told."""

import pytest

from orders.queries.codes import resolve_code
from tests.factories import BinFactory, stock, warehouse
from tests.orders.counted import opened
from tests.warehouse.statements import sent_by

pytestmark = pytest.mark.django_db


def kinds(code, *, at="MAIN", within=None):
    return [(x.kind, x.warehouse) for x in resolve_code(code=code, warehouse=at, within=within)]


def test_goods_bins_and_documents():
    stock({("A", "MAIN"): 5}, bin="A-01-01")
    reference = opened()
    assert kinds("a") == [("product", None)]
    assert kinds(" a-01-01") == [("bin", "MAIN")]
    assert kinds(reference.lower()) == [("count_task", "MAIN")]
    assert [kinds(x) for x in ("", "NOBODY", "\x00", "x" * 200)] == [[], [], [], []]


def test_what_is_here_comes_first_and_what_is_not_one_s_own_is_not_told():
    for code in ("MAIN", "EAST"):
        BinFactory(warehouse=warehouse(code), code="A-01-01")
    assert kinds("A-01-01", at="EAST") == [("bin", "EAST"), ("bin", "MAIN")]
    assert kinds("A-01-01", within={"MAIN"}) == [("bin", "MAIN")]
    stock({("A", "EAST"): 5}, bin="A-01-01")
    assert kinds(opened(code="EAST"), within={"MAIN"}) == []


def test_statements():
    assert len(sent_by(resolve_code, code="X", warehouse="MAIN")) == 2
