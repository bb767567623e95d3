"""Which documents goods come under: purchase orders, transfer orders and returns."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from inventory_site.core.sql import rows

PAPERS = """
    SELECT reference, 'purchase order: POST /purchase-orders/' || reference || '/receive'
      FROM orders_purchaseorder WHERE reference = ANY(%(asked)s::text[])
     UNION ALL
    SELECT reference, 'transfer order: POST /transfer-orders/' || reference || '/receive'
      FROM orders_transferorder WHERE reference = ANY(%(asked)s::text[])
     UNION ALL
    SELECT reference, 'return: POST /return-orders/' || reference || '/grade'
      FROM orders_returnorder WHERE reference = ANY(%(asked)s::text[])
"""


def papers(*, references: Collection[str]) -> Mapping[str, str]:
    """Those of the references that are such documents, each with where it is received: one statement."""
    found = rows(PAPERS, {"asked": sorted(references)})
    return {
        reference: _("%(where)s, or on the floor") % {"where": where} for reference, where in found
    }
