"""A page opened by somebody in a real Chromium, with all that went wrong on the way."""

import os
import time
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Error

# Words of the icons' font are read as words until it is there.
WHOLE = """document.readyState === "complete" && !document.querySelector(".htmx-request")
    && document.fonts.ready.then(() => true)"""
SCREENS = {"phone": (390, 844), "desk": (1280, 800)}
COLOURS = ["color-contrast", "link-in-text-block"]
# Until a page looks as if it had been opened this way: the back office asks whether it is dark only when its
# theme is set, what follows the size does so within a frame, and a colour on its way is not yet the colour.
TURNED = """async () => {
    const root = document.documentElement;
    if (root.matches("[x-data^=theme]")) {
        const { adminTheme } = Alpine.$data(root);
        Alpine.$data(root).adminTheme = "";
        Alpine.$data(root).adminTheme = adminTheme;
    }
    for (const _ of "12") await new Promise(requestAnimationFrame);
    const underWay = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
    for (let some; (some = underWay()).length;) some.forEach((one) => one.finish());
}"""
# Whatever breaks a rule has the weight of the rule, where that has one: by the mild ones nothing serious can
# be found, and one of them takes a sixth of the time of all.
FAULTS = """([part, options, mild]) => {
    const others = axe._audit.rules.filter((rule) => ["minor", "moderate"].includes(rule.impact));
    if (!mild) options.rules = Object.fromEntries(others.map((rule) => [rule.id, { enabled: false }]));
    return axe.run(part ?? document, options).then((found) => found.violations);
}"""


def until(is_so, otherwise):
    """Wait until something on a page is so. Playwright's own way is refused by the floor's content policy."""
    end = time.monotonic() + 10
    while True:
        try:
            if is_so():
                return
        except Error:  # the next page is just opening
            pass
        assert time.monotonic() < end, otherwise
        time.sleep(0.02)


def loaded(page):
    """Until the page is there whole and asks for nothing more: half a second of silence would say so too,
    but later."""
    until(lambda: page.evaluate(WHOLE), "the page does not load")


def axe(page, *, context=None, rules=None, mild=True):
    """What axe finds wrong on the page, or in this part of it; by these of its rules, where given, or but for
    the mild ones. Its half a megabyte is brought to a page once, and of what it tells only the faults are
    fetched."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    return page.evaluate(FAULTS, [context, options, mild or bool(rules)])


class Visit:
    """`faults` gathers failed answers, errors in the console and addresses outside of the site.

    `looks` are the screens and schemes in which what everybody has to use is looked at.
    """

    looks = (("desk", "light"), ("phone", "dark"))

    def __init__(self, window, site, *, screen="desk", scheme="light", **more):
        width, height = SCREENS[screen]
        self.context = window.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **more
        )
        self.page = self.context.new_page()
        self.own_look = (screen, scheme)
        self.site = site
        self.faults = []
        self.page.on("response", lambda r: r.status >= 400 and self.faults.append(r.url))
        self.page.on("console", lambda m: m.type == "error" and self.faults.append(m.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._request)

    def _request(self, request):
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.faults.append(f"asked {request.url}")

    def open(self, path):
        answer = self.page.goto(self.site + path)
        loaded(self.page)
        assert answer.status == 200
        return self.page

    def sign_in(
        self, name="manager", password="a-long-password-7", at="/admin/login/?next=/admin/"
    ):
        page = self.open(at)
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", password)
        page.click("button[type=submit]")
        loaded(page)
        return page

    def let_in(self, name="manager"):
        """Somebody who has signed in before, with no page open yet; `sign_in` goes through the form."""
        client = Client()
        who = get_user_model().objects.get(username=name)
        client.force_login(who, "django.contrib.auth.backends.ModelBackend")
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        self.context.add_cookies([session | {"url": self.site}])
        return self

    def arrive(self, name="manager", at="/admin/"):
        """The page, for somebody who has signed in before."""
        return self.let_in(name).open(at)

    def overflow(self):
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def serious(self, context=None, rules=None):
        """What axe finds that keeps somebody from using the page; by these of its rules, where given."""
        loaded(self.page)
        return [
            (found["id"], [node["html"][:120] for node in found["nodes"]])
            for found in axe(self.page, context=context, rules=rules, mild=False)
            if found["impact"] in ("serious", "critical")
        ]

    def picture(self, name):
        """A screenshot, where HOLDFAST_PICTURES names a folder for them."""
        folder = os.environ.get("HOLDFAST_PICTURES")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def turn(self, screen, scheme):
        """The page that is open, on this screen and by this light."""
        width, height = SCREENS[screen]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=scheme)
        self.page.evaluate(TURNED)

    def fit_for_everybody(self, what, *, picture=None, within=None, looks=None, finds="[]"):
        """In each of the looks nothing that axe calls serious, nothing that `finds` finds and nothing beyond
        the screen's edge; then the page is as it was.

        On the same screen by another light axe has only the rules that ask for colours: the rest is the same.
        What the page is turned to last is how it was, where that is one of the looks.
        """
        loaded(self.page)
        before = None
        looks = sorted(looks or self.looks, key=lambda look: look == self.own_look)
        for screen, scheme in looks:
            self.turn(screen, scheme)
            if picture:
                self.picture(f"{picture}-{screen}-{scheme}")
            rules = COLOURS if screen == before else None
            assert self.serious(within, rules) == [], f"{what}, {screen}, {scheme}"
            assert self.overflow() <= 0, f"{what}, {screen}, {scheme}"
            assert self.page.evaluate(finds) == [], f"{what}, {screen}, {scheme}"
            before = screen
        if looks[-1] != self.own_look:
            self.turn(*self.own_look)
