"""Looking things up: products and bins from any fragment, also a misspelt one, and what a code stands for.

Typos are found by trigrams (pg_trgm): how much of the word that was typed is in a name.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from inventory_site.core.sql import rows

MOST_WORDS = 6
MOST_TYPED = 80
ALIKE = 0.5  # at least so much of a word is in the name
FEW = 5  # with fewer hits than that, misspellings are looked for too
SHORT = 3  # trigrams say nothing of shorter fragments

# Stock is that of the warehouses which the person works in.
PRODUCTS = """
    SELECT p.sku, p.name, p.active, coalesce(i.on_hand, 0)::int, coalesce(i.available, 0)::int,
           b.bins, found.rank
      FROM ({found}) found
      JOIN warehouse_product p ON p.id = found.id
      LEFT JOIN LATERAL (
           SELECT sum(i.on_hand) AS on_hand, sum(i.on_hand - i.unsellable - i.reserved) AS available
             FROM warehouse_inventoryitem i
            WHERE i.product_id = p.id
              AND (%(within)s::bigint[] IS NULL OR i.warehouse_id = ANY(%(within)s::bigint[]))) i ON true
     CROSS JOIN LATERAL (
           SELECT ARRAY(SELECT x.code FROM warehouse_inventoryitem i
                          JOIN warehouse_binstock s ON s.item_id = i.id AND s.quantity > 0
                          JOIN warehouse_bin x ON x.id = s.bin_id
                                              AND x.kind NOT IN ('packing', 'quarantine')
                         WHERE i.product_id = p.id
                           AND (%(within)s::bigint[] IS NULL
                                OR i.warehouse_id = ANY(%(within)s::bigint[]))
                         ORDER BY x.id IS DISTINCT FROM i.primary_bin_id, x.pick_sequence, x.code
                         LIMIT 3) AS bins) b
     ORDER BY found.rank, NOT p.active, found.score DESC, p.name, p.sku
"""

# What was typed, in this order: the very code, the beginning of a SKU, all words, a part of a code.
PLAIN = """
    SELECT DISTINCT ON (id) id, rank, 0::real AS score FROM (
        SELECT id, 0 AS rank FROM warehouse_product WHERE sku = %(typed)s
         UNION ALL
        SELECT product_id, 0 FROM warehouse_barcode WHERE code = ANY(%(codes)s::text[])
         UNION ALL
        (SELECT id, 1 FROM warehouse_product
          WHERE sku ~>=~ %(typed)s AND sku ~<~ %(behind)s ORDER BY sku USING ~<~ LIMIT %(limit)s)
         UNION ALL
        (SELECT id, CASE WHEN name ILIKE %(start)s THEN 2 ELSE 3 END AS place
           FROM warehouse_product WHERE {words} ORDER BY place, NOT active, name LIMIT %(limit)s)
        {parts}
    ) hit ORDER BY id, rank
"""
PARTS = """
         UNION ALL
        (SELECT id, 4 FROM warehouse_product WHERE sku ILIKE %(part)s LIMIT %(limit)s)
         UNION ALL
        (SELECT product_id, 4 FROM warehouse_barcode WHERE code ILIKE %(part)s LIMIT %(limit)s)
"""

# The longest word leads to candidates, all words judge them.
MISSPELT = """
    SELECT id, 5 AS rank, score
      FROM (SELECT p.id, p.name,
                   greatest(word_similarity(%(typed)s, p.sku),
                            (SELECT avg(word_similarity(word, p.name))
                               FROM unnest(%(words)s::text[]) AS word)) AS score
              FROM warehouse_product p
             WHERE p.name %%> %(longest)s OR p.sku %%> %(typed)s) alike
     WHERE score >= %(alike)s
     ORDER BY score DESC, name LIMIT %(limit)s
"""

BINS = """
    SELECT w.code, b.code, b.kind,
           (SELECT count(*) FROM warehouse_binstock s WHERE s.bin_id = b.id AND s.quantity > 0)::int
      FROM (SELECT b.id, CASE WHEN b.code = %(typed)s THEN 0
                              WHEN replace(b.code, '-', '') LIKE %(bin_start)s THEN 1
                              ELSE 2 END AS rank,
                   similarity(b.code, %(typed)s) AS score
              FROM warehouse_bin b
             WHERE (%(within)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(within)s::bigint[]))
               AND (replace(b.code, '-', '') LIKE %(bin_start)s OR b.code %%> %(typed)s)) found
      JOIN warehouse_bin b ON b.id = found.id
      JOIN warehouse_warehouse w ON w.id = b.warehouse_id
     WHERE found.rank < 2 OR %(typed)s ~ '[0-9]'
     ORDER BY found.rank, found.score DESC, w.priority, b.pick_sequence, b.code
     LIMIT %(limit)s
