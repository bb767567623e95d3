"""A limit for the whole of something that talks over a network.

Time limits of sockets are for each answer: whoever answers one byte at a time would keep a courier for ever.
"""

import threading
from collections.abc import Callable


def within(*, seconds: float, work: Callable[[], object]) -> None:
    """Do it, in a thread that is left to itself when the time is over. Raises TimeoutError then, and whatever
    the work raises before."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True, name="courier")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TimeoutError
    if raised:
        raise raised[0]
