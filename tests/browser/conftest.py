"""Playwright keeps an event loop in the thread of the test, in which Django would refuse to be called."""

import os

import pytest


@pytest.fixture(autouse=True)
def _django_beside_playwright(monkeypatch):
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
