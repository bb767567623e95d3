"""What lasts until a time that was written down: leases and rests, told in SQL.

Whoever wrote that time had a clock. One that was put back since would let a rest of minutes last for a day,
so what ends later than it could if it had begun now binds nobody. But of two who claim the same row at the
same moment, the one who began first may come second, and then the other's lease ends a little later than its
own would; and clocks of two machines differ. So that is allowed for.
"""

SLACK = "interval '1 minute'"


def lasts(until: str, *, now: str, at_most: str) -> str:
    """The condition that what is set to end at `until`, having begun for `at_most`, goes on now; all of them
    are expressions of SQL. False where `until` is null."""
    return f"(({until} > {now} AND {until} <= {now} + {at_most} + {SLACK}) IS TRUE)"


def to_come(at: str, *, now: str) -> str:
    """The condition that `at`, written down as what had happened, is a time of a clock put back since."""
    return f"({at} > {now} + {SLACK})"
