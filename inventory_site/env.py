"""Configuration from the environment. A wrong or missing value stops the start and says its name."""

import os

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str | None = None, *, purpose: str = "") -> str:
    """The variable's value. Raises ImproperlyConfigured when it is needed and not set."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. It is needed: {purpose}")
    return default


def flag(name: str, default: bool) -> bool:
    """A yes or no. Raises ImproperlyConfigured on anything else."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(
        f"{name} is {value!r}; expected 1, true, yes, on or 0, false, no, off."
    )


def number(name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number in range. Raises ImproperlyConfigured on anything else."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value.isascii() and value.isdigit() and least <= int(value) <= most:
        return int(value)
    raise ImproperlyConfigured(
        f"{name} is {value!r}; expected a whole number from {least} to {most}."
    )


def names(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list."""
    value = os.environ.get(name, "")
    return [part.strip() for part in value.split(",") if part.strip()] or list(default)
