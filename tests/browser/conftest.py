"""One Chromium and one running site for all the tests of a file; each test has a context of its own."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.concurrency.clients import environment
from tests.concurrency.site import gunicorn


@pytest.fixture(autouse=True)
def _django_beside_playwright(monkeypatch):
    """Playwright keeps an event loop in the thread of the tests, where Django would refuse to be called."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="module")
def chromium_of_the_file(chromium) -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def window(chromium_of_the_file) -> Iterator[Browser]:
    yield chromium_of_the_file
    for context in chromium_of_the_file.contexts:
        context.close()


@pytest.fixture(scope="module")
def served(django_db_setup) -> Iterator[str]:
    """The address of a site that works on the database of the tests."""
    with gunicorn(environment() | {"DEBUG": "1"}) as port:
        yield f"http://127.0.0.1:{port}"
