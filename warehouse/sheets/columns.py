"""Which column is which: names that firms write above their columns, and the row they stand in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from warehouse.sheets.cells import Cell, Kind, plain
from warehouse.sheets.limits import SheetRefused
from warehouse.sheets.marking import gettext as _

FIELDS = (
    "sku", "name", "warehouse", "bin", "on_hand", "unit_cost",
    "barcode", "supplier", "lead_time_days", "counted_on",
)  # fmt: skip
REQUIRED = ("sku", "warehouse", "on_hand")
TITLES = MappingProxyType(
    {
        "sku": "item code (SKU)",
        "name": "description",
        "warehouse": "warehouse",
        "bin": "bin or location",
        "on_hand": "quantity on hand",
        "unit_cost": "unit cost",
        "barcode": "barcode",
        "supplier": "supplier",
        "lead_time_days": "lead time",
        "counted_on": "date of the count",
    }
)
# Of each column the surest names stand first; a later group counts only where none before is found.
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sku": (
            "sku|sku code|sku no|sku number|sku id|stock keeping unit",
            "item code|item no|item number|item id|item sku|stock code|stockcode|product code"
            "|product no|product number|product id|product sku|part no|part number|part code"
            "|article no|article number|article code|material|material no|material number"
            "|our code|itemcode|productcode|code no|art no|artikelnummer|artikel nr|art nr|reference no",
            "code|item|article|part|product ref|item ref|artikel",
        ),
        "name": (
            "name|product name|item name|article name|title|product title|artikelname|bezeichnung",
            "description|item description|product description|desc|product desc|item desc"
            "|stock description|article description|details|beschreibung|product",
        ),
        "warehouse": (
            "warehouse|whse|wh|w h|whs|warehouse code|wh code|warehouse name|stock site|depot"
            "|warehouse id|whouse|store code|depot code|lager",
            "site|branch|store|site code",
        ),
        "bin": (
            "bin|bin code|bin location|bin loc|bin no|bin number|bin id|shelf|shelf location|slot"
            "|pick location|pick face|storage bin|lagerplatz|shelf code|rack location",
            "location|loc|location code|stock location|storage location|place|position",
        ),
        "on_hand": (
            "qty on hand|quantity on hand|on hand|on hand qty|on hand quantity|qoh|soh|stock on hand"
            "|qty in stock|quantity in stock|stock qty|stock quantity|in stock|current stock"
            "|physical qty|physical stock|physical count|counted|counted qty|qty counted"
            "|quantity counted|counted quantity|count qty|stock level|units on hand|onhand|bestand"
            "|stock count|actual qty|qty on shelf|qtyonhand|units in stock",
            "qty|quantity|units|stock|pieces|pcs|menge|count|balance",
        ),
        "unit_cost": (
            "unit cost|cost per unit|cost each|cost price|purchase price|buying price|buy price"
            "|cost price each|average cost|avg cost|avg unit cost|standard cost|std cost"
            "|unit cost price|unitcost|einkaufspreis|ek preis|ek",
            "cost",
        ),
        "barcode": (
            "barcode|bar code|ean|ean code|ean13|ean 13|gtin|upc|ean upc|ean barcode|ean number"
            "|gtin13|gtin 13|gtin ean|barcode ean|upc code|upc ean|ean no|barcode no|barcode number"
            "|product barcode|item barcode",
        ),
        "supplier": (
            "supplier|supplier code|supplier name|vendor|vendor code|vendor name|supplied by"
            "|main supplier|preferred supplier|default supplier|primary supplier|lieferant"
            "|supplier id|vendor id",
        ),
        "lead_time_days": (
            "lead time|leadtime|lead times|supplier lead time|delivery time|replenishment time"
            "|lt|lead|lead time in|lieferzeit|supplier leadtime|delivery lead time",
        ),
        "counted_on": (
            "last counted|counted on|count date|date counted|date of count|counted|last count"
            "|last count date|stock take date|stocktake date|stocktake|date of stock take|last counted on"
            "|counted date|counted at|inventory date|last stock take|last stocktake",
            "date",
        ),
    }
)  # fmt: skip
CURRENCIES = MappingProxyType(
    {"£": "GBP", "€": "EUR", "$": "$", "gbp": "GBP", "eur": "EUR", "usd": "USD", "stg": "GBP",
     "euro": "EUR", "pound": "GBP", "pounds": "GBP", "chf": "CHF", "aud": "AUD", "cad": "CAD",
     "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "nzd": "NZD", "jpy": "JPY"}
)  # fmt: skip
# What may stand beside the name without changing what the numbers mean. Anything else beside a
# quantity, cost or lead time ("cases", "per dozen", "incl VAT") leaves the column unread.
HARMLESS = MappingProxyType(
    {
        "on_hand": "pcs|pc|pieces|units|unit|each|ea|singles|single units|eaches|no|nos",
        "unit_cost": "each|ea|per unit|unit|net|ex vat|excl vat|exc vat|per piece|per each",
        "lead_time_days": "days|day|d|calendar days|weeks|week|wks|w",
    }
)
ANY = frozenset({"sku", "name", "warehouse", "bin", "barcode", "supplier", "counted_on"})
FIRST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Column:
    """A column that was recognised: where it is, what it is called, and what its numbers mean."""

    index: int
    title: str
    rank: int = 0
    currency: str = ""
    weeks: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The header row and what it maps."""

    row: int
    titles: tuple[str, ...]
    columns: Mapping[str, Column]

    @property
    def missing(self) -> tuple[str, ...]:
        """Required fields that no column gives."""
        return tuple(field for field in REQUIRED if field not in self.columns)

    @property
    def unused(self) -> tuple[str, ...]:
        """Titles of columns that are not read."""
        used = {column.index for column in self.columns.values()}
        return tuple(t for i, t in enumerate(self.titles) if t and i not in used)


