"""Which documents goods come under: purchase orders and transfer orders."""

from collections.abc import Collection, Mapping

from inventory_site.core.sql import rows

PAPERS = """
    SELECT reference, 'purchase' FROM orders_purchaseorder WHERE reference = ANY(%(asked)s::text[])
     UNION ALL
    SELECT reference, 'transfer' FROM orders_transferorder WHERE reference = ANY(%(asked)s::text[])
"""


def papers(*, references: Collection[str]) -> Mapping[str, str]:
    """Those of the references that are such documents, each with where it is received: one statement."""
    found = rows(PAPERS, {"asked": sorted(references)})
    return {
        reference: f"{kind} order: POST /{kind}-orders/{reference}/receive, or on the floor"
        for reference, kind in found
    }
