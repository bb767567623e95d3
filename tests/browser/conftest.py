"""One Chromium and one running site for all of these tests; each has a context of its own.

They are given up after the last of them: the event loop of Playwright forbids other tests the database.
"""

import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.concurrency.clients import environment
from tests.concurrency.site import gunicorn


@pytest.fixture(scope="package")
def chromium_of_all(chromium) -> Iterator[Browser]:
    # Playwright keeps an event loop in the thread of the tests, where Django would refuse to be called.
    with patch.dict(os.environ, DJANGO_ALLOW_ASYNC_UNSAFE="true"), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def window(chromium_of_all) -> Iterator[Browser]:
    yield chromium_of_all
    for context in chromium_of_all.contexts:
        context.close()


@pytest.fixture(scope="package")
def served(django_db_setup) -> Iterator[str]:
    """The address of a site that works on the database of the tests."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.browser.as_run"}
    with gunicorn(environment() | settings | {"DEBUG": "1"}) as port:
        yield f"http://127.0.0.1:{port}"
