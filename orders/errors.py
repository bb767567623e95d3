"""What documents refuse, beside orders/states.WrongState."""

from inventory_site.core.errors import DomainError, Kind


class CountTaskNotFound(DomainError):
    """There is no count task of that number."""

    code = "count_task_not_found"
    title = "No such count task"
    kind = Kind.NOT_FOUND


class CountTaskClaimed(DomainError):
    """Somebody else is counting this, or nobody has begun to."""

    code = "count_task_claimed"
    title = "Not yours to count"
    kind = Kind.CONFLICT


class NotInCount(DomainError):
    """What was counted or scanned is not what this task is about."""

    code = "not_in_count"
    title = "Not part of this count"


class NothingToCount(DomainError):
    """The product lies in no bin there, or the place holds only what the books put there."""

    code = "nothing_to_count"
    title = "Nothing to count"


class CountOutdated(DomainError):
    """The bin was counted or corrected since; what was found then no longer tells a difference."""

    code = "count_outdated"
    title = "Corrected since it was counted"
    kind = Kind.CONFLICT
