"""Translations as a translator leaves them: catalogues that gettext reads, without gettext's own programs."""

import struct
from pathlib import Path


def write_catalogue(folder: Path, language: str, words: dict[str, str], *, plurals: str) -> None:
    """Put a translation into a folder of them. Forms for counts stand in one string, parted by NUL."""
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    about = f"Content-Type: text/plain; charset=UTF-8\nPlural-Forms: {plurals}\n"
    (place / "django.mo").write_bytes(compiled({"": about} | words))


def compiled(words: dict[str, str]) -> bytes:
    """A catalogue as msgfmt writes it: a header, two tables of length and place, then the words."""
    pairs = [(key.encode(), value.encode()) for key, value in sorted(words.items())]
    count, begin = len(pairs), 28
    tables, text, place = [b"", b""], b"", begin + 16 * len(pairs)
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<2I", len(pair[side]), place + len(text))
            text += pair[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, begin, begin + 8 * count, 0, 0)
    return head + b"".join(tables) + text
