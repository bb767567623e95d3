"""A manager who is signed in, and a queue that nobody serves."""

import pytest

from tests.warehouse.imports.sending import person
from warehouse import import_queue


@pytest.fixture
def sent(monkeypatch):
    """Numbers of the imports that were sent to a worker."""
    numbers = []
    monkeypatch.setattr(
        import_queue.sender, "send_task", lambda name, args, **options: numbers.append(args[0])
    )
    return numbers


@pytest.fixture
def boss(client, sent, db):
    """The client of an operations manager."""
    client.force_login(person())
    return client