"""

KNOWN = """
    SELECT 'product', p.sku, p.name, NULL FROM warehouse_product p WHERE p.sku = %(typed)s
     UNION ALL
    SELECT 'product', p.sku, p.name, NULL FROM warehouse_barcode c
      JOIN warehouse_product p ON p.id = c.product_id WHERE c.code = ANY(%(codes)s::text[])
     UNION ALL
    SELECT 'bin', b.code, b.kind, w.code
      FROM warehouse_bin b JOIN warehouse_warehouse w ON w.id = b.warehouse_id
     WHERE b.code = %(typed)s AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
"""


@dataclass(frozen=True, slots=True)
class ProductFound:
    """A product, with what there is of it in the warehouses asked about and the first bins it lies in."""

    sku: str
    name: str
    active: bool
    on_hand: int
    available: int
    bins: Sequence[str]
    rank: int  # 0 the very code, 1 SKU begins so, 2 and 3 all words, 4 part of a code, 5 misspelt


@dataclass(frozen=True, slots=True)
class BinFound:
    """A bin, and how many products lie in it."""

    warehouse: str
    code: str
    kind: str
    products: int


@dataclass(frozen=True, slots=True)
class Found:
    products: Sequence[ProductFound]
    bins: Sequence[BinFound]


@dataclass(frozen=True, slots=True)
class Known:
    """What a scanned code stands for: a product (no warehouse), or a bin of a warehouse."""

    kind: str
    code: str
    name: str
    warehouse: str | None


def look_up(*, typed: str, warehouse_ids: Collection[int] | None = None, limit: int = 20) -> Found:
    """Products and bins by any fragment: SKU, barcode, words of the name in any order, misspelt or not.

    The best first. Bins and quantities are those of the warehouses given (None: all).
    """
    typed = " ".join(typed.replace("\x00", "").split())[:MOST_TYPED]
    if not typed:
        return Found([], [])
    words = list(dict.fromkeys(typed.upper().split()))[:MOST_WORDS]
    given = _given(typed, words, limit) | {
        "within": None if warehouse_ids is None else list(warehouse_ids)
    }
    with transaction.atomic():
        rows("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)])
        products = _plain(words, given)
        if len(products) < min(FEW, limit) and len(max(words, key=len)) >= SHORT:
            products += _misspelt(products, given)
        bins = [BinFound(*row) for row in rows(BINS, given)] if len(words) == 1 else []
    return Found(products[:limit], bins)


def known_codes(*, code: str, within: Collection[str] | None = None) -> list[Known]:
    """All that a scanned code may be: products by SKU or barcode, and bins of these warehouses."""
    plain = code.strip()
    given = {
        "typed": plain.upper(),
        "codes": code_forms(plain),
        "within": None if within is None else sorted(within),
    }
    return [Known(*row) for row in dict.fromkeys(rows(KNOWN, given))]


def _given(typed: str, words: Sequence[str], limit: int) -> dict[str, Any]:
    whole = typed.upper()
    return {
        "typed": whole,
        "behind": whole + "\U0010ffff",
        "codes": code_forms(typed),
        "part": f"%{_literal(whole)}%",
        "start": f"{_literal(words[0])}%",
        "bin_start": f"{_literal(re.sub(r'[^A-Z0-9]', '', whole) or whole)}%",
        "words": list(words),
        "longest": max(words, key=len),
        "alike": ALIKE,
        "limit": limit,
        **{f"word{n}": _pattern(word, words) for n, word in enumerate(words)},
    }


def _plain(words: Sequence[str], given: dict[str, Any]) -> list[ProductFound]:
    conditions = " AND ".join(f"name ILIKE %(word{n})s" for n in range(len(words)))
    found = PLAIN.format(words=conditions, parts=PARTS if len(str(given["typed"])) >= SHORT else "")
    return _products(found, given)


def _misspelt(known: Sequence[ProductFound], given: dict[str, Any]) -> list[ProductFound]:
    """Those that were not found as they were typed."""
    there = {product.sku for product in known}
    return [product for product in _products(MISSPELT, given) if product.sku not in there]


def _products(found: str, given: dict[str, Any]) -> list[ProductFound]:
    return [ProductFound(*row) for row in rows(PRODUCTS.format(found=found), given)]


def _pattern(word: str, words: Sequence[str]) -> str:
    """Anywhere in the name; a short fragment alone only at its beginning, where the index knows it."""
    alone = all(len(other) < SHORT for other in words)
    return f"{_literal(word)}%" if alone and word == words[0] else f"%{_literal(word)}%"


def code_forms(code: str) -> list[str]:
    """A barcode as it was read; a UPC-A is an EAN-13 with a leading 0, and scanners tell either."""
    told = [code, code.upper()]
    if code.isascii() and code.isdigit():
        told += (
            ["0" + code]
            if len(code) == 12
            else [code[1:]]
            if len(code) == 13 and code[0] == "0"
            else []
        )
    return list(dict.fromkeys(told))


def _literal(text: str) -> str:
    """Text that means itself in LIKE."""
    return re.sub(r"([\\%_])", r"\\\1", text)
