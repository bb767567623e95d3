"""Who does something: a person, an API key, or the system itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The name that the ledger keeps, and the user's id where a person acted."""

    name: str
    user_id: int | None = None


SYSTEM = Actor(name="system")
