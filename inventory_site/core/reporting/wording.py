"""How values are written on a page."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from inventory_site.core.reporting.definition import Kind

NOTHING = "-"


def told(value: Any, kind: Kind) -> str:
    """A value in words; a dash where there is none."""
    if value is None or value == "":
        return NOTHING
    match kind:
        case Kind.UNITS:
            return f"{int(value):,}"
        case Kind.MONEY:
            return f"{Decimal(value):,.2f}"
        case Kind.NUMBER:
            return f"{Decimal(value):,.1f}"
        case Kind.PERCENT:
            return f"{Decimal(value):,.1f}\N{NO-BREAK SPACE}%"
        case Kind.DAY:
            return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)
        case Kind.MOMENT:
            return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)
    return str(value)


def is_number(kind: Kind) -> bool:
    """Whether values of this kind stand at the right of their column."""
    return kind in (Kind.UNITS, Kind.NUMBER, Kind.MONEY, Kind.PERCENT)
