"""What people wrote, taken out for ever: by the clock, and for one person."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from bot.cli import main
from bot.cli.erase import in_sentences
from emulator.slack import Message
from storage.costs.days import Days, day_of
from storage.erasure.people import PersonalWords
from storage.intake.notes import notes_of_ticket
from storage.reports.period_outcomes import ticket_figures
from tests.support.questions import DELIVERY, PERSON
from tests.support.workspace import Workspace

SECRET = "Zanzibar"
ARTICLES = {"articles", "passages"}


async def everything(place: Workspace) -> str:
    """Every value of every table, but for the articles."""
    return await place.running.store.read(_everything)


def _everything(session: Session) -> str:
    tables = [each for each in SQLModel.metadata.sorted_tables if each.name not in ARTICLES]
    # A row shows long values cut short; a tuple of them does not.
    rows = ((each.name, tuple(row)) for each in tables for row in session.execute(select(each)))
    return "\n".join(map(repr, rows))


async def handed_over_and_solved(place: Workspace) -> Message:
    """A request with a name in it, an agent's words, an inner note, an edit; solved."""
    asked = await place.hears(place.linh, f"{PERSON} I am Mrs {SECRET}.")
    (card,) = place.cards()
    await place.mai.reply(card, f"Mrs {SECRET} again")
    await place.settled()
    await place.mai.reply(asked, f"Dear Mrs {SECRET}, it is on its way")
    await place.settled()
    await place.linh.edit(asked, f"{PERSON} I am Mrs {SECRET} from Hue.")
    await place.settled()
    await place.mai.click(place.cards()[0], "Solve")
    await place.settled()
    return asked


def later(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


async def erase(place: Workspace, *words: str) -> int:
    return await at_the_terminal(place, "erase", *words)


async def at_the_terminal(place: Workspace, *words: str) -> int:
    """What a command ends with that an operator gives beside the running desk."""
    env = place.folder / "env"
    env.write_text(
        f"DATABASE_URL={place.database_url}\nDESK_CONFIG={place.folder}/desk.toml\n"
        f"SLACK_BOT_TOKEN={place.slack.bot_token}\nSLACK_APP_TOKEN={place.slack.app_token}\n"
        f"SLACK_API_URL={place.slack.api_url}\nANTHROPIC_API_KEY={place.claude.api_key}\n"
    )
    return await asyncio.to_thread(main, [*words, "--env", str(env)])


async def test_what_was_said_in_ended_tickets_goes_after_so_many_days(place: Workspace) -> None:
    """Their figures stay, and nothing names the customer any more; open tickets are left alone."""
    await place.start("[retention]\ntickets_days = 30\n")
    await handed_over_and_solved(place)
    open_one = await place.hears(place.linh, f"{PERSON} My name is Ha Long.")
    assert SECRET in await everything(place)
    today = day_of(datetime.now(UTC), UTC)
    figures = await place.running.store.read(ticket_figures, Days(today, today, UTC))
    await place.strikes("forget", later(29))
    assert SECRET in await everything(place)

    await place.strikes("forget", later(31))

    left = await everything(place)
    assert SECRET not in left
    assert "Ha Long" in left
    (gone, kept) = await place.tickets()
    assert (gone.title, gone.requester_id, gone.status) == ("", "erased", "solved")
    assert gone.intent is not None
    assert kept.requester_id == place.linh.id
    assert await place.row(open_one) is not None
    assert await place.running.store.read(notes_of_ticket, 1001) == []
    assert await place.running.store.read(ticket_figures, Days(today, today, UTC)) == figures


async def test_by_default_nothing_of_a_ticket_goes(place: Workspace) -> None:
    """A desk says so itself."""
    await place.start()
    await handed_over_and_solved(place)
    await place.strikes("forget", later(4000))

    assert SECRET in await everything(place)


async def test_whoever_writes_again_in_an_erased_ticket_is_its_requester(place: Workspace) -> None:
    """It is opened anew and called by what they say now."""
    await place.start("[retention]\ntickets_days = 30\n")
    asked = await handed_over_and_solved(place)
    await place.strikes("forget", later(31))
    await place.linh.reply(asked, "I need a person again, please")
    await place.settled()

    (ticket,) = await place.tickets()
    assert ticket.requester_id == place.linh.id
    assert ticket.status == "open"


async def test_an_operator_erases_a_person(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Shown first; live tickets wait; words in tickets of others go as well."""
    await place.start()
    await handed_over_and_solved(place)
    tom = place.slack.add_user("tom")
    place.orders.members.append(tom.id)
    other = await place.hears(tom, DELIVERY)
    await place.linh.reply(other, f"Also for {SECRET}?")
    await place.settled()
    live = await place.hears(place.linh, f"{PERSON} A second matter.")

    assert await erase(place, place.linh.id) == 0
    assert SECRET in await everything(place)
    assert await erase(place, place.linh.id, "--apply") == 0
    told = capsys.readouterr().out
    assert "T-1001" in told
    assert "Nothing was changed" in told
    assert "Not over yet, and left as they are, 1 ticket: T-1003." in told
    assert SECRET not in await everything(place)
    assert (await place.row(live)) is not None

    await place.mai.click(place.cards()[-1], "Solve")
    await place.settled()
    assert await erase(place, place.linh.id, "--apply") == 0
    assert await erase(place, place.linh.id) == 0

    assert place.linh.id not in await everything(place)
    assert f"There is nothing of {place.linh.id} here." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([1001], "1 ticket of theirs is gone: T-1001."),
        ([1001, 1002, 1004], "3 tickets of theirs is gone: T-1001, T-1002, T-1004."),
        ([1001, 1002, 1003, 1007], "4 tickets of theirs is gone: T-1001 to T-1003, T-1007."),
        (range(1001, 3001, 2), "T-1077, T-1079 and 960 more."),
    ],
)
def test_tickets_are_named_as_far_as_somebody_reads(numbers: Sequence[int], told: str) -> None:
    """Those in a row by the first and the last, and not thousands of them."""
    there = PersonalWords(ended=numbers, live=(), elsewhere=0)
    first, *_ = in_sentences("U0123ABCD", there, done=True)

    assert first.endswith(told)


def test_where_no_desk_is_nobody_is_erased(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given in another folder it would say that there is nothing of them, and be believed."""
    (tmp_path / "desk.toml").write_text('[desk]\nagents_channel = "C0000000001"\n')
    env = tmp_path / "env"
    env.write_text(f"DATABASE_URL=sqlite:///{tmp_path}/d.db\nDESK_CONFIG={tmp_path}/desk.toml\n")

    assert main(["erase", "U0123ABCD", "--apply", "--env", str(env)]) == 2
    assert f"{tmp_path}/d.db: not found" in capsys.readouterr().err
    assert not (tmp_path / "d.db").exists()


@pytest.mark.parametrize("person", ["linh", "@linh", "C012345", "U", "u012abc"])
async def test_what_is_no_id_of_a_person_is_refused(
    place: Workspace, person: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody in Slack is erased by a name that several people may have."""
    await place.start()
    assert await erase(place, person, "--apply") == 2
    assert "expected a user's id" in capsys.readouterr().err
