"""A manager who is signed in, and a queue that nobody serves."""

import pytest

from tests.warehouse.imports.sending import person
from warehouse import tasks


@pytest.fixture
def sent(monkeypatch):
    """Numbers of the imports that were sent to a worker."""
    numbers = []
    monkeypatch.setattr(tasks.run_import, "delay", numbers.append)
    return numbers


@pytest.fixture
def boss(client, sent, db):
    """The client of an operations manager."""
    client.force_login(person())
    return client
