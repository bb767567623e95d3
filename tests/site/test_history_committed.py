"""On whose behalf a setting is changed, where statements and transactions really commit."""

from inventory_site.core.actors import Actor, acting
from inventory_site.core.models import SettingChange
from tests.factories import SupplierFactory
from warehouse.models import Product


def test_a_statement_outside_of_a_transaction_is_told_of_and_nothing_stays(committed_db):
    with acting(lambda: Actor("ada", 7)):
        Product.objects.create(sku="A", name="A")
    SupplierFactory()
    by = dict(SettingChange.objects.values_list("topic", "actor"))
    assert by["warehouse.product"] == "ada"
    assert by["warehouse.supplier"].startswith("database user ")
