"""Opaque marks of how far a client has read."""

import base64
import binascii
import json
from typing import Any

from inventory_site.core.problems import InvalidCursor


def encode(*parts: Any) -> str:
    """A cursor for these parts, safe in an address."""
    raw = json.dumps(parts, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(cursor: str, *kinds: type) -> list[Any]:
    """The parts of a cursor. Raises InvalidCursor unless they are of these kinds and in range."""
    refusal = InvalidCursor("Use a cursor exactly as an earlier answer gave it.")
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise refusal from None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds):
        raise refusal
    if any(isinstance(part, int) and not 0 <= part < 2**63 for part in parts):
        raise refusal
    if any(isinstance(part, str) and not _storable(part) for part in parts):
        raise refusal
    return parts


def _storable(text: str) -> bool:
    """Whether PostgreSQL would know it for text: no NUL, and no half of a surrogate pair."""
    return "\x00" not in text and text.encode(errors="ignore").decode() == text
