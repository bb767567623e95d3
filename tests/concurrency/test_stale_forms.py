"""Two managers save the same form at the same moment."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from tests.factories import SupplierFactory
from tests.site.test_stale import boss, of, opened
from warehouse.models import Supplier


@pytest.mark.usefixtures("committed_db")
def test_of_two_at_the_same_moment_one_is_told():
    supplier = SupplierFactory(code="ACME", name="Acme", lead_time_days=7)
    sent = [(client, opened(client, of(supplier))) for client in (boss("ann"), boss("ben"))]
    ready, answers = Barrier(2), []

    def save(client, form, name):
        ready.wait()
        answers.append(client.post(of(supplier), form | {"name": name}).status_code)
        connection.close()

    threads = [
        Thread(target=save, args=(client, form, f"N{n}")) for n, (client, form) in enumerate(sent)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 302]
    assert Supplier.objects.get().name in ("N0", "N1")
