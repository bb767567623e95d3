"""Coloured labels in lists of the back office, in words that can be translated."""

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.html import conditional_escape

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise  # said now, or once it is known in which language
else:
    Words = str


class Label(NamedTuple):
    """`key` chooses the colour (of `display(label=…)`), `words` are read; on a page of a row, these alone."""

    key: str
    words: Any

    def __str__(self) -> str:
        return str(self.words)

    def __html__(self) -> str:
        return conditional_escape(self.words)
