"""Faults of several lines, told together: whoever sent them mends all of them at once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from inventory_site.core.errors import DomainError

MOST_SAID = 5  # sentences; `items` has every fault


class Faults:
    """What is wrong with the lines of one request, gathered until all of them were looked at."""

    def __init__(self) -> None:
        self.found: list[DomainError] = []

    @contextmanager
    def of_line(self) -> Iterator[None]:
        """Keep a refusal that is about lines, so that the next line is looked at; any other is raised."""
        try:
            yield
        except DomainError as error:
            if not error.items or any("line" not in item for item in error.items):
                raise
            self.found.append(error)

    def tell(self) -> None:
        """Raise all that was found, in the order of the lines, if anything was."""
        self.found.sort(key=lambda error: error.items[0]["line"])
        if self.found:
            raise as_one(self.found)


def as_one(errors: Sequence[DomainError]) -> DomainError:
    """Several refusals as one of the first one's kind; the items of any other kind carry their own code."""
    first = errors[0]
    if len(errors) == 1:
        return first
    items = [
        item if error.code == first.code else {**item, "code": error.code}
        for error in errors
        for item in error.items
    ]
    said = list(dict.fromkeys(error.detail for error in errors))
    more = " …" if len(said) > MOST_SAID else ""
    return type(first)(" ".join(said[:MOST_SAID]) + more, items=items)
