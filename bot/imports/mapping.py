"""How the tickets of a file become ours, or what has to be asked before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import cast

from bot.imports.known_words import known_word
from bot.imports.survey import Survey
from bot.imports.written_dates import DateOrder, NotADate, find_date
from bot.ticket_files.exports import Export
from storage.intake.imported import ImportedStatus

OURS: Mapping[str, tuple[str, ...]] = {
    "status": ("open", "pending", "solved", "closed"),
    "priority": ("low", "normal", "high", "urgent"),
}
# Unknown values that are asked about one by one.
ASKED = 12


@dataclass(frozen=True)
class ImportAnswers:
    """What people said: values by thing (`--map`), zone and order of dates, a day for all."""

    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    zone: tzinfo | None = None
    order: DateOrder | None = None
    opened_on: datetime | None = None


@dataclass(frozen=True)
class ImportMapping:
    """How values become ours. `zone` and `order` are those of dates that do not say it."""

    statuses: Mapping[str, str]
    priorities: Mapping[str, str]
    agents: Mapping[str, str]
    bare_status: str | None
    zone: tzinfo | None
    order: DateOrder | None
    opened_on: datetime | None

    def status(self, value: str, solved_at: datetime | None) -> ImportedStatus:
        """Ours for a status; for none it is what was said, or by whether there is a solved date."""
        default = self.bare_status or ("solved" if solved_at else "closed")
        return cast("ImportedStatus", self.statuses.get(value, default) if value else default)

    def priority(self, value: str) -> str:
        """Ours for a priority; none is normal."""
        return self.priorities.get(value, "normal")

    def agent(self, value: str) -> str:
        """Who it is here, or else the name there."""
        return self.agents.get(value, value)

    def moment(self, text: str) -> datetime | None:
        """The moment that a date says, in UTC; None of no text.

        Raises:
            NotADate: it says none.
        """
        return find_date(text).moment(self.order, self.zone) if text else None


@dataclass(frozen=True)
class ImportQuestion:
    """Something that the file does not say, and the options that say it."""

    what: str
    options: str


def mapping_of(
    survey: Survey, export: Export | None, said: ImportAnswers, desk_zone: str
) -> tuple[ImportMapping, Sequence[ImportQuestion]]:
    """How the tickets of a file become ours, and what has to be asked before; `desk_zone` is ours.

    Where nothing is asked the mapping is whole.
    """
    codes = export.codes if export else {}
    known: dict[str, dict[str, str]] = {"status": {}, "priority": {}}
    questions: list[ImportQuestion] = []
    for thing, found in known.items():
        unknown: list[str] = []
        for value in survey.values[thing]:
            word = said.values.get((thing, value)) or known_word(thing, value, codes)
            if word:
                found[value] = word
            else:
                unknown.append(value)
        questions += _about_values(thing, unknown, survey)
    zone = said.zone or (UTC if export and export.zone == "UTC" else None)
    order = said.order or survey.dates.order
    questions += _about_dates(survey, said, zone, order, desk_zone)
    named = {value: name for (thing, value), name in said.values.items() if thing == "agent"}
    agents = {**codes.get("agent", {}), **named}
    bare = said.values.get(("status", ""))
    mapping = ImportMapping(
        known["status"], known["priority"], agents, bare, zone, order, said.opened_on
    )
    return mapping, questions


def shown_moment(mapping: ImportMapping, text: str) -> str:
    """A date and what it is taken for."""
    try:
        at = mapping.moment(text)
    except NotADate:
        return text
    return f"{text} = {at:%Y-%m-%d %H:%M} UTC" if at else text


def _about_values(thing: str, unknown: Sequence[str], survey: Survey) -> list[ImportQuestion]:
    ours = ", ".join(OURS[thing])
    questions = [
        ImportQuestion(
            f"{thing} {value!r} ({_tickets(survey.values[thing][value])}) is one of {ours}?",
            f"--map {thing}:{_shell(value)}={OURS[thing][0]}",
        )
        for value in unknown[:ASKED]
    ]
    if len(unknown) > ASKED:
        told = f"{len(unknown) - ASKED} more values of the {thing}: is it the right column?"
        questions.append(ImportQuestion(told, f"--{thing} COLUMN"))
    return questions


def _about_dates(
    survey: Survey,
    said: ImportAnswers,
    zone: tzinfo | None,
    order: DateOrder | None,
    desk_zone: str,
) -> list[ImportQuestion]:
    questions = []
    dates = survey.dates
    if dates.zoneless and zone is None:
        zones = dict.fromkeys(("UTC", desk_zone))
        told = f"in which time zone are dates like {dates.zoneless!r}?"
        questions.append(ImportQuestion(told, ", or ".join(f"--zone {each}" for each in zones)))
    if dates.ambiguous and order is None:
        told = f"which is the day in dates like {dates.ambiguous!r}?"
        if len(dates.orders) > 1:
            told = f"some dates have the day first, some the month; {told}"
        questions.append(ImportQuestion(told, "--date-order dmy, or --date-order mdy"))
    if survey.undated and said.opened_on is None:
        told = f"{_tickets(survey.undated)} without any date: when were they opened?"
        questions.append(
            ImportQuestion(told, "--opened-at COLUMN, or for all --opened-on 2026-01-31")
        )
    return questions


def _tickets(count: int) -> str:
    return "1 ticket" if count == 1 else f"{count:,} tickets"


def _shell(value: str) -> str:
    """A value as it is typed in a shell."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
    return value if value.isalnum() and value.isascii() else f'"{quoted}"'


def parse_value_map(typed: str) -> tuple[tuple[str, str], str]:
    """What `--map` says: `status:"Đang xử lý"=open`, `agent:Mai=U0MAI`.

    Raises:
        ValueError: it says nothing that can be understood; the sentence says what is expected.
    """
    thing, colon, rest = typed.partition(":")
    value, sign, word = rest.rpartition("=")
    value, word = value.strip().strip('"'), word.strip().strip('"')
    if not colon or not sign or thing not in {*OURS, "agent"}:
        raise ValueError(f'{typed!r}: expected something like status:"Đang xử lý"=open')
    if thing in OURS and word not in OURS[thing]:
        raise ValueError(f"{word!r} is no {thing}: expected one of {', '.join(OURS[thing])}")
    if not word:
        raise ValueError(f"{typed!r}: nobody is named after the sign =")
    return (thing, value), word
