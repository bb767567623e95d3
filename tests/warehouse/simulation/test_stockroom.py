"""The account that is kept beside the engine: it tells what was sold twice, and where the two differ."""

import pytest

from warehouse.lines import Level
from warehouse.simulation.stockroom import Stockroom


def level(on_hand: int) -> Level:
    return Level("A", "MAIN", on_hand, 0, 0, 0, 0, None, 1)


@pytest.mark.parametrize(
    ("taken", "oversold", "left"),
    [([10], 0, 0), ([11], 1, -1), ([4, 6, 1], 1, -1), ([12, 3], 5, -5), ([], 0, 10)],
)
def test_what_is_taken_without_being_there_is_oversold(taken, oversold, left):
    room = Stockroom({("A", "MAIN"): 10})
    for units in taken:
        room.take("A", "MAIN", units)
    assert (room.oversold, room.there("A", "MAIN")) == (oversold, left)


def test_each_place_has_its_own_units():
    room = Stockroom({("A", "MAIN"): 10})
    room.take("A", "EAST", 2)
    room.take("B", "MAIN", 1)
    assert room.oversold == 3


def test_what_came_in_can_be_taken_and_what_was_missing_stays_oversold():
    room = Stockroom()
    room.take("A", "MAIN", 2)
    room.put("A", "MAIN", 5)
    room.take("A", "MAIN", 3)
    assert (room.oversold, room.there("A", "MAIN")) == (2, 0)


def test_each_level_that_is_otherwise_is_a_disagreement():
    room = Stockroom({("A", "MAIN"): 10})
    assert room.disagreements([level(10)]) == 0
    assert room.disagreements([level(9), level(10), level(11)]) == 2
