"""A language in which whatever can be translated stands in brackets; what stands outside of them cannot."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
from django.utils import translation

OPEN, SHUT = "⟦", "⟧"
INNERMOST = re.compile(f"{OPEN}[^{OPEN}{SHUT}]*{SHUT}")
READ_OUT = {"aria-label", "placeholder", "title", "alt", "data-confirm", "data-label"}
UNSEEN = {"script", "style", "template", "svg", "code"}
ICON = "material-symbols"  # what stands in it names a picture
EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
WORD = re.compile(r"[^\W\d_]{2,}")


@contextmanager
def all_marked(before: str = OPEN, after: str = SHUT) -> Iterator[None]:
    """Whatever is translated in the block comes out in brackets (others, where a font has not these)."""

    def one(words: str) -> str:
        if words == "yes,no,maybe":  # Django takes it apart
            return ",".join(one(word) for word in words.split(","))
        return f"{before}{words}{after}" if words else ""

    def one_or_many(one_: str, many: str, number: int) -> str:
        return one(one_ if number == 1 else many)

    spoken = {
        "gettext": one,
        "ngettext": one_or_many,
        "pgettext": lambda context, words: one(words),
        "npgettext": lambda context, *words: one_or_many(*words),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, way in spoken.items():
            getattr(translation._trans, name)  # found once, and then kept: what is kept is put back
            patch.setattr(translation._trans, name, way)
        yield


class _Said(HTMLParser):
    def __init__(self, part: str | None) -> None:
        super().__init__()
        self.part = part
        self.open: list[
            tuple[str, bool]
        ] = []  # elements around, and whether what is in them is seen
        self.told: list[str] = []

    @property
    def inside(self) -> bool:
        return self.open[-1][1] if self.open else self.part is None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        within = self.inside or self.part in (tag, given.get("id"))
        seen = within and tag not in UNSEEN and ICON not in (given.get("class") or "")
        if seen:
            self.told += [value for name, value in attrs if name in READ_OUT and value]
            if tag == "input" and given.get("type") == "submit":
                self.told.append(given.get("value") or "")
        if tag not in EMPTY:
            self.open.append((tag, seen))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == name for name, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.told.append(data)


def said(page: str, *, part: str | None = None) -> str:
    """What a person sees of a page, or is read to; of the element of this id or name alone, if given."""
    found = _Said(part)
    found.feed(page)
    return "\n".join(found.told)


def unmarked(text: str, *, names: Collection[str] = ()) -> list[str]:
    """Lines with a word outside of all brackets that is neither one of these names nor in capitals."""
    while text != (text := INNERMOST.sub("\n", text)):
        pass
    if names:
        longest = sorted(names, key=len, reverse=True)
        text = re.sub(rf"\b(?:{'|'.join(map(re.escape, longest))})\b", " ", text)
    lines = {line.strip() for line in text.splitlines()}
    return sorted(x for x in lines if any(not word.isupper() for word in WORD.findall(x)))
