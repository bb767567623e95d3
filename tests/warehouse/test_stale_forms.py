"""Each form of the stock's settings: whoever saves second is told what the first one changed."""

import pytest

from inventory_site.core.roles import MANAGER
from inventory_site.core.stale import SEEN
from tests.factories import BinFactory, ProductFactory, SupplierFactory, warehouse
from tests.site.staff import at, person

pytestmark = pytest.mark.django_db

FORMS = {
    "product": (lambda: ProductFactory(sku="A", name="Mug"), "name", "pack_size", 12),
    "supplier": (lambda: SupplierFactory(code="ACME", name="Acme"), "name", "lead_time_days", 21),
    "bin": (
        lambda: BinFactory(warehouse=warehouse("MAIN"), code="A-01-01", pick_sequence=1),
        "pick_sequence", "pick_sequence", 9,
    ),
    "warehouse": (lambda: warehouse("MAIN"), "address", "priority", 7),
}  # fmt: skip
INLINES = {"barcodes-TOTAL_FORMS": "0", "barcodes-INITIAL_FORMS": "0"}


def opened(client, address):
    """What the page would send, untouched."""
    page = client.get(address)
    fields = page.context["adminform"].form
    sent = {one.html_name: "" if one.value() is None else one.value() for one in fields}
    return {**sent, **INLINES, SEEN: page.context["seen"]}


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_the_second_save_is_refused_and_what_was_typed_is_kept(kind):
    make, mine, theirs, value = FORMS[kind]
    thing = make()
    address = f"/admin/warehouse/{kind}/{thing.pk}/change/"
    ann, ben = (at(person(name, MANAGER)) for name in ("ann", "ben"))
    anns, bens = opened(ann, address), opened(ben, address)
    assert ann.post(address, anns | {theirs: value}).status_code == 302
    typed = 4321 if mine == "pick_sequence" else "<i>4321"
    page = ben.post(address, bens | {mine: typed}).content.decode()
    assert f"ann has changed {theirs.replace('_', ' ')} at" in page
    assert "4321" in page
    assert "<i>4321" not in page
    thing.refresh_from_db()
    assert getattr(thing, theirs) == value
