"""Playwright keeps an event loop in the thread of the test, in which Django would refuse to be called."""

import os

import pytest
from playwright.sync_api import sync_playwright


@pytest.fixture(autouse=True)
def _django_beside_playwright(monkeypatch):
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def window(chromium):
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
