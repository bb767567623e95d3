"""Text of any script on paper, with fonts that come with the program or with every PDF viewer.

Vera is embedded and has the letters of western Europe. A letter that it lacks loses its accent where that
helps (ę becomes e); other scripts are set in the fonts that PDF viewers bring along for them.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "Vera", "VeraBd"
HANGUL, KANA, OTHERS = "HYSMyeongJo-Medium", "HeiseiMin-W3", "STSong-Light"


@cache
def register_fonts() -> frozenset[int]:
    """Make the fonts known, once per process; the code points that Vera has."""
    plain = TTFont(PLAIN, "Vera.ttf")
    pdfmetrics.registerFont(plain)
    pdfmetrics.registerFont(TTFont(BOLD, "VeraBd.ttf"))
    for name in (HANGUL, KANA, OTHERS):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    return frozenset(plain.face.charToGlyph)


def markup(text: str) -> str:
    """The text as a reportlab paragraph takes it: escaped, line breaks kept, each script in its font."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "<br/>".join("".join(_runs(line)) for line in lines)


def _runs(line: str) -> Iterator[str]:
    letters = [letter for given in line for letter in _letters(given)]
    for font, group in groupby(letters, key=_font):
        run = escape("".join(group))
        yield run if font == PLAIN else f'<font name="{font}">{run}</font>'


def _letters(letter: str) -> str:
    """The letter itself where there is a font for it, else without its accents; control characters go."""
    if unicodedata.category(letter).startswith("C"):
        return " "
    if ord(letter) in register_fonts():
        return letter
    base = unicodedata.normalize("NFKD", letter)[0]
    if ord(base) in register_fonts():
        return base
    return letter if ord(letter) < 0x10000 else "?"  # outside of what the viewers' fonts can name


def _font(letter: str) -> str:
    code = ord(letter)
    if code in register_fonts():
        return PLAIN
    if 0x1100 <= code < 0x1200 or 0xAC00 <= code < 0xD7B0:
        return HANGUL
    return KANA if 0x3040 <= code < 0x3100 else OTHERS
