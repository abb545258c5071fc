"""The figures as a table, beside what they should be, and as JSON."""

import json
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figures, Spread
from benchmarks.scenarios import Scenario
from bot.config.settings import Settings

IN_FLIGHT: int = Settings.model_fields["claude_in_flight"].default


@dataclass(frozen=True)
class Target:
    """A figure that a scenario should keep under (or, with `least`, reach)."""

    name: str
    figure: Callable[[Figures], float]
    limit: float
    loads: tuple[str, ...] = ("paced", "burst", "closed")
    least: bool = False

    def met(self, figures: Figures) -> bool:
        """Whether the figure keeps to its limit."""
        value = self.figure(figures)
        return value >= self.limit if self.least else value <= self.limit


TARGETS = (
    Target("acknowledged p99, ms", lambda f: f.ack.p99, 250, ("paced", "burst")),
    # What is answered within two seconds has no sign before that; in a crowd everybody has one.
    Target("first sign p99, ms", lambda f: f.sign.p99, 2500, ("paced",)),
    Target("first sign p99, ms", lambda f: f.sign.p99, 700, ("burst",)),
    # In a burst messages wait for one of the model calls in flight, which no bot can help.
    Target("added p50, ms", lambda f: f.added.p50, 60, ("paced",)),
    Target("added p99, ms", lambda f: f.added.p99, 300, ("paced",)),
    Target("messages/s", lambda f: f.per_second, 25, ("closed",), least=True),
    Target("peak memory, MB", lambda f: f.peak_mb, 250),
    Target("lost", lambda f: f.lost, 0),
    Target("doubled", lambda f: f.doubled, 0),
    Target("out of order", lambda f: f.out_of_order, 0),
)


def show(console: Console, scenario: Scenario, figures: Figures) -> None:
    """Print one scenario: the times, the stages, the rest, and the targets."""
    console.print(f"\n[bold]{scenario.name}[/]: {scenario.describe()}", highlight=False)
    console.print(_times(figures))
    console.print(_rest(figures), highlight=False)
    for target in TARGETS if scenario.bot == "desk" else ():
        if scenario.load in target.loads:
            console.print(_verdict(target, figures), highlight=False)


def compare(console: Console, desk: Figures, plain: Figures) -> None:
    """Say what the desk costs beside a bot that only answers, under the same load."""
    console.print(
        f"\nA message costs the desk {desk.cpu_ms / plain.cpu_ms:.1f} times the processor of the "
        f"plain bot ({desk.cpu_ms} and {plain.cpu_ms} ms), at {desk.per_second} and "
        f"{plain.per_second} messages/s",
        highlight=False,
    )


def compare_processes(console: Console, one: Figures, two: Figures) -> None:
    """Say what a second process adds on the same server and machine."""
    console.print(
        f"\nTwo processes do {two.per_second / one.per_second:.2f} times the messages of one "
        f"({two.per_second} and {one.per_second} a second)",
        highlight=False,
    )


def _times(figures: Figures) -> Table:
    table = Table(show_edge=False, header_style="bold")
    for column in ("ms", "p50", "p99", "max"):
        table.add_column(column, justify="left" if column == "ms" else "right")
    rows: dict[str, Spread] = {
        "acknowledged": figures.ack,
        "first visible sign": figures.sign,
        "closing post": figures.whole,
        "added by the bot": figures.added,
        **{f"stage {name}": spread for name, spread in figures.stages.items()},
        "lag of the generator": figures.generator_lag,
    }
    for name, spread in rows.items():
        table.add_row(name, *(f"{ms:,.1f}" for ms in (spread.p50, spread.p99, spread.max)))
    return table


def _rest(figures: Figures) -> str:
    outcomes = ", ".join(f"{name} {count}" for name, count in sorted(figures.outcomes.items()))
    return (
        f"{figures.messages} messages in {figures.seconds} s, {figures.per_second}/s "
        f"(in thirds {', '.join(f'{each:g}' for each in figures.per_second_in_thirds)}); "
        f"CPU per message {figures.cpu_ms} ms (emulators and generator {figures.emulator_cpu_ms} "
        f"ms); calls to Slack a message {figures.slack_calls} "
        f"({_each(figures.by_method)}; by outcome {_each(figures.by_outcome)}); "
        f"listened after {figures.start.seconds} s ({figures.start.cpu_seconds} s of processor), "
        f"{figures.start.rest_mb} MB at rest, peak {figures.peak_mb} MB; "
        f"sent again by Slack {figures.redelivered}, never "
        f"acknowledged {figures.unacknowledged}; models worked {figures.model_seconds} s, "
        f"so at {IN_FLIGHT} calls in flight at least {figures.model_seconds / IN_FLIGHT:.1f} s; "
        f"load before {figures.load_before}, others kept {figures.others} processors busy; "
        f"{outcomes}"
    )


def _each(figures: Mapping[str, float]) -> str:
    ranked = sorted(figures.items(), key=lambda each: -each[1])
    return ", ".join(f"{name} {figure:g}" for name, figure in ranked) or "none"


def _verdict(target: Target, figures: Figures) -> str:
    mark = "[green]PASS[/]" if target.met(figures) else "[red]FAIL[/]"
    bound = "at least" if target.least else "at most"
    return f"  {mark} {target.name} {target.figure(figures):g} ({bound} {target.limit:g})"


def save(path: Path, results: Mapping[str, Figures]) -> None:
    """Write the results as JSON, with the circumstances they were measured in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_after": round(os.getloadavg()[0], 2),
        "scenarios": {name: asdict(figures) for name, figures in results.items()},
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
