"""Search that forgives typos, of the lists about products and bins."""

from inventory_site.core.forgiving import FoundAlike
from warehouse.lookup import look_up


class ForgivingSearch(FoundAlike):
    """For lists about products, and about bins where `bin_path` is given."""

    look_up = look_up


class ForgivingBinSearch(ForgivingSearch):
    """For the list of bins."""

    product_path = None
    bin_path = ""
