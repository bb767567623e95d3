"""Refusing an order of many lines walks over them a few times, not once for each that is short."""

import pytest

from tests.factories import do, stock, warehouse
from warehouse.errors import InsufficientStock, NotEnoughToTake
from warehouse.lines import ReserveLine, TransferLine
from warehouse.services.reservations import reserve
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db

SKUS = [f"S{n:03d}" for n in range(60)]


class Walked(list):
    """Lines that count how often somebody goes over them."""

    walks = 0

    def __iter__(self):
        self.walks += 1
        return super().__iter__()


def test_refusing_a_reservation_names_each_line_and_walks_over_them_a_few_times():
    stock(dict.fromkeys(((sku, "MAIN") for sku in SKUS), 1))
    lines = Walked(ReserveLine(sku, 9) for sku in reversed(SKUS))
    with pytest.raises(InsufficientStock) as refused:
        do(reserve, reference="O", lines=lines)
    told = [(item["line"], item["sku"]) for item in refused.value.items]
    assert told == list(enumerate(reversed(SKUS)))
    assert lines.walks < 10


def test_refusing_a_transfer_names_each_line_and_walks_over_them_a_few_times():
    stock(dict.fromkeys(((sku, "MAIN") for sku in SKUS), 1))
    warehouse("EAST")
    lines = Walked(TransferLine(sku, 9) for sku in reversed(SKUS))
    with pytest.raises(NotEnoughToTake) as refused:
        do(transfer, reference="T", from_warehouse="MAIN", to_warehouse="EAST", lines=lines)
    told = [(item["line"], item["sku"]) for item in refused.value.items]
    assert told == list(enumerate(reversed(SKUS)))
    assert lines.walks < 10
