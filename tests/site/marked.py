"""A language in which every word that is ready for translation stands between ⟦ and ⟧."""

import re
from html.parser import HTMLParser

from django.utils import translation

UNSEEN = {"script", "style", "svg", "template", "code"}
ATTRIBUTES = ("title", "placeholder", "aria-label", "alt")
WORD = re.compile(r"[A-Za-z]{3,}")


def mark_words(monkeypatch) -> None:
    """Speak that language from now on, in this test."""

    def one(message):
        return f"⟦{message}⟧"

    def of_many(single, plural, number):
        return one(single if number == 1 else plural)

    spoken = {
        "gettext": one,
        "ngettext": of_many,
        "pgettext": lambda context, message: one(message),
        "npgettext": lambda context, single, plural, number: of_many(single, plural, number),
    }
    for name, way in spoken.items():
        getattr(translation._trans, name)  # found once, and then kept: what is kept is put back
        monkeypatch.setattr(translation._trans, name, way)


def unmarked(text: str, *, known: set[str] = frozenset()) -> list[str]:
    """Pieces of a text that hold a word outside of the marks which is none of the `known` names."""
    inside = re.compile(r"⟦[^⟦⟧]*⟧")
    while inside.search(text):
        text = inside.sub(" | ", text)
    pieces = [piece.strip() for piece in re.split(r"[|\n]", text)]
    return [piece for piece in pieces if set(WORD.findall(piece)) - known]


class Page(HTMLParser):
    """What a person sees of a page, or is read to: texts, and those of attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.hidden: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        icon = "material-symbols" in (given.get("class") or "")
        if (self.hidden and tag == self.hidden[-1]) or (
            not self.hidden and (tag in UNSEEN or icon)
        ):
            self.hidden.append(tag)
        self.texts += [given[name] for name in ATTRIBUTES if given.get(name)]
        if tag == "input" and given.get("type") == "submit":
            self.texts.append(given.get("value") or "")

    def handle_endtag(self, tag):
        if self.hidden and tag == self.hidden[-1]:
            self.hidden.pop()

    def handle_data(self, data):
        if not self.hidden:
            self.texts.append(data)
