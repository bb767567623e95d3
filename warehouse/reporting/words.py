"""Words that a report's SQL shows, in the language of whoever asks: they go in as parameters."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

# gettext_lazy is typed as a promise of a string; wherever it is shown it is one.
Words = Any


def by_code(words: Mapping[str, Words]) -> str:
    """For `%(name)s::jsonb ->> code`."""
    return json.dumps({code: str(told) for code, told in words.items()}, ensure_ascii=False)


def in_order(words: Sequence[Words]) -> list[str]:
    """For `(%(name)s::text[])[place]`, with places from 1."""
    return [str(told) for told in words]
