"""What the services of purchase orders, returns and transfers do alike."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from notifications import outbox
from notifications.outbox import Event
from orders.errors import DocumentNotFound, NotOnDocument
from orders.services.numbering import next_number
from warehouse import queries
from warehouse.checks import check_reference, normal_sku
from warehouse.errors import InvalidReference, UnknownSku, UnknownWarehouse


class Paper(Protocol):
    @property
    def reference(self) -> str: ...


AnyPaper = TypeVar("AnyPaper", bound=Paper)


def reference_of(*, given: str | None, prefix: str, most: int) -> str:
    """The reference given, checked, else the next number of its kind. Raises InvalidReference."""
    if given is None:
        return next_number(prefix=prefix)
    reference = check_reference(given)
    if len(reference) > most:
        raise InvalidReference(
            _("A reference of this kind has at most %(most)s characters.") % {"most": most}
        )
    return reference


def all_found(
    *, kind: str, references: Sequence[str], papers: Sequence[AnyPaper]
) -> list[AnyPaper]:
    """The papers in the order in which they were asked for. Raises DocumentNotFound."""
    known = {paper.reference: paper for paper in papers}
    lost = [reference for reference in references if reference not in known]
    if lost:
        raise DocumentNotFound(
            _("There is no %(kind)s %(lost)s.") % {"kind": kind, "lost": ", ".join(lost)},
            items=[{"reference": reference} for reference in lost],
        )
    return [known[reference] for reference in references]


def check_known(*, skus: Sequence[str], warehouses: Collection[str]) -> None:
    """Raise UnknownSku or UnknownWarehouse, naming the lines."""
    known = queries.known_skus({normal_sku(sku) for sku in skus})
    lost = [(n, normal_sku(sku)) for n, sku in enumerate(skus) if normal_sku(sku) not in known]
    if lost:
        names = ", ".join(dict.fromkeys(sku for _, sku in lost))
        raise UnknownSku(
            _("Unknown SKU %(skus)s.") % {"skus": names},
            items=[{"line": n, "sku": sku} for n, sku in lost],
        )
    places = queries.known_warehouses(warehouses)
    strange = [code for code in dict.fromkeys(warehouses) if code not in places]
    if strange:
        raise UnknownWarehouse(
            _("There is no warehouse %(strange)s.") % {"strange": ", ".join(strange)},
            items=[{"warehouse": code} for code in strange],
        )


def check_on(*, reference: str, skus: Sequence[str], known: Collection[str]) -> None:
    """Raise NotOnDocument, naming the lines whose product the document does not have."""
    lost = [(n, normal_sku(sku)) for n, sku in enumerate(skus) if normal_sku(sku) not in known]
    if lost:
        names = ", ".join(dict.fromkeys(sku for _, sku in lost))
        raise NotOnDocument(
            _("%(skus)s is not on %(reference)s.") % {"skus": names, "reference": reference},
            items=[{"line": n, "sku": sku} for n, sku in lost],
        )


def tell(
    *,
    type: str,
    details: Mapping[str, Mapping[str, Any]],
    actor: Actor,
    now: datetime | None,
) -> None:
    """One event for each document: details by reference."""
    outbox.record(
        events=[
            Event(type=type, reference=reference, actor=actor.name, levels=[], details=told)
            for reference, told in details.items()
        ],
        now=now,
    )
