"""The report of a replay: numbers first, then in words."""

import resource
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from warehouse.services.proof import Drift, Extent
from warehouse.simulation.replaying import Tally
from warehouse.simulation.sheet_sync import SheetShop
from warehouse.simulation.stockroom import Stockroom


def report(
    *,
    tally: Tally,
    stockroom: Stockroom,
    shops: Sequence[SheetShop],
    figures: Mapping[str, Any],
    drifts: Sequence[Drift],
    extent: Extent,
    seconds: float,
    workers: int,
    run: int,
) -> dict[str, Any]:
    """Everything that is known, for a program."""
    told = {name: value for name, value in asdict(tally).items() if name != "value_refused"}
    return {
        "run": run,
        "workers": workers,
        **told,
        "value_refused": str(tally.value_refused.quantize(tally.value_refused.__class__("0.01"))),
        **figures,
        "oversold_units": stockroom.oversold,
        "seconds": round(seconds, 1),
        "orders_per_second": round(tally.orders / seconds, 1) if seconds else None,
        "lines_per_second": round(tally.lines / seconds, 1) if seconds else None,
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "verify_ledger": {
            "clean": not drifts,
            "drifts": [drift.message for drift in drifts[:100]],
            **asdict(extent),
        },
        "sheet_synced_twice_a_day": {
            name: {
                "accepted_orders": shop.accepted_orders,
                "accepted_units": shop.accepted_units,
                "refused_orders": shop.refused_orders,
                "oversold_units": shop.oversold_units,
                "oversold_orders": shop.oversold_orders,
            }
            for name, shop in zip(("shows_last_sync", "counts_down"), shops, strict=True)
        },
    }


def in_words(told: dict[str, Any]) -> str:
    """The same for a person."""
    sheet = told["sheet_synced_twice_a_day"]
    proof = told["verify_ledger"]
    lines = [
        f"Orders        {told['orders']:,} with {told['lines']:,} lines, {told['units_asked']:,} units",
        f"  reserved    {told['orders_reserved']:,} orders, {told['units_reserved']:,} units",
        f"  shipped     {told['units_shipped']:,} units",
        f"  refused     {told['orders_refused']:,} orders, {told['units_refused']:,} units "
        f"({told['value_refused']} at their prices), recorded as lost demand",
        *_unfit(told),
        *_through(told.get("through_orders")),
        f"Returns       {told['returns']:,} with {told['units_returned']:,} units",
        f"Adjustments   {told['adjustments']:,}: {told['units_adjusted_in']:,} units in, "
        f"{told['units_adjusted_out']:,} out, {told['units_not_there_to_adjust']:,} were not there",
        f"Bought        {told['units_bought']:,} units in {told['purchase_orders']:,} purchase orders",
        f"Throughput    {told['orders_per_second']} orders/s, {told['lines_per_second']} lines/s, "
        f"{told['seconds']} s with {told['workers']} worker(s), {told['peak_memory_mib']} MiB",
        f"Oversold      {told['oversold_units']} units",
        f"verify_ledger {'clean' if proof['clean'] else str(len(proof['drifts'])) + ' rows drift'}: "
        f"{proof['items']:,} items, {proof['movements']:,} movements, "
        f"{proof['reservations']:,} reservations, {proof['events']:,} events",
        "With stock synced twice a day from a sheet, the same year would have oversold",
        f"  {sheet['shows_last_sync']['oversold_units']:,} units in "
        f"{sheet['shows_last_sync']['oversold_orders']:,} orders, showing the last sync;",
        f"  {sheet['counts_down']['oversold_units']:,} units in "
        f"{sheet['counts_down']['oversold_orders']:,} orders, where the shop counts down by itself.",
    ]
    lines += [f"UNEXPECTED    {what}" for what in told["unexpected"][:20]]
    lines += [f"DRIFT         {what}" for what in proof["drifts"][:20]]
    return "\n".join(lines)


def _unfit(told: Mapping[str, Any]) -> list[str]:
    """What was refused for another reason than stock, where there was any."""
    if not told["orders_unfit"]:
        return []
    return [
        f"  unfit       {told['orders_unfit']:,} orders, {told['units_unfit']:,} units, refused for "
        "another reason than stock; each is named below"
    ]


def _through(told: Mapping[str, Any] | None) -> list[str]:
    """What the documents add, where there were any."""
    if told is None:
        return []
    statuses = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in told["orders"].items())
    return [
        f"Documents     {told['pick_lists']:,} pick lists with {told['pick_lines']:,} lines, "
        f"{told['shipments']:,} shipments, {told['returns']:,} returns "
        f"({told['returns_of_orders']:,} against an order), "
        f"{told['purchase_orders']:,} purchase orders",
        f"  orders      {statuses}; {told['units_waiting']:,} units still wait for stock",
    ]