def title_key(text: str) -> str:
    """A title without case and punctuation."""
    apart = re.sub("([a-z])([A-Z])", r"\1 \2", plain(text))  # qtyOnHand
    return re.sub("[^0-9a-zäöü£€$]+", " ", apart.casefold()).strip()


def _known() -> dict[str, list[tuple[str, int]]]:
    known: dict[str, list[tuple[str, int]]] = {}
    for field, groups in NAMES.items():
        for rank, group in enumerate(groups):
            for name in group.split("|"):
                known.setdefault(name, []).append((field, rank))
    return known


KNOWN = MappingProxyType(_known())


def read_title(*, index: int, text: str) -> list[tuple[str, Column]]:
    """What the column of this title could be: usually one field, sometimes none or two."""
    if len(text) > 80:
        return []
    beside = " ".join(re.findall(r"[(\[]([^)\]]*)[)\]]", text))
    name = title_key(re.sub(r"[(\[][^)\]]*[)\]]", " ", text))
    currency, extra = _currency(title_key(beside))
    bare_currency, bare = _currency(name)
    found = _fields(name) or _fields(bare)
    if not found:
        found, extra = _split(bare, extra)
    title = plain(text)
    return [
        (
            field,
            Column(
                index=index,
                title=title,
                rank=rank,
                currency=(currency or bare_currency) if field == "unit_cost" else "",
                weeks=field == "lead_time_days" and extra in {"weeks", "week", "wks", "w"},
            ),
        )
        for field, rank in found
        if field in ANY or not extra or extra in HARMLESS[field].split("|")
    ]


def _fields(name: str) -> list[tuple[str, int]]:
    return KNOWN.get(name, [])


def _currency(text: str) -> tuple[str, str]:
    """The currency named among the words, and the words without it."""
    words = re.sub("([£€$])", r" \1 ", text).split()
    found = [CURRENCIES[word] for word in words if word in CURRENCIES]
    rest = " ".join(word for word in words if word not in CURRENCIES)
    return (found[0] if found else ""), rest


