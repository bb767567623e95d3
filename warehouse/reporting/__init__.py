"""Reports of stock: what there is, was, moved, sells and does not."""

from inventory_site.core.reporting.registry import read_places_by, register


def offer_reports() -> None:
    """Offer them, and say which warehouses there are."""
    from warehouse.reporting.dead import DEAD_STOCK
    from warehouse.reporting.journal import JOURNAL
    from warehouse.reporting.places import read_places
    from warehouse.reporting.refused import LOST_DEMAND, OVERSELLS
    from warehouse.reporting.selling import ABC_XYZ, TURNOVER
    from warehouse.reporting.stock import DAYS_OF_COVER, STOCK_AT_DATE

    read_places_by(read_places)
    register(
        DEAD_STOCK, ABC_XYZ, TURNOVER, DAYS_OF_COVER, STOCK_AT_DATE, JOURNAL, LOST_DEMAND, OVERSELLS
    )
