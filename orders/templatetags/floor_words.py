"""What the floor's scripts say. The words come with the page, so that they are there without a network."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

# Languages have up to six forms for counts. Here is a number for each; the browser knows which are alike.
NUMBERS = (0, 1, 2, 3, 5, 6, 7, 11, 20, 100)


@register.simple_tag
def words_of_scripts() -> SafeString:
    """The element from which `static/floor/words.js` takes its sentences. It is data: nothing runs it."""
    return json_script(words(), "words")


def words() -> dict[str, str | dict[int, str]]:
    """Each sentence by its key, in the language of the request.

    One with a count `n` comes in its form for each of NUMBERS, or once where these are all the same.
    """
    told: dict[str, str | dict[int, str]] = dict(_plain())
    counted = {n: _counted(n) for n in NUMBERS}
    for key in counted[1]:
        forms = {n: counted[n][key] for n in NUMBERS}
        told[key] = forms if len(set(forms.values())) > 1 else forms[1]
    return told


def _counted(n: int) -> dict[str, str]:
    return {
        "offline": ngettext("offline – %(n)s kept", "offline – %(n)s kept", n),  # noqa: RUF001
        "busy": ngettext("waiting – %(n)s kept", "waiting – %(n)s kept", n),  # noqa: RUF001
        "signed-out": ngettext("signed out – %(n)s kept", "signed out – %(n)s kept", n),  # noqa: RUF001
        "sign-in-kept": ngettext(
            "You are signed out. %(n)s kept here; nothing is lost. Sign in to go on.",
            "You are signed out. %(n)s kept here; nothing is lost. Sign in to go on.",
            n,
        ),
        "of-others": ngettext(
            "%(n)s kept here by somebody else; they are sent when that person signs in.",
            "%(n)s kept here by somebody else; they are sent when that person signs in.",
            n,
        ),
    }


def _plain() -> dict[str, str]:
    return {
        "online": _("Online"),
        "sign-in": _("Sign in"),
        "sign-in-to-go-on": _("You are signed out. Sign in to go on."),
        "try-again": _("Try again"),
        "seen": _("I have seen it"),
        "tap": _("Tap"),
        "gave-up": _("%(what)s did not come through. See below what to do."),
        "not-booked": _("Not booked: %(what)s (%(time)s). %(why)s"),
        "next-later": _("%(said)s The next page opens when the network is back."),
        "kept-signed-out": _(
            "You are signed out. %(what)s is kept here and sent when that is over."
        ),
        "kept-offline": _("No network. %(what)s is kept here and sent when that is over."),
        "takes-no-scans": _(
            "This page takes no scans: nothing was done with %(what)s. Open the page that it is for."
        ),
        "once": _(
            "The scan before is on its way already: nothing was done with %(what)s. Wait for its answer."
        ),
        "number-between": _(
            "Nothing was booked. Give a whole number from %(least)s to %(most)s, then scan again."
        ),
        "number-least": _(
            "Nothing was booked. Give a whole number, %(least)s or more, then scan again."
        ),
        "keeps-nothing": _(
            "This browser keeps no scans: its window is private, or its storage is full or not allowed. "
            "Stay on this page until all is sent, or tell your manager."
        ),
        "reads-later": _("No network: what you look for is shown when it is back."),
        "page-stays": _("No network: this page stays open, and what you scan is kept."),
        "server-cannot": _("The server could not carry this out. Try again, or tell your manager."),
        "in-the-way": _(
            "Others work with the same goods. Look at the page, then try again or scan anew."
        ),
    } | _of_the_camera()


def _of_the_camera() -> dict[str, str]:
    return {
        "camera-starting": _("Starting the camera…"),
        "camera-hold": _("Hold the code into the frame."),
        "camera-https": _(
            "The camera works over HTTPS only. Open this page with https://, use a scanner, or type "
            "the code."
        ),
        "camera-none-here": _(
            "This device has no camera that a page can use. Use a scanner, or type the code."
        ),
        "camera-not-allowed": _(
            "The camera is not allowed for this page. Allow it in the browser's settings, or type "
            "the code."
        ),
        "camera-not-found": _("No camera was found. Use a scanner, or type the code."),
        "camera-broken": _("The camera does not work (%(why)s). Use a scanner, or type the code."),
        "decoder-missing": _("The decoder could not be loaded."),
    }
