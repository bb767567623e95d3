"""What a webhook is sent: a message of Standard Webhooks, signed, the same however often it is sent.

Source: the specification of Standard Webhooks, https://www.standardwebhooks.com.
"""

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from standardwebhooks import Webhook

TEST = "webhook.test"
SECRET_BYTES = 32
AGENT = "Holdfast-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery and what it tells. `first_tried` is None until it was tried."""

    delivery: int
    id: UUID
    sequence: int
    attempts: int
    due: bool
    first_tried: datetime | None
    type: str
    reference: str
    actor: str
    levels: Sequence[Mapping[str, Any]]
    details: Mapping[str, Any]
    occurred_at: datetime

    @property
    def subjects(self) -> frozenset[str]:
        """What it is about. Of two messages that share one, the later waits for the earlier."""
        told = {f"{level['sku']}@{level['warehouse']}" for level in self.levels}
        return frozenset(told | ({f"={self.reference}"} if self.reference else set()))


def new_secret() -> str:
    """A secret as receivers enter it, of 256 random bits."""
    return "whsec_" + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def body_of(*, message: Message, warehouses: Sequence[str]) -> bytes:
    """The JSON that is sent. With `warehouses`, only their levels and no details, as in the change feed."""
    data = {
        "reference": message.reference,
        "actor": message.actor,
        "levels": [x for x in message.levels if not warehouses or x["warehouse"] in warehouses],
        "details": {} if warehouses else message.details,
    }
    told = {
        "type": message.type,
        "timestamp": message.occurred_at.isoformat().replace("+00:00", "Z"),
        "sequence": message.sequence,
        "data": data,
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()


def headers_of(
    *, message: Message, body: bytes, keys: Sequence[str], at: datetime
) -> dict[str, str]:
    """The headers, with a signature by each secret that is valid now."""
    name = f"msg_{message.id.hex}"
    signed = [Webhook(key).sign(name, at, body.decode()) for key in keys]
    return {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }
