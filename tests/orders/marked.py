"""A language in which whatever can be translated stands in brackets; what stands outside of them cannot."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
from django.utils import translation

OPEN, SHUT = "⟦", "⟧"
SAID = {"aria-label", "placeholder", "title", "alt", "data-confirm", "data-label"}
UNSEEN = {"script", "style", "template", "svg"}
ICON = "material-symbols-outlined"  # what stands in it names a picture
WORD = re.compile(r"[^\W\d_]{2,}")


@contextmanager
def all_marked(before: str = OPEN, after: str = SHUT) -> Iterator[None]:
    """Whatever is translated in the block comes out in brackets (others, where a font has not these)."""

    def one(words: str) -> str:
        return f"{before}{words}{after}" if words else ""

    def one_or_many(one_: str, many: str, number: int) -> str:
        return one(one_ if number == 1 else many)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(translation._trans, "gettext", one)
        patch.setattr(translation._trans, "ngettext", one_or_many)
        patch.setattr(translation._trans, "pgettext", lambda context, words: one(words))
        patch.setattr(translation._trans, "npgettext", lambda context, *words: one_or_many(*words))
        yield


class _Seen(HTMLParser):
    """The text of a page, in its order, with what is read out or asked."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN or ICON in (dict(attrs).get("class") or ""):
            self.within.append(tag)
        self.text += [f" {value} " for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        if self.within and tag == self.within[-1]:
            self.within.pop()
        self.text.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.within:
            self.text.append(data)


def unmarked(page: str, *, names: set[str]) -> list[str]:
    """Words of a page outside of all brackets that are none of these names, codes or numbers."""
    seen = _Seen()
    seen.feed(page)
    text = "".join(seen.text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    outside, depth = [], 0
    for sign in text:
        depth += (sign == OPEN) - (sign == SHUT)
        outside.append(sign if depth == 0 and sign != SHUT else " ")
    words = re.split(r"\s+", "".join(outside))
    return sorted({x for x in words if WORD.search(x) and not x.isupper()})
