"""Stock levels in Redis: every value carries its version, and an older one never replaces a newer one.

Two kinds of entry. `product:<sku>` says what a product is called, which items it has and whether it is
sold; `i:<item>` holds one item's counters. Both are written by a script that compares versions inside
Redis, so that a slow reader that refills the cache cannot undo a later write.

Keys carry a generation, kept in PostgreSQL. Whoever fails to write to Redis raises it, so that no value
from before the failure is read again, by any process, once Redis is back; readers look at the generation
at most once a second. Redis away means that levels are read from PostgreSQL: slower, not wrong.
"""

import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from redis.exceptions import RedisError

from inventory_site.core.redis import contact
from inventory_site.core.sql import rows
from notifications.feed import Mark
from warehouse.lines import Level

logger = logging.getLogger(__name__)

TTL_SECONDS = 3600
MOST_AT_ONCE = 1000  # entries in one call; a script cannot unpack many thousands
GENERATION_SECONDS = 1.0  # how long a process may believe the generation it has read

# KEYS: entries; ARGV: lifetime, then version and value for each. The version stands before the "|".
SET_IF_NEWER = """
local present = redis.call('MGET', unpack(KEYS))
for place, key in ipairs(KEYS) do
  local known = present[place] and tonumber(string.match(present[place], '^(%d+)|'))
  if not known or known < tonumber(ARGV[place * 2]) then
    redis.call('SET', key, ARGV[place * 2] .. '|' .. ARGV[place * 2 + 1], 'EX', ARGV[1])
  end
end
return #KEYS
"""

# KEYS: product entries; ARGV: what an item's key begins with, then the SKUs. The parts of a product are its
# own entry and those of its items, in the order in which it names them; none where one of them is missing.
_PARTS = """
local function parts_of(place)
  local product = redis.call('GET', KEYS[place])
  if not product then return nil end
  local parts = {product}
  for _, code in ipairs(cjson.decode(string.match(product, '|(.*)$'))[2]) do
    local item = redis.call('GET', ARGV[1] .. ARGV[place + 1] .. '@' .. code)
    if not item then return nil end
    parts[#parts + 1] = item
  end
  return parts
end
local answer = {}
"""
READ_PARTS = f"""{_PARTS}
for place = 1, #KEYS do answer[place] = parts_of(place) or {{}} end
return answer
"""
READ_VERSIONS = f"""{_PARTS}
for place = 1, #KEYS do
  local parts = parts_of(place)
  local sum = parts and 0
  for _, part in ipairs(parts or {{}}) do sum = sum + tonumber(string.match(part, '^(%d+)|')) end
  answer[place] = sum or false
end
return answer
"""


class _Generation:
    """The generation as this process knows it."""

    def __init__(self) -> None:
        self.number = 0
        self.read_at = float("-inf")

    def current(self) -> int:
        if time.monotonic() - self.read_at > GENERATION_SECONDS:
            self.keep(rows("SELECT generation FROM warehouse_cachegeneration WHERE id = 1", []))
        return self.number

    def keep(self, found: Sequence[tuple[Any, ...]]) -> None:
        self.number = int(found[0][0]) if found else 0
        self.read_at = time.monotonic()


generation = _Generation()


def item_key(sku: str, warehouse: str) -> str:
    return f"stock:{generation.current()}:i:{sku}@{warehouse}"


def product_key(sku: str) -> str:
    return f"stock:{generation.current()}:product:{sku}"


def read(*, keys: Sequence[str]) -> list[tuple[int, Any] | None]:
    """Version and value of each entry, None for those not there. Raises nothing: away is not there."""
    if not keys:
        return []
    try:
        found = contact.call(lambda client: client.mget(keys))
    except RedisError as error:
        logger.warning("level_cache_away reading=%s", type(error).__name__)
        return [None] * len(keys)
    return [None if raw is None else _entry(raw) for raw in found]


def read_products(*, skus: Sequence[str]) -> list[list[tuple[int, Any]] | None]:
    """Of each product its own entry and those of its items, from one read; None where a part is missing."""
    return [[_entry(part) for part in parts] or None for parts in _whole(READ_PARTS, skus)]


