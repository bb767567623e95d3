"""A device on the floor: somebody signs in at /floor/, scans and taps."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from inventory_site.core.models import StaffAccess
from tests.browser.visiting import Visit, until

LISTENS = "'queue' in document.documentElement.dataset"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('holdfast.floor.queue.')).length"
IDLE = f"document.documentElement.dataset.queue === 'idle' && !{KEPT}"
PASSWORD = "a-long-password-7"


def person(name="picker", *, role="picker", within=()):
    """Somebody with a role, limited to warehouses where given."""
    user = get_user_model().objects.create_user(name, password=PASSWORD)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    if within:
        StaffAccess.objects.create(user=user, warehouses=list(within))
    return user


class Device(Visit):
    """A phone (or a desk) with a keyboard-wedge scanner."""

    def __init__(self, window, site, *, screen="phone", **more):
        super().__init__(window, site, screen=screen, **more)
        self.looks = ((screen, "light"), (screen, "dark"))

    def let_in(self, name="picker"):
        return super().let_in(name)

    def arrive(self, name="picker", at="/floor/"):
        super().arrive(name, at)
        return self

    def scan(self, code, *, wait=True):
        """What a scanner does: types into whatever has the focus, and ends with Enter."""
        until(lambda: self.page.evaluate(LISTENS), "the page does not listen")
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")
        if wait:
            self.settle()
        return self.said()

    def burst(self, code, *, wait=True):
        """The same while time stands still, however slow the machine is; the page's clock is installed."""
        self.page.clock.pause_at(self.page.evaluate("Date.now() / 1000") + 0.1)
        self.scan(code, wait=False)
        self.page.clock.resume()
        if wait:
            self.settle()
        return self.said()

    def follow(self, name):
        """Tap a link, and be there once the next page listens to taps."""
        self.page.get_by_role("link", name=name).click()
        until(lambda: self.page.evaluate(LISTENS), "the page does not listen")

    def settle(self):
        """Until everything that was scanned and tapped is answered."""
        until(lambda: self.page.evaluate(IDLE), "the queue does not end")
        self.page.wait_for_load_state("load")

    def tap(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()
        self.settle()
        return self.said()

    def said(self):
        return self.page.locator("#say [data-text]").inner_text()

    def tone(self):
        return self.page.locator("#say").get_attribute("data-tone")

    def kept(self):
        """How many scans the device keeps."""
        return self.page.evaluate(KEPT)

    def fit(self):
        """Nothing that axe calls serious, nothing beyond the screen's edge."""
        assert self.serious() == [], self.page.url
        assert self.overflow() <= 0, self.page.url
