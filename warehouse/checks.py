"""What a request must look like before any row is locked. Pure; every refusal names the line."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from warehouse.errors import InvalidLines, InvalidReference, TooLarge, WarehouseNotAllowed
from warehouse.lines import MAX_QUANTITY, MAX_REFERENCE

MAX_LINES = 10_000


def normal_sku(sku: str) -> str:
    """SKUs are compared trimmed and in upper case. Raises InvalidLines where no text could be like that."""
    return check_text(sku).strip().upper()


def check_text(text: str) -> str:
    """The text. Raises InvalidLines where it holds a NUL, which PostgreSQL keeps in no text."""
    if "\x00" in text:
        raise InvalidLines(_("There is a character (NUL) that cannot be kept."))
    return text


def is_whole(value: object) -> bool:
    """Whether it is a whole number: True and 2.0 are not, though Python counts with them."""
    return isinstance(value, int) and not isinstance(value, bool)


def normal_bin(code: str) -> str:
    """Bin codes are compared trimmed and in upper case."""
    return code.strip().upper()


def check_reference(reference: str) -> str:
    """The trimmed reference. Raises InvalidReference when empty, too long or with control characters."""
    trimmed = reference.strip()
    if not trimmed or len(trimmed) > MAX_REFERENCE:
        raise InvalidReference(
            _("A reference has 1 to %(most)s characters.") % {"most": MAX_REFERENCE}
        )
    if not trimmed.isprintable():
        raise InvalidReference(_("A reference has printable characters only."))
    return trimmed


def check_some(lines: Sequence[Any]) -> None:
    """Raise InvalidLines when there are no lines or too many."""
    if not lines:
        raise InvalidLines(_("At least one line is needed."))
    if len(lines) > MAX_LINES:
        raise InvalidLines(
            _("At most %(most)s lines at once; %(count)s were given.")
            % {"most": MAX_LINES, "count": len(lines)}
        )


def check_together(orders: Iterable[Sequence[Any]]) -> None:
    """Raise InvalidLines when orders that are sent together, all under one lock, have too many lines."""
    count = sum(len(lines) for lines in orders)
    if count > MAX_LINES:
        raise InvalidLines(
            _("At most %(most)s lines in one batch; its orders have %(count)s. Send it in parts.")
            % {"most": MAX_LINES, "count": count}
        )


def check_quantities(quantities: Iterable[int], *, least: int = 1) -> None:
    """Raise InvalidLines naming the lines whose quantity is not a whole number from `least` up."""
    wrong = []
    for place, quantity in enumerate(quantities):
        if not is_whole(quantity) or quantity < least:
            wrong.append({"line": place, "quantity": quantity, "least": least})
        elif quantity > MAX_QUANTITY:
            raise TooLarge(
                _("Line %(number)s: at most %(most)s units at once.")
                % {"number": place + 1, "most": MAX_QUANTITY},
                items=[{"line": place, "quantity": quantity}],
            )
    if wrong:
        places = ", ".join(str(item["line"] + 1) for item in wrong)
        raise InvalidLines(
            _("A quantity is a whole number of at least %(least)s (line %(places)s).")
            % {"least": least, "places": places},
            items=wrong,
        )


def check_within(*, warehouses: Iterable[str], within: Collection[str] | None) -> None:
    """Raise WarehouseNotAllowed naming the warehouses, which the caller has named, that it may not touch."""
    if within is None:
        return
    foreign = sorted(set(warehouses) - set(within))
    if foreign:
        raise WarehouseNotAllowed(
            _("Not allowed in warehouse %(foreign)s.") % {"foreign": ", ".join(foreign)},
            items=[{"warehouse": code} for code in foreign],
        )


def check_theirs(*, what: str, warehouses: Iterable[str], within: Collection[str] | None) -> None:
    """Raise WarehouseNotAllowed where `what` reaches beyond the caller's warehouses, without naming those."""
    if within is not None and set(warehouses) - set(within):
        raise WarehouseNotAllowed(
            _("%(what)s concerns a warehouse that is not allowed.") % {"what": what}
        )