def read_versions(*, skus: Sequence[str]) -> list[int | None]:
    """Of each product the sum of the versions of its parts, from one read; None where a part is missing."""
    return [None if version is None else int(version) for version in _whole(READ_VERSIONS, skus)]


def _whole(script: str, skus: Sequence[str]) -> Sequence[Any]:
    """What a script tells of each product; nothing of any of them while Redis is away."""
    if not skus:
        return []
    keys = [product_key(sku) for sku in skus]
    try:
        found: Sequence[Any] = contact.call(
            lambda client: client.eval(script, len(keys), *keys, item_key("", "")[:-1], *skus)
        )
    except RedisError as error:
        logger.warning("level_cache_away reading=%s", type(error).__name__)
        return [[] if script is READ_PARTS else None] * len(keys)
    return found


def _entry(raw: bytes) -> tuple[int, Any]:
    version, _, value = raw.partition(b"|")
    return int(version), json.loads(value)


def store(*, entries: Mapping[str, tuple[int, Any]]) -> bool:
    """Write entries whose version is newer than what is there. False when Redis is away."""
    left = iter(entries.items())
    try:
        while some := dict(islice(left, MOST_AT_ONCE)):
            arguments: list[Any] = [TTL_SECONDS]
            for version, value in some.values():
                arguments += [version, json.dumps(value, separators=(",", ":"))]
            contact.call(partial(_set_if_newer, keys=list(some), arguments=arguments))
    except RedisError as error:
        logger.warning("level_cache_away writing=%s", type(error).__name__)
        return False
    return True


def _set_if_newer(client: Any, *, keys: Sequence[str], arguments: Sequence[Any]) -> None:
    client.eval(SET_IF_NEWER, len(keys), *keys, *arguments)


def refresh(*, levels: Sequence[Level]) -> None:
    """Take over levels that have just been committed. If Redis is away, no old value is read again."""
    if not store(entries=item_entries(levels)):
        renounce()


def item_entries(levels: Iterable[Level]) -> dict[str, tuple[int, Any]]:
    """One entry per item: its version, and what follows sku and warehouse in a Level."""
    return {
        item_key(level.sku, level.warehouse): (
            level.version,
            [
                level.on_hand,
                level.reserved,
                level.unsellable,
                level.inbound,
                level.safety_stock,
                level.bin,
            ],
        )
        for level in levels
    }


def swept() -> Mark | None:
    """How far the sweep over the change feed has come in this generation; None when that is unknown."""
    try:
        raw = contact.call(lambda client: client.get(_swept_key()))
    except RedisError:
        return None
    if raw is None:
        return None
    position, _, id_ = raw.partition(b",")
    return Mark(position=int(position), id=int(id_))


def keep_swept(mark: Mark) -> bool:
    """Remember how far the sweep has come. False when Redis is away."""
    try:
        contact.call(lambda client: client.set(_swept_key(), f"{mark.position},{mark.id}"))
    except RedisError:
        return False
    return True


def _swept_key() -> str:
    return f"stock:{generation.current()}:swept"


def renounce() -> None:
    """Start a new generation: whatever Redis still holds is never read again.

    One small write for each refresh that failed: another process whose Redis works may have filled the
    generation before, so it cannot be left out.
    """
    generation.keep(
        rows(
            "INSERT INTO warehouse_cachegeneration AS g (id, generation) VALUES (1, 1)"
            " ON CONFLICT (id) DO UPDATE SET generation = g.generation + 1 RETURNING generation",
            [],
        )
    )


def forget_other_times() -> None:
    """Start a generation that no time before or after a restored backup can have had.

    There the same item may have come to a later version: it would be taken for newer, and stay.
    """
    generation.keep(
        rows(
            "INSERT INTO warehouse_cachegeneration AS g (id, generation)"
            " VALUES (1, extract(epoch FROM statement_timestamp()) * 1000)"
            " ON CONFLICT (id) DO UPDATE"
            " SET generation = greatest(g.generation + 1, excluded.generation) RETURNING generation",
            [],
        )
    )
