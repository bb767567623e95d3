"""Who does something: a person, an API key, or the system itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

# Room for the longest name that somebody can sign in with (150), wherever it is written down.
NAME_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Actor:
    """The name that the ledger keeps, and the user's id where a person acted."""

    name: str
    user_id: int | None = None


SYSTEM = Actor(name="system")

# Asked for only when somebody wants to know: most requests change no setting.
_acting: ContextVar[Callable[[], Actor] | None] = ContextVar("acting", default=None)


@contextmanager
def acting(who: Callable[[], Actor] | None) -> Iterator[None]:
    """Until the end of the block, changes of settings are this actor's. None: nobody is known yet."""
    before = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(before)


def act_as(who: Callable[[], Actor]) -> None:
    """The same until the end of the `acting` block that one is in."""
    _acting.set(who)


def acting_now() -> Callable[[], Actor] | None:
    """How to find out who acts; None where nobody has said."""
    return _acting.get()
