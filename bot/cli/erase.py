"""`deskhand erase`: what a person wrote, taken out for ever."""

import argparse
import asyncio

from bot.cli.terminal.arguments import ExitCode
from bot.cli.terminal.tables import terminal
from bot.config.desk_file import load_desk
from bot.config.settings import SettingsError, StoreSettings, load_store_settings
from bot.runtime.logs import configure_logs
from bot.runtime.store import open_store
from storage.db.columns import utc_now
from storage.erasure.people import PersonalWords, erase_person, personal_words
from storage.tickets.audit import ChangeBy

# Nobody in Slack did it.
BY_OPERATOR = ChangeBy("operator", "command")


def erase(chosen: argparse.Namespace) -> int:
    """Say what there is of a person; taken out with `--apply` alone."""
    if not is_person(chosen.person):
        raise SettingsError(f"{chosen.person}: expected a user's id, such as U0123ABCD")
    settings = load_store_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    there = asyncio.run(_erase(settings, chosen.person, apply=chosen.apply))
    for line in in_sentences(chosen.person, there, done=chosen.apply):
        terminal().print(line, markup=False, highlight=False)
    return ExitCode.DONE


def is_person(given: str) -> bool:
    """Whether it is the id of a user in Slack."""
    return given[:1] in ("U", "W") and len(given) > 2 and given.isalnum() and given.isupper()


def in_sentences(person: str, there: PersonalWords, *, done: bool) -> list[str]:
    """What there is of a person, or was; in sentences."""
    ended, live = (", ".join(f"T-{each}" for each in some) for some in (there.ended, there.live))
    were = "is gone" if done else "would be taken out"
    lines = []
    if there.ended:
        lines.append(f"What was said in {ended}, whose tickets these were, {were}.")
    if there.elsewhere:
        lines.append(f"In tickets of others {there.elsewhere} of their messages: each {were}.")
    if there.live:
        lines.append(f"{live}: not over yet. Solve or close, then erase again.")
    if not lines:
        return [f"There is nothing of {person} here."]
    if not done:
        return [*lines, "Nothing was changed; --apply does it, and nothing brings it back."]
    return [*lines, "Backups made before, and what stands in Slack, are not touched."]


async def _erase(settings: StoreSettings, person: str, *, apply: bool) -> PersonalWords:
    async with open_store(settings, load_desk(settings.desk_config)) as store:
        there = await store.read(personal_words, person)
        left = apply
        while left:
            left = bool(await store.write(erase_person, person, BY_OPERATOR, utc_now()))
        return there
