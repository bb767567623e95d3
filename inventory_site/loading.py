"""While the site is read into a process, Python does not look for garbage: there is none, and each look goes
through all that has been read so far. What was read then stays as long as the process, and is never looked
through again: a full look took 150 ms of some request. See docs/adr/0022-read-once.md."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Around what loads the site: settings, apps, addresses."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
