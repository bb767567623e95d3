"""Actions on many rows are asked about first."""

from typing import Any


def confirmed(client: Any, path: str, told: dict[str, Any], **more: Any) -> Any:
    """The answer once what was chosen is confirmed, on the page that asks; that of the list if none does."""
    asked = client.post(path, told, **more)
    if "carried" not in (asked.context or {}):
        return asked
    return client.post(path, carried(asked), **more)


def carried(asked: Any) -> dict[str, Any]:
    """What the page that asks sends when it is confirmed."""
    return {**asked.context["carried"], "_selected_action": asked.context["ticked"]}
