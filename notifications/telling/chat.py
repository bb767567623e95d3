"""A message as a few lines in a chat, or in an SMS, told through apprise."""

import re
from collections.abc import Mapping
from typing import Any

import apprise
from apprise.plugins import NotifyBase
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from notifications.telling.addresses import service
from notifications.telling.message import Line, Message, NotSent, one_line, shortened

MARKS = {"urgent": "🔴", "warning": "🟠", "info": "🔵"}
WORDS = {"urgent": _("Urgent:"), "warning": _("Warning:"), "info": _("Notice:")}
SMS = 1600  # characters; an emoji more than doubles what an SMS costs
TYPES = {"urgent": "failure", "warning": "warning", "info": "info"}
MOST_LINES = 20
LEAST_ROOM = 100
# Answers that speak of the message itself: malformed, too large. A wrong address answers 401, 403, 404, 410.
MALFORMED = frozenset({400, 413, 414, 415, 422})
# What chats read as a mention or as markup; a product may be called anything.
HARMLESS = str.maketrans({"<": "‹", ">": "›", "@": "＠", "`": "'", "*": "∗"})  # noqa: RUF001


def send_chat(*, message: Message, address: str) -> None:
    """Tell it at a service. Raises NotSent, whose words hold nothing of the address."""
    way = service(address)
    name = str(way.service_name)
    told = apprise.Apprise(asset=way.asset)
    told.add(way)
    try:
        result = told.notify(
            title=message.subject.translate(HARMLESS),
            body=body(message=message, most=_room(way, message)),
            notify_type=TYPES[message.worst],
            body_format="text",
        )
    except Exception as error:  # whatever 150 services may raise
        raise NotSent(
            gettext("%(service)s could not be told (%(error)s).")
            % {"service": name, "error": type(error).__name__}
        ) from None
    if not result:
        code = _code(result)
        raise NotSent(_why(name, result, code), for_good=code in MALFORMED)


def body(*, message: Message, most: int) -> str:
    """The message's lines in at most so many characters, with what is left out counted, and the link."""
    if message.test:
        words = gettext("This is a test: alerts of Holdfast can be told here.")
        return shortened(f"{words} {message.link}", most=most)
    end = f"\n{message.link}" if message.link and len(message.link) < most // 2 else ""
    marks: Mapping[str, Any] = MARKS if most > SMS else WORDS
    kept: list[str] = []
    for line in message.lines[:MOST_LINES]:
        text = _line(line, marks)
        if sum(map(len, kept)) + len(kept) + len(text) > most - len(end) - 20:  # “… and 9999 more”
            break
        kept.append(text)
    left = sum(message.counts.values()) - len(kept)
    if left and kept:
        kept.append(ngettext("… and %(n)s more", "… and %(n)s more", left) % {"n": left})
    return shortened("\n".join(kept) or message.summary, most=most - len(end)) + end


def _line(line: Line, marks: Mapping[str, Any]) -> str:
    return f"{marks[line.severity]} {one_line(line.title)}".translate(HARMLESS)


def _room(way: NotifyBase, message: Message) -> int:
    """How many characters there are for the body; without a title of its own, the subject takes some."""
    most = int(way.body_maxlen)
    if not way.title_maxlen:
        most -= len(message.subject) + 4
    return max(LEAST_ROOM, most)


def _code(result: apprise.AppriseResult) -> int | None:
    """The status that the service answered, where it did."""
    found = re.search(r"error[= ]+(\d{3})\b", _said(result))
    return int(found[1]) if found else None


def _said(result: apprise.AppriseResult) -> str:
    return " ".join(entry.message for entry in result.logs())


def _why(name: str, result: apprise.AppriseResult, code: int | None) -> str:
    """What went wrong, in our own words: those of the library may quote the address."""
    said = _said(result)
    if code:
        return gettext("%(service)s answered %(code)s.") % {"service": name, "code": code}
    if result.status == apprise.AppriseResultStatus.TIMEOUT:
        return gettext("%(service)s did not answer in time.") % {"service": name}
    if "onnection error" in said:
        return gettext("%(service)s cannot be reached, or did not answer in time.") % {
            "service": name
        }
    return gettext("%(service)s did not take the message.") % {"service": name}
