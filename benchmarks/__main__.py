"""`python -m benchmarks`: the bot under load, on emulators, measured from outside."""

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from benchmarks import report
from benchmarks.figures import Figures
from benchmarks.measuring import measure
from benchmarks.process import BotEnded
from benchmarks.scenarios import ON_A_SERVER, SCENARIOS, shortened

RESULTS = Path(__file__).parent / "results" / "latest.json"


def main() -> int:
    """Run the scenarios; 0 unless the desk lost or doubled a message or broke a thread's order."""
    chosen = _parser().parse_args()
    console = Console(width=None if sys.stdout.isatty() else 110)
    results: dict[str, Figures] = {}
    ended = False
    for scenario in ON_A_SERVER if chosen.database == "postgresql" else SCENARIOS:
        if chosen.only in (None, scenario.name):
            load = shortened(scenario) if chosen.quick else scenario
            load = replace(load, messages=chosen.messages or load.messages, tickets=chosen.tickets)
            try:
                results[load.name] = asyncio.run(measure(load))
            except BotEnded as error:
                ended = True
                console.print(f"\n{load.name}: the bot ended: {error}", markup=False)
            else:
                report.show(console, load, results[load.name])
    if {"sustained", "plain"} <= results.keys():
        report.compare(console, results["sustained"], results["plain"])
    if {"server-one", "server-two"} <= results.keys():
        report.compare_processes(console, results["server-one"], results["server-two"])
    report.save(chosen.out, results)
    console.print(f"\nWritten to {chosen.out}", highlight=False)
    faithful = all(figures.faithful for name, figures in results.items() if name != "plain")
    return 0 if faithful and not ended else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    names = list(dict.fromkeys(scenario.name for scenario in (*SCENARIOS, *ON_A_SERVER)))
    parser.add_argument("--quick", action="store_true", help="a sixth of the messages")
    parser.add_argument("--only", choices=names, help="one scenario")
    parser.add_argument("--messages", type=int, help="so many instead, for a long run")
    parser.add_argument("--tickets", type=int, default=0, help="old ones in the database (SQLite)")
    kinds = ("sqlite", "postgresql")
    parser.add_argument("--database", choices=kinds, default="sqlite", help="default: %(default)s")
    parser.add_argument("--out", type=Path, default=RESULTS, help="JSON; default: %(default)s")
    return parser


if __name__ == "__main__":
    sys.exit(main())
