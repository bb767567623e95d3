"""What a PDF of ours draws: the black rectangles of a page, which are all that a barcode is made of."""

import re

from tests.orders.printed import streams

WORD = re.compile(rb"\((?:\\.|[^\\()])*\)|[^\s()]+")
Rect = tuple[float, float, float, float]


def rectangles(pdf: bytes) -> list[list[Rect]]:
    """Of each page: x, y, width, height in points from the lower left corner. Translations alone."""
    return [_drawn(stream) for stream in streams(pdf) if b" Tj" in stream]


def _drawn(stream: bytes) -> list[Rect]:
    found: list[Rect] = []
    kept: list[tuple[float, float]] = []
    x = y = 0.0
    path: list[Rect] = []
    words: list[bytes] = []
    for word in WORD.findall(stream):
        numbers = words[-6:]
        if word == b"q":
            kept.append((x, y))
        elif word == b"Q":
            x, y = kept.pop()
        elif word == b"cm":
            assert numbers[:4] == [b"1", b"0", b"0", b"1"]
            x, y = x + float(numbers[4]), y + float(numbers[5])
        elif word == b"re":
            left, low, width, height = (float(number) for number in numbers[-4:])
            path.append((x + left, y + low, width, height))
        elif word in (b"f", b"f*", b"B", b"B*", b"n"):
            found += path if word != b"n" else []
            path = []
        words.append(word)
    return found
