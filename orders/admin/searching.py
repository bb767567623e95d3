"""Search that forgives typos, of the documents about products and bins."""

from inventory_site.core.forgiving import FoundAlike
from warehouse.lookup import look_up


class ForgivingSearch(FoundAlike):
    """For documents that are about products, and about bins where `bin_path` is given."""

    look_up = look_up
