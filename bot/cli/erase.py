"""`deskhand erase`: what a person wrote, taken out for ever."""

import argparse
import asyncio
from collections.abc import Iterator, Sequence

from bot.cli.terminal.arguments import ExitCode
from bot.cli.terminal.tables import show_text, terminal
from bot.config.desk_file import load_desk
from bot.config.settings import SettingsError, StoreSettings
from bot.config.settings_file import load_store_settings
from bot.runtime.logs import configure_logs
from bot.runtime.store import open_store
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.erasure.people import PersonalWords, erase_person, is_slack_id, personal_words
from storage.intake.imported import imported_customers
from storage.tickets.audit import ChangeBy

# Nobody in Slack did it.
BY_OPERATOR = ChangeBy("operator", "command")
# So many are named; who has thousands looks for them elsewhere.
RUNS = 40
EXPECTED = "expected a user's id, such as U0123ABCD, or a customer's name in imported tickets"


def erase(chosen: argparse.Namespace) -> int:
    """Say what there is of a person; taken out with `--apply` alone."""
    settings = load_store_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    person, there = asyncio.run(_erase(settings, chosen.person, apply=chosen.apply))
    for line in in_sentences(person, there, done=chosen.apply):
        show_text(terminal(), line)
    return ExitCode.DONE


def in_sentences(person: str, there: PersonalWords, *, done: bool) -> Iterator[str]:
    """What there is of a person, or was; in sentences."""
    were = "is gone" if done else "would be taken out"
    if there.empty:
        yield f"There is nothing of {person} here."
    if there.ended:
        yield f"What was said in {_tickets(there.ended)} of theirs {were}: {_runs(there.ended)}."
    if there.elsewhere:
        yield f"In tickets of others, what they said {were}: {_count(there.elsewhere, 'message')}."
    if there.named:
        yield f"Their id {were} where else it stands: {_count(there.named, 'row')}."
    if there.live:
        yield (
            f"Not over yet, and left as they are, {_tickets(there.live)}: {_runs(there.live)}. "
            "Solve or close, then erase again."
        )
    if there.as_agent:
        yield f"What they did as an agent stays: {_count(there.as_agent, 'message')}."
    if not done and not there.empty:
        yield "Nothing was changed; --apply does it, and nothing brings it back."
    elif done and not there.empty:
        yield "Backups made before, and what stands in Slack, are not touched."


async def _erase(settings: StoreSettings, given: str, *, apply: bool) -> tuple[str, PersonalWords]:
    async with open_store(settings, load_desk(settings.desk_config), there=True) as store:
        person = await _person(store, given)
        there = await store.read(personal_words, person)
        left = apply
        while left:
            left = bool(await store.write(erase_person, person, BY_OPERATOR, utc_now()))
        return person, there


async def _person(store: Database, given: str) -> str:
    """Whom a word means: a user's id, also as Slack mentions it, or one customer of an import.

    Raises:
        SettingsError: nobody, or several.
    """
    mentioned = given.strip().removeprefix("<@").removesuffix(">").partition("|")[0]
    if is_slack_id(mentioned):
        return mentioned
    found = await store.read(imported_customers, given)
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"«{each}»" for each in found)
        raise SettingsError(f"{given}: could be {names}; write one as it stands here")
    raise SettingsError(f"{given}: {EXPECTED}")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _tickets(numbers: Sequence[int]) -> str:
    return _count(len(numbers), "ticket")


def _runs(numbers: Sequence[int]) -> str:
    """Tickets by their numbers, those in a row by the first and the last; not all of very many."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = ", ".join(
        f"T-{run[0]} to T-{run[-1]}" if len(run) > 2 else ", ".join(f"T-{each}" for each in run)
        for run in runs[:RUNS]
    )
    more = sum(map(len, runs[RUNS:]))
    return f"{shown} and {more:,} more" if more else shown
