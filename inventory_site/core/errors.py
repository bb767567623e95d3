"""Errors as code and data. Domain code raises them; each interface puts them into its own words."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, ClassVar

from django.utils.translation import gettext, gettext_noop


class Kind(Enum):
    """What sort of refusal this is. The API maps it to a status, a page to a message style."""

    INVALID = "invalid"  # the request can never work as it is
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"  # it collides with the present state
    FORBIDDEN = "forbidden"
    BUSY = "busy"  # try again, unchanged, a moment later


class DomainError(Exception):
    """A refusal with a stable `code`, a sentence for a person, and data for a program.

    `items` names every offending line. An error with `keeps_record` ends the unit of work normally,
    so that what was recorded about the refusal (lost demand) stays; nothing else has been written.
    """

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = gettext_noop("Refused")
    kind: ClassVar[Kind] = Kind.INVALID
    keeps_record: ClassVar[bool] = False

    def __init__(self, detail: str, *, items: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.items = [dict(item) for item in items]


class Busy(DomainError):
    """Another transaction holds a row for longer than the lock timeout."""

    code = "busy"
    title = gettext_noop("Busy, try again")
    kind = Kind.BUSY

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or gettext("Another change holds this stock; try again."))


class DatabaseUnavailable(DomainError):
    """The database cannot be reached or is shutting down; nothing was done."""

    code = "database_unavailable"
    title = gettext_noop("The database is away")
    kind = Kind.BUSY

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or gettext("The database cannot be reached; try again."))


class WarehouseNotAllowed(DomainError):
    """The API key is limited to other warehouses."""

    code = "warehouse_not_allowed"
    title = gettext_noop("Not your warehouse")
    kind = Kind.FORBIDDEN


class OutsideUnitOfWork(RuntimeError):
    """A service was called without `unit_of_work()` around it: a defect of the caller."""
