"""One order on its way through `reserve_batch`: what it asks for, what it is granted, its answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.errors import DomainError
from warehouse.changes import ItemState
from warehouse.checks import check_quantities, check_reference, check_some, check_text, normal_sku
from warehouse.errors import InvalidLines, TooLarge, WarehouseNotAllowed
from warehouse.lines import MAX_QUANTITY, Held, ReserveRequest
from warehouse.services.sourcing import Sourced, check_strategy

MAX_EXPIRY = 366 * 24 * 3600  # seconds


def _hash(*told: object) -> str:
    return sha256(repr(told).encode()).hexdigest()


@dataclass(slots=True)
class Requested:
    """One request on its way to its answer."""

    request: ReserveRequest
    actor: Actor
    within: Collection[str] | None
    reference: str = ""
    wanted: dict[str, int] | None = None
    fingerprint: str = ""
    sourced: Sourced | None = None
    answer: Held | DomainError | None = None
    unknown: bool = (
        False  # names a SKU that does not exist: nothing of it is granted, no part either
    )
    places: dict[str, int] = field(default_factory=dict)

    def read(self) -> None:
        """Check and merge. Raises what is wrong with the request itself."""
        request = self.request
        self.reference = check_reference(request.reference)
        check_some(request.lines)
        check_quantities(line.quantity for line in request.lines)
        check_strategy(request.strategy)
        if request.allow_partial and request.backorder:
            raise InvalidLines(
                _("allow_partial leaves out what is not there, backorder waits for it: choose one.")
            )
        check_text(request.warehouse or "")
        if request.expires_in is not None and not 0 < request.expires_in <= MAX_EXPIRY:
            raise InvalidLines(_("expires_in is 1 to %(most)s seconds.") % {"most": MAX_EXPIRY})
        if request.warehouse and self.within is not None and request.warehouse not in self.within:
            raise WarehouseNotAllowed(
                _("Not allowed in warehouse %(warehouse)s.") % {"warehouse": request.warehouse},
                items=[{"warehouse": request.warehouse}],
            )
        wanted: dict[str, int] = {}
        for place, line in enumerate(request.lines):
            sku = normal_sku(line.sku)
            self.places.setdefault(sku, place)
            wanted[sku] = wanted.get(sku, 0) + line.quantity
        self._check_sums(wanted)
        self.wanted = wanted
        self.fingerprint = _hash(*self._told(), request.expires_in)

    def _check_sums(self, wanted: dict[str, int]) -> None:
        """Raise TooLarge for what a SKU comes to over all of its lines, at the first of them."""
        too_many = [sku for sku, quantity in wanted.items() if quantity > MAX_QUANTITY]
        if too_many:
            raise TooLarge(
                _("At most %(most)s units of %(skus)s at once.")
                % {"most": MAX_QUANTITY, "skus": ", ".join(too_many)},
                items=[
                    {"line": self.place_of(sku), "sku": sku, "quantity": wanted[sku]}
                    for sku in too_many
                ],
            )

    def is_what_made(self, fingerprint: str) -> bool:
        """Whether this request made the reservation that carries the fingerprint.

        One that was made by an earlier version does not say when it was to expire, so a request that is sent
        again across an upgrade is taken for the same.
        """
        return fingerprint in (self.fingerprint, _hash(*self._told()))

    def _told(self) -> tuple[object, ...]:
        request = self.request
        return (
            sorted((self.wanted or {}).items()),
            request.warehouse,
            request.strategy,
            request.allow_partial,
            request.backorder,
        )

    def place_of(self, sku: str) -> int:
        """The first line of the request that asks for this SKU."""
        return self.places[sku]

    @property
    def granted(self) -> bool:
        """Whether there is something to write: everything, or a part where the rest may lack or wait."""
        if self.answer is not None or self.sourced is None or self.unknown:
            return False
        if self.request.backorder:
            return len(self.sourced.waiting) == len(self.sourced.short)
        if not self.sourced.short:
            return bool(self.sourced.grants)
        return self.request.allow_partial and bool(self.sourced.grants)

    def parts(self) -> list[tuple[ItemState, int, int]]:
        """Each item that will hold something for this order: how much is there, how much is late."""
        assert self.sourced is not None
        there = dict(self.sourced.grants)
        late = dict(self.waiting)
        return [(item, there.get(item, 0), late.get(item, 0)) for item in there | late]

    def items(self) -> list[ItemState]:
        return [item for item, _, _ in self.parts()]

    @property
    def waiting(self) -> Sequence[tuple[ItemState, int]]:
        """What is promised although it is not there yet: nothing, unless backorders were asked for."""
        return self.sourced.waiting if self.sourced and self.request.backorder else ()
