"""`make bench`: the whole table. `ARGS="--quick"` for a first look, `--only WORD` for some of it."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import world
from benchmarks.measure import Result, middle
from inventory_site.local_services import running

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--quick", action="store_true", help="one short round, without growth")
    reader.add_argument("--rounds", type=int, default=3)
    reader.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    reader.add_argument("--only", default="", help="cases whose name has this word")
    reader.add_argument("--out", type=Path, default=RESULTS)
    options = reader.parse_args()
    if options.quick:
        options.rounds, options.seconds = 1, 2.0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inventory_site.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    with running():
        world.say("making 8,000 SKUs in 2 warehouses")
        world.create()
        measured = list(_measure(options))
        measured += _figures(options)
        if options.only in "growth" and not options.quick:
            measured += _growth(options)
        version = _version()
    _tell(measured, version, options)
    return 0


def _measure(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Each case: base and ours in turn, so often, and the ratio of their medians."""
    from benchmarks.cases import engine_cases

    with ExitStack() as servers:
        web_cases = _web_cases(servers, options)
        for case in [*engine_cases(), *_ship_cases(), *web_cases]:
            if options.only not in case.name:
                continue
            bases: list[Result] = []
            ours: list[Result] = []
            for _ in range(options.rounds):
                bases.append(case.base(options.seconds))
                ours.append(case.ours(options.seconds))
            row = _row(case, middle(bases), middle(ours))
            world.say(_line(row))
            yield row


def _row(case: Any, base: Result, ours: Result) -> dict[str, Any]:
    ratio = ours.rate / base.rate
    return {
        "case": case.name,
        "base": case.base_name,
        "base_rate": round(base.rate, 1),
        "rate": round(ours.rate, 1),
        "ratio": round(ratio, 2),
        "target": case.target,
        "met": None if case.target is None else ratio >= case.target,
        **{name: round(value, 2) for name, value in asdict(ours).items() if name != "rate"},
        "base_p50": round(base.p50, 2),
        "base_p99": round(base.p99, 2),
    }


def _ship_cases() -> list[Any]:
    from benchmarks.cases import Case
    from benchmarks.shipping import floor_ships, ours_ships

    def case(workers: int, floor_rate: int, our_rate: int) -> Case:
        return Case(
            f"ship of 3 lines, {workers} worker{'s' if workers > 1 else ''}",
            f"its floor, {workers} client{'s' if workers > 1 else ''}",
            lambda seconds: floor_ships(clients=workers, seconds=seconds, per_second=floor_rate),
            lambda seconds: ours_ships(workers=workers, seconds=seconds, per_second=our_rate),
            0.30,
        )

    return [case(1, 500, 800), case(8, 1500, 1500)]


def _web_cases(servers: ExitStack, options: argparse.Namespace) -> list[Any]:
    from benchmarks import floor, web
    from benchmarks.cases import Case

    if options.only and not any(word in options.only for word in ("HTTP", "GET")):
        return []
    port = servers.enter_context(web.served())
    key = web.api_key()

    def loaded(job: str) -> Callable[[float], Result]:
        return lambda seconds: web.load(job, port=port, key=key, seconds=seconds)

    nothing = ("a DRF view that does nothing", loaded("nothing_posted"))
    idle = ("a DRF view that does nothing", loaded("nothing"))
    return [
        Case("HTTP POST reservations", *nothing, loaded("reserve"), 0.35),
        Case(
            "HTTP POST reservations/batch of 50, in orders",
            "floor, 8 clients",
            lambda seconds: floor.reserve(mix="spread", clients=8, seconds=seconds),
            loaded("batch"),
            1.0,
        ),
        Case("HTTP GET stock/{sku}, cached", *idle, loaded("stock")),
        Case(
            "HTTP GET stock/{sku}, 304", "the same, 200", loaded("stock"), loaded("stock_304"), 2.0
        ),
        Case("HTTP GET stock of 100 SKUs, cached", *idle, loaded("bulk")),
        Case(
            "HTTP GET stock of 100 SKUs, 304",
            "the same, 200",
            loaded("bulk"),
            loaded("bulk_304"),
            2.0,
        ),
    ]


