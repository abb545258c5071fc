"""`python -m chaos`: a desk under all troubles at once, and what held."""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from rich.console import Console
from rich.table import Table

from chaos.checker import Finding, check
from chaos.plan import Plan
from chaos.rows import as_json
from chaos.run import Told, play
from demo.server import NoServer, embedded_server

REPLICAS = 3
# Of each question so many cases are shown; all of them are in the folder.
SHOWN = 5


def main() -> int:
    """Run it on each database; 0 where everything held."""
    chosen = _parser().parse_args()
    console = Console(width=None if sys.stdout.isatty() else 120)
    kinds = ("sqlite", "postgresql") if chosen.database == "both" else (chosen.database,)
    held = True
    for kind in kinds:
        plan = Plan(chosen.seconds, chosen.seed, chosen.replicas if kind == "postgresql" else 1)
        folder = Path(chosen.folder or mkdtemp(prefix="chaos-")) / kind
        folder.mkdir(parents=True)
        try:
            with _database(kind, folder) as url:
                told = asyncio.run(play(plan, folder, url))
        except NoServer as error:
            console.print(str(error), markup=False)
            return 1
        findings = check(told.evidence)
        (folder / "rows.json").write_text(as_json(told.evidence.rows), encoding="utf-8")
        _show(console, kind, plan, told, findings, folder)
        held = held and told.drained.seconds is not None and all(each.holds for each in findings)
    return 0 if held else 1


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'deskhand.db'}"
        return
    with embedded_server() as url:
        yield url


def _show(
    console: Console,
    kind: str,
    plan: Plan,
    told: Told,
    findings: list[Finding],
    folder: Path,
) -> None:
    drained = told.drained.seconds
    done = "never done" if drained is None else f"done after {drained:.0f} s"
    table = Table(
        title=f"{kind}, {plan.replicas} process(es), {plan.seconds:g} s, seed {plan.seed}: "
        f"{plan.messages} messages, {told.starts} starts, {done}",
        title_justify="left",
    )
    for name in ("what", "found", "holds"):
        table.add_column(name)
    for each in findings:
        table.add_row(each.name, each.told, "yes" if each.holds else f"NO: {len(each.wrong)}")
    console.print(table)
    for each in findings:
        for wrong in each.wrong[:SHOWN]:
            console.print(f"  {each.name}: {wrong}", markup=False, highlight=False)
        (folder / f"{each.name.replace(' ', '-')}.txt").write_text("\n".join(each.wrong), "utf-8")
    for where, count in told.drained.left.items():
        console.print(f"  left: {count} {where}", highlight=False)
    agents = told.agents
    console.print(
        f"  agents: {agents.presses} presses, {agents.unanswered} unanswered, "
        f"{len(agents.words)} words under cards, {len(agents.direct)} in threads; {folder}",
        highlight=False,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    kinds = ("sqlite", "postgresql", "both")
    parser.add_argument("--seconds", type=float, default=60.0, help="default: %(default)g")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)d")
    parser.add_argument("--database", choices=kinds, default="both", help="default: %(default)s")
    parser.add_argument(
        "--replicas", type=int, default=REPLICAS, help="on postgresql; default: %(default)d"
    )
    parser.add_argument("--folder", help="where logs and rows are kept; default: a fresh one")
    return parser


if __name__ == "__main__":
    sys.exit(main())
