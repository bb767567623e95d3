"""Numbers at the dock that are hardly meant: asked about once, as what is more than ordered is."""

from django.utils.translation import gettext as _

from orders.errors import UnlikelyQuantity
from orders.queries.receipts import received_before
from warehouse.checks import normal_sku

PLAUSIBLE = 1_000  # units of a product that nobody is asked about
TIMES = 10  # as many as ever came at once
SHORTEST_CODE = 4  # digits of a label that may have been scanned into the field of the number


def check_likely(*, sku: str, quantity: int) -> None:
    """Raise UnlikelyQuantity where so many units at once, with nothing that foretold them, are to be doubted.

    That is a number that ends with the code of some goods (their label was scanned into the field), and one
    above `PLAUSIBLE` that is more than `TIMES` what ever came of the product at once.
    """
    digits = str(quantity)
    codes = [digits[n:] for n in range(len(digits) - SHORTEST_CODE + 1)]
    if quantity <= PLAUSIBLE and not codes:
        return
    before = received_before(sku=normal_sku(sku), codes=codes)
    told = {"quantity": quantity, "sku": normal_sku(sku), "most": before.most, "code": before.code}
    items = [{"sku": told["sku"], "quantity": quantity, "most": before.most}]
    if before.code:
        raise UnlikelyQuantity(
            _(
                "%(quantity)s ends like the label %(code)s. Was that scanned as the number? Count again."
            )
            % told,
            items=items,
        )
    if quantity > PLAUSIBLE and quantity > TIMES * before.most:
        raise UnlikelyQuantity(
            _("%(quantity)s of %(sku)s? No more than %(most)s ever came at once. Count again.")
            % told,
            items=items,
        )
