"""Redis as something that may be away: after a failure it is left alone for a moment, so that nobody
waits for it request after request. Whoever uses it can do without."""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

AWAY_SECONDS = 1.0


class Contact:
    """This process's contact with Redis."""

    def __init__(self) -> None:
        self.away_until = float("-inf")

    def call(self, command: Callable[[Any], Any]) -> Any:
        """The command's answer. Raises RedisError also while Redis is left alone."""
        if time.monotonic() < self.away_until:
            raise RedisConnectionError("left alone after a failure")
        try:
            return command(cache.client.get_client(write=True))  # type: ignore[attr-defined]
        except RedisError:
            self.away_until = time.monotonic() + AWAY_SECONDS
            raise


contact = Contact()
