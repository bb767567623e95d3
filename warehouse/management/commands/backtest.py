"""`manage.py backtest DIR`: policies of reordering over a real year, without looking ahead."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from warehouse.simulation import backtest
from warehouse.simulation.trade_off import picture
from warehouse.simulation.year_files import UnreadableYear

POLICIES = {
    "10 / 50 for all": backtest.fixed(10, 50),
    "mean demand x lead time": backtest.mean_over_lead_time,
    "suggested": backtest.suggested(),
}
FACTORS = (4, 2, 1, 0.5, 0.25, 0.1)  # of the chance of a stock-out


class Command(BaseCommand):
    help = "Live a folder's year under several policies of reordering: service, stock and orders of each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", action="store_true", help="The figures for a program.")
        parser.add_argument(
            "--picture", type=Path, help="Draw service against stock into this SVG file."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            past = backtest.past_of(options["folder"])
        except UnreadableYear as error:
            raise CommandError(str(error)) from error
        plans = backtest.plans_of(past, POLICIES)
        outcomes = [backtest.run(past, name=name, plans=plans[name]) for name in POLICIES]
        curve = backtest.curve(past, factors=FACTORS)
        if options["picture"]:
            options["picture"].write_text(picture(outcomes=outcomes, curve=curve))
        if options["json"]:
            told = {"policies": list(map(_told, outcomes)), "curve": list(map(_told, curve))}
            self.stdout.write(json.dumps(told, indent=2))
            return
        since = backtest.measured_from(past)
        self.stdout.write(
            f"{len(past.items):,} SKUs, {outcomes[0].days} days from {since:%d %b %Y},"
            f" {outcomes[0].asked:,} units asked for"
        )
        for outcome in [*outcomes, *curve]:
            self.stdout.write(_line(outcome))


def _told(outcome: backtest.Outcome) -> dict[str, Any]:
    return {
        **asdict(outcome),
        "fill_rate": round(outcome.fill_rate, 4),
        "average_value": round(outcome.average_value, 2),
    }


def _line(outcome: backtest.Outcome) -> str:
    short = outcome.stock_out_days / outcome.asked_days if outcome.asked_days else 0.0
    return (
        f"{outcome.name:<24} {outcome.fill_rate:7.2%} of units served,"
        f" short on {short:6.2%} of item-days with demand,"
        f" stock worth {outcome.average_value:>10,.0f} on average, {outcome.orders:>7,} orders"
    )