def _split(name: str, extra: str) -> tuple[list[tuple[str, int]], str]:
    """A known name with its unit behind it and no brackets: "lead time days"."""
    words = name.split()
    for cut in range(len(words) - 1, 0, -1):
        fields = [f for f in _fields(" ".join(words[:cut])) if f[0] in HARMLESS]
        behind = " ".join(words[cut:])
        fields = [f for f in fields if behind in HARMLESS[f[0]].split("|")]
        if fields:
            return fields, behind
    return [], extra


def read_header(*, row: int, cells: Sequence[Cell]) -> Header:
    """Map one row as if it were the header.

    Raises `SheetRefused("columns_unclear")` when two columns are equally likely to be one field.
    """
    titles = tuple(plain(c.text) if c.kind is Kind.TEXT else "" for c in cells)
    candidates: dict[str, list[Column]] = {}
    for index, cell in enumerate(cells):
        if cell.kind is Kind.TEXT:
            for field, column in read_title(index=index, text=cell.text):
                candidates.setdefault(field, []).append(column)
    _settle_places(candidates)
    _settle_counted(candidates)
    columns: dict[str, Column] = {}
    for field in FIELDS:
        free = [c for c in candidates.get(field, []) if c.index not in _taken(columns)]
        if free:
            columns[field] = _choose(field=field, row=row, found=free)
    return Header(row=row, titles=titles, columns=MappingProxyType(columns))


def _settle_places(candidates: dict[str, list[Column]]) -> None:
    """Beside a column of bins and without one of warehouses, "Location" is the warehouse."""
    bins = candidates.get("bin", [])
    sure, loose = [c for c in bins if c.rank == 0], [c for c in bins if c.rank]
    if sure and loose and "warehouse" not in candidates:
        candidates["warehouse"], candidates["bin"] = loose, sure


def _settle_counted(candidates: dict[str, list[Column]]) -> None:
    """Beside a column of quantities, "Counted" is the date of the count."""
    dates = {column.index for column in candidates.get("counted_on", [])}
    sure = [c for c in candidates.get("on_hand", []) if c.index not in dates]
    if sure:
        candidates["on_hand"] = sure


def _taken(columns: Mapping[str, Column]) -> set[int]:
    return {column.index for column in columns.values()}


def _choose(*, field: str, row: int, found: list[Column]) -> Column:
    best = min(column.rank for column in found)
    first = [column for column in found if column.rank == best]
    if len(first) > 1:
        titles = " and ".join(f'"{column.title}"' for column in first)
        raise SheetRefused(
            "columns_unclear",
            _(
                "Row %(row)s: the columns %(titles)s could both be the %(name)s. Rename or "
                "remove the one that is not meant."
            )
            % {"row": row, "titles": titles, "name": TITLES[field]},
        )
    return first[0]


def find_header(rows: Mapping[int, Sequence[Cell]]) -> Header:
    """The row among the first ones that names the columns.

    Raises `SheetRefused`: `no_header`, `columns_unclear`.
    """
    best: Header | None = None
    unclear: SheetRefused | None = None
    for number in list(rows)[:FIRST_ROWS]:
        try:
            header = read_header(row=number, cells=rows[number])
        except SheetRefused as problem:
            unclear = unclear or problem
            continue
        if best is None or _score(header) > _score(best):
            best = header
    if best is not None and not best.missing:
        return best
    raise unclear or SheetRefused("no_header", _no_header(best))


def _score(header: Header) -> tuple[int, int]:
    return (-len(header.missing), len(header.columns))


def _no_header(best: Header | None) -> str:
    needed = ", ".join(TITLES[field] for field in REQUIRED)
    if best is None or not best.columns:
        return _("No row names the columns. An opening stock needs at least: %(needed)s.") % {
            "needed": needed
        }
    found = ", ".join(f'"{c.title}" ({TITLES[f]})' for f, c in best.columns.items())
    missing = ", ".join(TITLES[field] for field in best.missing)
    unused = ", ".join(f'"{title}"' for title in best.unused[:12]) or "none"
    return _(
        "Row %(row)s looks like the header, but a column is missing: %(missing)s. "
        "Found: %(found)s. Not understood: %(unused)s."
    ) % {"row": best.row, "missing": missing, "found": found, "unused": unused}
