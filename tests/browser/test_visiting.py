"""The control of all who look at a page both ways: what is wrong by one look alone is found."""

import pytest

from tests.browser.visiting import SCREENS, Visit

pytestmark = pytest.mark.browser

FAINT = "%s label { color: rgb(128 128 128 / 40%%) !important }"
WIDE = "@media (%s: 800px) { body { min-width: 2000px } }"
FAULTS = {
    "desk, light": [FAINT % "html:not(.dark)", WIDE % "min-width"],
    "phone, dark": [FAINT % "html.dark", WIDE % "max-width"],
}
WEAR = """(style) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [sheet];
}"""
LOOK = "[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, document.documentElement.className]"


def test_what_keeps_somebody_out_by_one_look_alone_is_found(window, served, committed_db, valkey):
    visit = Visit(window, served)
    page = visit.open("/admin/login/")
    visit.fit_for_everybody("sign-in")
    for look, styles in FAULTS.items():
        for style in styles:
            page.evaluate(WEAR, style)
            with pytest.raises(AssertionError, match=f"sign-in, {look}"):
                visit.fit_for_everybody("sign-in")
    page.evaluate(WEAR, "")
    with pytest.raises(AssertionError, match="sign-in, phone, dark"):
        visit.fit_for_everybody("sign-in", finds="innerWidth < 400 ? ['what'] : []")


def test_afterwards_the_page_is_as_it_was(window, served, committed_db, valkey):
    visit = Visit(window, served)
    page = visit.open("/admin/login/")
    page.fill("input[name=username]", "bob")
    before = page.evaluate(LOOK)
    assert before[:2] == [SCREENS["desk"][0], False]
    visit.fit_for_everybody("sign-in")
    assert page.evaluate(LOOK) == before
    assert page.input_value("input[name=username]") == "bob"
    assert visit.faults == []
