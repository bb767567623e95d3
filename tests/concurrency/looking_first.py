"""A site without the guard of its Idempotency-Keys, for a control: a worker looks whether a key was used, and
writes it down where no index forbids it a second time. Whoever looks before the first has committed sees
nothing. As gunicorn's configuration."""

from typing import Any

from tests.concurrency import quickly  # noqa: F401

LOOK_FIRST = """
    INSERT INTO core_idempotencykey (api_key_id, key, fingerprint)
    SELECT k.api_key, k.key || ' ' || gen_random_uuid(), k.fingerprint
      FROM unnest(%s::text[], %s::text[], %s::text[]) AS k(api_key, key, fingerprint)
     WHERE NOT EXISTS (SELECT FROM core_idempotencykey t
                        WHERE t.api_key_id = k.api_key AND starts_with(t.key, k.key))
    RETURNING api_key_id, split_part(key, ' ', 1)
"""


def post_worker_init(worker: Any) -> None:
    from inventory_site.core import idempotency

    idempotency.CLAIM = LOOK_FIRST
