"""A row of stock between being read and being decided."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from warehouse.sheets.barcodes import Codes
from warehouse.sheets.findings import Finding, Outcome, Read


@dataclass(slots=True)
class Draft:
    """A row while its findings are gathered."""

    number: int
    sku: str | None = None
    name: str | None = None
    warehouse: str | None = None
    bin: str | None = None
    on_hand: int | None = None
    unit_cost: Decimal | None = None
    barcodes: Codes | None = None
    supplier: str | None = None
    lead_time_days: int | None = None
    counted_on: date | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """The gravest of the findings."""
        return max((finding.outcome for finding in self.findings), default=Outcome.CLEAN)

    def take(
        self, name: str, read: Read[str] | Read[int] | Read[Decimal] | Read[Codes] | Read[date]
    ) -> None:
        """Keep a value and what was said about it."""
        setattr(self, name, read.value)
        self.findings.extend(read.findings)
