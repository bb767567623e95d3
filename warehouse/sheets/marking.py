"""The words of sheets. They are read without Django, so whoever shows them says how they are translated."""

from collections.abc import Callable

_translate: Callable[[str], str] = str


def translate_by(translate: Callable[[str], str]) -> None:
    """Have what is found wrong with a sheet said in the language of whoever asks."""
    global _translate
    _translate = translate


def gettext(words: str) -> str:
    """The words, translated. Named as `makemessages` looks for them, like the next one."""
    return _translate(words)


def gettext_noop(words: str) -> str:
    """The same words: a page translates them when it shows them."""
    return words
