"""Which messages may be on their way at the same time. Pure: values in, values out.

Messages that share a subject form a chain, directly or through others, and go one after the other; chains
share nothing and go side by side. A message that did not get through holds up those after it which are about
one of its subjects, and those that wait for these, and no others.
"""

from collections import deque
from collections.abc import Iterable, Sequence

from notifications.services.messages import Message


class Chain:
    """Messages in their order, to be sent one after the other."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self.messages = deque(messages)
        self.held: set[str] = set()

    def next(self) -> Message | None:
        """The next that nothing before it holds up."""
        while self.messages:
            message = self.messages.popleft()
            if not message.subjects & self.held:
                return message
            self.held |= message.subjects
        return None

    def hold(self, message: Message) -> None:
        """It did not get through."""
        self.held |= message.subjects


def sendable(*, messages: Sequence[Message], held: set[str]) -> list[Message]:
    """Those that are due and wait for none before them. What waits is added to `held`."""
    found = []
    for message in messages:
        if message.due and not message.subjects & held:
            found.append(message)
        else:
            held |= message.subjects
    return found


def chained(*, messages: Sequence[Message]) -> list[Chain]:
    """The chains that these form, in the order of their first messages."""
    chain_of: dict[str, int] = {}  # a subject's chain
    chains: dict[int, list[Message]] = {}
    for place, message in enumerate(messages):
        met = {chain_of[subject] for subject in message.subjects if subject in chain_of}
        joined = [message]
        for other in met:
            joined += chains.pop(other)
        chains[place] = joined
        for one in joined:
            chain_of.update(dict.fromkeys(one.subjects, place))
    ordered = [sorted(chain, key=lambda one: one.sequence) for chain in chains.values()]
    return [Chain(chain) for chain in sorted(ordered, key=lambda chain: chain[0].sequence)]


def probes(*, chains: Sequence[Chain]) -> list[Chain]:
    """With which to find out whether anybody answers: the first two, and the one that was tried least.

    The third is there so that a few messages that are refused each time do not pass for a dead address.
    """
    first, rest = list(chains[:2]), chains[2:]
    fresh = min(rest, key=lambda chain: chain.messages[0].attempts, default=None)
    return first if fresh is None else [*first, fresh]