def _figures(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Single figures in seconds, each with the most it may be."""
    from benchmarks.figures import all_levels_in_one_walk, whole_feed_walk
    from benchmarks.looking import look_up_among

    rows = []
    for name, figure, most in (
        ("all levels of 8,000 SKUs x 2, one walk, seconds", all_levels_in_one_walk, 2.0),
        ("the change feed from start to end, events per second", whole_feed_walk, None),
        ("look-up among 8,000 products, p95 ms", lambda: look_up_among(8_000), 100.0),
        ("look-up among 200,000 products, p95 ms", lambda: look_up_among(200_000), None),
    ):
        if options.only in name:
            value = figure()
            met = None if most is None else value <= most
            rows.append({"figure": name, "value": round(value, 2), "most": most, "met": met})
            world.say(f"{name}: {value:.2f}")
    rows += _delivered(options) + _looks(options) + _office(options) + _imported(options)
    return rows + _walked(options)


def _delivered(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Events on their way out of the house."""
    from benchmarks import delivery

    told: dict[str, float] = {}
    if options.only in "delivery":
        told |= {
            f"events a second that {who} read": rate for who, rate in delivery.fan_out().items()
        }
        told["webhook messages a second to one endpoint"] = delivery.deliver()
        p50, p95 = delivery.delay()
        told |= {"ms from commit to arrival, p50": p50, "ms from commit to arrival, p95": p95}
    rows = [
        {"figure": f"delivery, {name}", "value": round(value, 1), "most": None, "met": None}
        for name, value in told.items()
    ]
    for row in rows:
        world.say(f"{row['figure']}: {row['value']:,}")
    return rows


def _looks(options: argparse.Namespace) -> list[dict[str, Any]]:
    """What it costs to look which items are low, what the night's looks at the whole past cost, and what
    each report does."""
    from benchmarks import low_stock, past, reporting

    rows = []
    looks = [("low stock", size, low_stock.measured) for size in low_stock.SIZES]
    looks += [("the past", past.ITEMS, past.measured), ("reports", past.ITEMS, reporting.measured)]
    for topic, items, measured in looks:
        if options.only in f"{topic} of {items:,} items":
            for what, ms in measured(items).items():
                name = f"{topic} of {items:,} items, {what}, ms"
                rows.append({"figure": name, "value": round(ms, 2), "most": None, "met": None})
                world.say(f"{name}: {ms:.2f}")
    return rows


def _office(options: argparse.Namespace) -> list[dict[str, Any]]:
    """What the server takes for the pages of the back office."""
    from benchmarks import office, past

    rows = []
    if options.only in "office":
        for page, (ms, most) in office.measured(past.ITEMS).items():
            name = f"office, {page}, ms"
            rows.append({"figure": name, "value": round(ms, 1), "most": most, "met": ms <= most})
            world.say(f"{name}: {ms:.0f}" + ("" if ms <= most else "  MISSED"))
    return rows


def _imported(options: argparse.Namespace) -> list[dict[str, Any]]:
    """What sheets take."""
    from benchmarks import importing

    rows = []
    if options.only in "imports":
        for what, seconds in importing.measured(8_000).items():
            name = f"imports of 8,000 rows, {what}, seconds"
            rows.append({"figure": name, "value": round(seconds, 1), "most": None, "met": None})
            world.say(f"{name}: {seconds:.1f}")
    return rows


def _walked(options: argparse.Namespace) -> list[dict[str, Any]]:
    """How far pickers walk; nothing where the real year is not beside the project."""
    from benchmarks.walking import compare

    name = "pick path, metres per line"
    told = compare() if options.only in name else {}
    rows = [
        {"figure": f"{name}, {way}", "value": round(metres, 2), "most": None, "met": None}
        for way, metres in told.items()
    ]
    for row in rows:
        world.say(f"{row['figure']}: {row['value']:.2f}")
    return rows


def _growth(options: argparse.Namespace) -> list[dict[str, Any]]:
    """What an order costs as the company grows."""
    from benchmarks import growth

    rows = []
    for row in growth.measure(rounds=options.rounds, seconds=options.seconds):
        world.say(_grown(row))
        rows.append(row)
    return rows


def _grown(row: dict[str, Any]) -> str:
    costs = ", ".join(f"{ms} ms at {items:,} items" for items, ms in row["ms_by_items"].items())
    verdict = "met" if row["met"] else "MISSED"
    return f"{row['growth']}: {costs}; {row['ratio']} (at most {row['most']}, {verdict})"


def _line(row: dict[str, Any]) -> str:
    target = "" if row["target"] is None else f"  target {row['target']}"
    verdict = "" if row["met"] is None else "  met" if row["met"] else "  MISSED"
    return (
        f"{row['case']}: {row['rate']:,.0f}/s, {row['ratio']:.2f} of {row['base']} "
        f"({row['base_rate']:,.0f}/s), p50 {row['p50']:.1f} p95 {row['p95']:.1f} "
        f"p99 {row['p99']:.1f} ms{target}{verdict}"
    )


def _version() -> str:
    from inventory_site.core.sql import rows

    return str(rows("SHOW server_version", [])[0][0])


def _tell(measured: list[dict[str, Any]], version: str, options: argparse.Namespace) -> None:
    """The table on the output, and both table and JSON in files."""
    head = [
        "| case | ours /s | base /s | ratio | target | | p50 ms | p95 ms | p99 ms |",
        "|---|---:|---:|---:|---:|---|---:|---:|---:|",
    ]
    body = [
        f"| {r['case']} (to {r['base']}) | {r['rate']:,.0f} | {r['base_rate']:,.0f} | {r['ratio']:.2f} "
        f"| {r['target'] or ''} | {'' if r['met'] is None else 'met' if r['met'] else '**missed**'} "
        f"| {r['p50']:.1f} | {r['p95']:.1f} | {r['p99']:.1f} |"
        for r in measured
        if "case" in r
    ]
    figures = [
        f"- {r['figure']}: {r['value']}" + (f" (at most {r['most']})" if r["most"] else "")
        for r in measured
        if "figure" in r
    ]
    grown = [f"- {_grown(r)}" for r in measured if "growth" in r]
    table = "\n".join([*head, *body, "", *figures, *grown, ""])
    about = {
        "at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "postgresql": version,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "rounds": options.rounds,
        "seconds": options.seconds,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "bench.md").write_text(table)
    (options.out / "bench.json").write_text(json.dumps(about | {"results": measured}, indent=2))
    print(table)
    print(json.dumps(about), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
