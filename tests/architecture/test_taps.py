"""Buttons of the floor that ask before they do."""

import re

from tests.architecture.project import ROOT

BUTTON = re.compile(r"<button\b[^>]*\bdata-confirm=")


def test_what_is_to_be_asked_does_nothing_before_the_page_can_ask():
    found = [
        button
        for page in (ROOT / "templates/floor").rglob("*.html")
        for button in BUTTON.findall(page.read_text())
    ]
    assert len(found) > 10
    assert [button for button in found if 'formmethod="dialog"' not in button] == []
