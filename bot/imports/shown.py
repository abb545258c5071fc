"""How an import is shown before anything is written, and what came of it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.table import Table as Shown

from bot.imports.mapping import ImportMapping, ImportQuestion, shown_moment
from bot.imports.run import ImportTally
from bot.imports.survey import Survey
from bot.text.hidden import without_steering
from bot.ticket_files.account import add_lines, add_reasons
from bot.ticket_files.shown_names import SHOWN, and_more, shown_name, shown_names
from bot.ticket_files.table import Table


def mapping_table(table: Table, survey: Survey, mapping: ImportMapping) -> Shown:
    """Columns, statuses, priorities, dates and people, each with what it becomes."""
    shown = _shown()
    shown.add_row("read as", table.form)
    export = f"{table.export.name}, by its columns" if table.export else "of no desk that is known"
    shown.add_row("export", export)
    columns = table.columns.chosen.items()
    named = [f"{thing} ← {shown_name(column)}" for thing, column in columns]
    if table.columns.column("id") is None:
        named.insert(0, "id ← the number of the line (--id COLUMN)")
    shown.add_row("columns", "\n".join(named))
    if survey.unread:
        shown.add_row("not read", shown_names(survey.unread))
    shown.add_row("status", _mapped(survey.values["status"], mapping.statuses))
    if survey.bare:
        told = mapping.bare_status or "solved where there is a solved date, else closed"
        shown.add_row("", f"{_tickets(survey.bare)} without one → {told} (--map status:=open)")
    if survey.values["priority"]:
        shown.add_row("priority", _mapped(survey.values["priority"], mapping.priorities))
    shown.add_row("dates", _dates(survey, mapping))
    shown.add_row("people", f"{_tickets(survey.requesters)} with a requester")
    if agents := survey.values["agent"]:
        names = Counter({mapping.agent(name): count for name, count in agents.items()})
        told = shown_names(dict(names.most_common()))
        shown.add_row("", f"agents: {told} (--map agent:NAME=U0…)")
    shown.add_row("words", _words(survey))
    return shown


def questions_table(questions: Sequence[ImportQuestion]) -> Shown:
    """What has to be asked, with the options that answer it."""
    shown = _shown()
    for each in questions:
        shown.add_row("?", without_steering(each.what))
        shown.add_row("", without_steering(each.options))
    return shown


def closing_counts(tally: ImportTally, table: Table, *, ended: bool) -> Shown:
    """What became of the rows and of every line."""
    shown, counts = _shown(), tally.counts
    shown.add_row("done", f"{tally.done:,}")
    for what in ("added", "changed", "unchanged"):
        if count := getattr(counts, what):
            shown.add_row("", f"{count:,} · {'as before' if what == 'unchanged' else what}")
    shown.add_row("", f"{counts.messages:,} messages new or changed")
    shown.add_row("failed", f"{tally.failed.total():,}")
    add_reasons(shown, tally.failed)
    add_lines(shown, tally.done_lines, tally.failed_lines, table.skipped, ended=ended)
    return shown


def _shown() -> Shown:
    shown = Shown(box=None, show_header=False, pad_edge=False)
    shown.add_column(style="bold", no_wrap=True)
    shown.add_column(overflow="fold")
    return shown


def _mapped(values: Counter[str], to: Iterable[str] | dict[str, str]) -> str:
    known = dict(to) if isinstance(to, dict) else {}
    told = [
        f"{shown_name(value)} → {known.get(value, '?')} ({count:,})"
        for value, count in values.most_common(SHOWN)
    ]
    return "\n".join([*told, *and_more(values)]) or "none"


def _dates(survey: Survey, mapping: ImportMapping) -> str:
    told = []
    if text := survey.dates.zoneless:
        where = f"without a zone, taken in {mapping.zone}" if mapping.zone else "without a zone"
        told.append(f"{where}: {shown_moment(mapping, text)}")
    if text := survey.dates.ambiguous:
        way = {"dmy": "day first", "mdy": "month first"}.get(str(mapping.order), "order unknown")
        told.append(f"{way}: {shown_moment(mapping, text)}")
    if survey.undated:
        on = mapping.opened_on
        told.append(f"{_tickets(survey.undated)} without one: {f'{on:%Y-%m-%d}' if on else '?'}")
    return "\n".join(told) or "with their zones"


def _words(survey: Survey) -> str:
    told = [_tickets(survey.rows)]
    if survey.messages:
        told.append(f"{survey.messages:,} answers and comments")
    if survey.notes:
        told.append(f"{survey.notes:,} internal notes")
    return ", ".join(told)


def _tickets(count: int) -> str:
    return "1 ticket" if count == 1 else f"{count:,} tickets"
