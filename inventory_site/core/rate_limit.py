"""So many requests a minute for each API key, counted in Redis. Without Redis nobody is held back."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from redis.exceptions import RedisError

from inventory_site.core.problems import RateLimited
from inventory_site.core.redis import contact

WINDOW = 60  # seconds


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of this minute."""

    limit: int
    left: int
    resets_in: int

    def tell(self, response: HttpResponse) -> None:
        """The headers of the IETF's draft on rate limits."""
        response["RateLimit-Policy"] = f'"default";q={self.limit};w={WINDOW}'
        response["RateLimit"] = f'"default";r={max(0, self.left)};t={self.resets_in}'


def take(*, key_id: str) -> Allowance | None:
    """Count one request of this key. None where there is no limit or no Redis."""
    limit = settings.API_RATE_LIMIT
    if not limit:
        return None
    now = int(time.time())
    window = now // WINDOW
    try:
        used = contact.call(lambda client: _count(client, f"rate:{key_id}:{window}"))
    except RedisError:
        return None
    return Allowance(limit=limit, left=limit - used, resets_in=(window + 1) * WINDOW - now)


def _count(client: object, name: str) -> int:
    pipeline = client.pipeline(transaction=False)  # type: ignore[attr-defined]
    pipeline.incr(name)
    pipeline.expire(name, WINDOW * 2)
    return int(pipeline.execute()[0])


def check(allowance: Allowance | None) -> None:
    """Raise RateLimited when nothing is left."""
    if allowance is not None and allowance.left < 0:
        error = RateLimited(
            f"This key may send {allowance.limit} requests a minute; "
            f"go on in {allowance.resets_in} s."
        )
        error.retry_after = allowance.resets_in
        raise error
