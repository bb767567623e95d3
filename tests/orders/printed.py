"""Reading back what a PDF of ours says: enough of the format for text that reportlab set."""

import base64
import re
import zlib

STREAM = re.compile(rb"<<(.*?)>>\s*stream\r?\n(.*?)endstream", re.DOTALL)
SHOWN = re.compile(rb"\(((?:\\.|[^\\()])*)\) Tj")
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)


def streams(pdf: bytes) -> list[bytes]:
    found = []
    for head, body in STREAM.findall(pdf):
        data = body
        if b"ASCII85" in head:
            data = base64.a85decode(b"<~" + body.strip(), adobe=True)
        if b"Flate" in head:
            data = zlib.decompressobj().decompress(data)
        found.append(data)
    return found


def pages(pdf: bytes) -> list[str]:
    """The words of each page; letters outside of ASCII are left out, since each font numbers its own."""
    return [_words(stream) for stream in streams(pdf) if b" Tj" in stream]


def letters(pdf: bytes) -> set[str]:
    """The letters that the embedded fonts carry, by their own tables."""
    tables = [stream for stream in streams(pdf) if b"beginbf" in stream]
    found = re.findall(rb"<([0-9A-Fa-f]{4})>", b" ".join(tables))
    return {chr(int(code, 16)) for code in found}


def _words(stream: bytes) -> str:
    shown = b" ".join(ESCAPED.sub(_plain, text) for text in SHOWN.findall(stream))
    return " ".join(shown.decode("ascii", errors="ignore").split())


def _plain(match: re.Match[bytes]) -> bytes:
    told = match.group(1)
    return bytes([int(told, 8)]) if told.isdigit() else told
