"""One order on its way through `place_batch`: what it asks for, and its answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from inventory_site.core.errors import DomainError
from orders.errors import InvalidOrder
from orders.queries.sales import OrderView
from warehouse.checks import (
    check_quantities,
    check_reference,
    check_some,
    check_within,
    normal_sku,
)
from warehouse.errors import UnknownSku, UnknownWarehouse, WarehouseNotAllowed
from warehouse.lines import Held, ReserveLine, ReserveRequest
from warehouse.services.sourcing import check_strategy

MOST = {"carrier": 40, "ship_to_name": 120, "ship_to_address": 500, "notes": 500}


@dataclass(frozen=True, slots=True)
class NewLine:
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order to be placed. `reservation`: one made at checkout, to be taken over as it is.

    Without it, stock is promised now: in `warehouse` only where that is named, else by `strategy`; what is
    not there waits. A draft promises nothing yet. `priority`: 1 is picked first, 9 last.
    """

    reference: str
    lines: Sequence[NewLine]
    warehouse: str | None = None
    strategy: str = "most_available"
    priority: int = 5
    ship_by: datetime | None = None
    carrier: str = ""
    ship_to_name: str = ""
    ship_to_address: str = ""
    notes: str = ""
    reservation: str | None = None
    draft: bool = False


@dataclass(slots=True)
class Ordered:
    """One order of a batch on its way to its answer."""

    order: NewOrder
    within: frozenset[str] | None
    owner: str
    reference: str = ""
    wanted: dict[str, int] = field(default_factory=dict)
    fingerprint: str = ""
    held: Held | None = None
    answer: OrderView | DomainError | None = None

    def read(self) -> None:
        """Check and merge. Raises what is wrong with the request itself."""
        order = self.order
        self.reference = check_reference(order.reference)
        check_some(order.lines)
        check_quantities(line.quantity for line in order.lines)
        check_strategy(order.strategy)
        self._check_fields()
        self._check_source()
        for line in order.lines:
            sku = normal_sku(line.sku)
            self.wanted[sku] = self.wanted.get(sku, 0) + line.quantity
        check_quantities(self.wanted.values())
        ship_by = order.ship_by and order.ship_by.astimezone(UTC).isoformat()
        told = (
            sorted(self.wanted.items()),
            (order.warehouse, order.strategy, order.priority, ship_by, order.carrier),
            (order.ship_to_name, order.ship_to_address, order.notes),
            (order.reservation, order.draft),
        )
        self.fingerprint = sha256(repr(told).encode()).hexdigest()

    def _check_fields(self) -> None:
        order = self.order
        if not 1 <= order.priority <= 9:
            raise InvalidOrder(_("A priority is 1 to 9."), items=[{"pointer": "/priority"}])
        if order.ship_by is not None and order.ship_by.tzinfo is None:
            raise InvalidOrder(_("ship_by says its time zone."), items=[{"pointer": "/ship_by"}])
        for name, most in MOST.items():
            text = getattr(order, name)
            if len(text) > most or "\x00" in text:
                raise InvalidOrder(
                    _("%(name)s has at most %(most)s printable characters.")
                    % {"name": name, "most": most},
                    items=[{"pointer": f"/{name}"}],
                )

    def _check_source(self) -> None:
        """What is promised already is not chosen anew; a limited caller's draft says where."""
        order = self.order
        if order.reservation is not None:
            if order.draft:
                raise InvalidOrder(
                    _(
                        "A draft promises nothing, so it takes no reservation over; place it at once."
                    ),
                    items=[{"pointer": "/reservation"}],
                )
            check_reference(order.reservation)
            if order.warehouse is not None:
                raise InvalidOrder(
                    _("The reservation says already where its stock is; leave out the warehouse."),
                    items=[{"pointer": "/warehouse"}],
                )
        if order.warehouse is not None:
            check_within(warehouses=[order.warehouse], within=self.within)
        elif order.draft and self.within is not None:
            raise WarehouseNotAllowed(_("A draft of yours names one of your warehouses."))

    @property
    def adopted(self) -> str | None:
        """The reservation made at checkout, by its trimmed reference."""
        return None if self.order.reservation is None else self.order.reservation.strip()

    @property
    def reservation(self) -> str | None:
        """The reservation that carries this order; a draft has none."""
        return None if self.order.draft else self.adopted or self.reference

    def request(self) -> ReserveRequest:
        """What is asked of the engine."""
        return ReserveRequest(
            reference=self.reference,
            lines=[ReserveLine(line.sku, line.quantity) for line in self.order.lines],
            warehouse=self.order.warehouse,
            strategy=self.order.strategy,
            backorder=True,
            owner=self.owner,
            within=self.within,
        )

    def check_known(self, skus: set[str], warehouses: set[str]) -> None:
        """Raise UnknownSku or UnknownWarehouse for a draft, of which the engine hears nothing yet."""
        lost = [
            (place, normal_sku(line.sku))
            for place, line in enumerate(self.order.lines)
            if normal_sku(line.sku) not in skus
        ]
        if lost:
            raise UnknownSku(
                _("Unknown SKU %(skus)s.")
                % {"skus": ", ".join(dict.fromkeys(sku for _, sku in lost))},
                items=[{"line": place, "sku": sku} for place, sku in lost],
            )
        if self.order.warehouse is not None and self.order.warehouse not in warehouses:
            raise UnknownWarehouse(
                _("There is no warehouse %(warehouse)s.") % {"warehouse": self.order.warehouse},
                items=[{"warehouse": self.order.warehouse, "pointer": "/warehouse"}],
            )
