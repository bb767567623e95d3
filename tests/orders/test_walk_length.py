"""The model by which walks are measured: a plain rack warehouse, in metres."""

import pytest

from benchmarks.walking import DATA, Building, compare, metres, stop


def test_a_walk_goes_past_its_racks_and_back_to_the_table():
    building = Building(first=1, racks=10)
    assert (stop("A-03-12"), stop("AA-01-01"), stop("RECEIVING")) == ((1, 3), (27, 1), None)
    assert metres(building, ["A-05-01"]) == pytest.approx(2 * 5 * 1.2)
    assert metres(building, ["A-05-01", "A-02-09", "A-05-02"]) == pytest.approx(2 * 5 * 1.2)
    near = (2 + 3) * 1.2 + 3.0
    assert building.between((1, 2), (2, 3)) == pytest.approx(near)
    assert building.between((1, 9), (2, 10)) == pytest.approx((2 + 1) * 1.2 + 3.0)  # the far end


def test_without_the_data_nothing_is_measured(tmp_path):
    assert compare(tmp_path / "absent") == {}
    assert DATA.parts[-3:] == ("shared", "data", "online-retail")
