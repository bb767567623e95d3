"""Reports of documents: what was paid, counted, delivered, sent back and picked."""

from inventory_site.core.reporting.registry import register


def offer_reports() -> None:
    """Offer them, after those of the warehouse."""
    from orders.reporting.counting import COUNT_ACCURACY
    from orders.reporting.picking import PICKER_PRODUCTIVITY
    from orders.reporting.returns import RETURNS_AGEING
    from orders.reporting.suppliers import SUPPLIER_LEAD_TIMES
    from orders.reporting.valuation import VALUATION

    register(VALUATION, SUPPLIER_LEAD_TIMES, COUNT_ACCURACY, RETURNS_AGEING, PICKER_PRODUCTIVITY)
