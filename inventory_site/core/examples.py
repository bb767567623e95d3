"""Answers that a shop really got, as examples for the OpenAPI document. `make contract` records them anew."""

import json
from functools import cache
from pathlib import Path
from typing import Any

PLACE = Path(__file__).with_name("examples.json")
ANY = "any"  # what a refusal looks like, whatever was asked


def answer_of(*, operation: str, status: str) -> Any:
    """The body of the operation's answer with that status, or of any such refusal; None: none is known."""
    return _recorded().get(operation, {}).get(status) or refusals().get(status)


def refusals() -> dict[str, Any]:
    """By status, what is refused alike everywhere."""
    return _recorded()[ANY]


@cache
def _recorded() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(PLACE.read_text())
    return found
