"""A replay has time: where a row stays locked for long, it asks again, as every client is told to."""

import time
from collections.abc import Callable
from typing import TypeVar

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import Busy

T = TypeVar("T")

SECONDS = 120.0  # after which something is wrong
PAUSE = 0.05


def patiently(work: Callable[[], T]) -> T:
    """Run `work` in a unit of work, and anew for as long as it is busy; what failed left nothing behind.

    Raises Busy after `SECONDS`.
    """
    end = time.monotonic() + SECONDS
    while True:
        try:
            return in_unit_of_work(work)
        except Busy:
            if time.monotonic() > end:
                raise
            time.sleep(PAUSE)
