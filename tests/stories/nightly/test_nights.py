"""Nights: the day's solved tickets are summarised and drafted from in batches, each once."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.config.settings import SettingsError
from bot.messages.inbound import IncomingMessage
from emulator.claude.batches import PATH as BATCHES
from emulator.claude.batches import SUBMITTING
from storage.db.columns import utc_now
from storage.db.database import Session
from storage.nightly import nights
from storage.nightly.tables import NightBatch
from storage.tickets.search import TicketFilter, find_tickets
from storage.tickets.tables import Ticket
from tests.stories.nightly.conftest import ANSWER, Nights
from tests.stories.reports.test_erasure import erase, everything
from tests.support import blocks
from tests.support.workspace import Workspace

DAY = timedelta(days=1)


def sizes(night: Nights) -> list[int]:
    """The requests of each batch that was created, oldest first."""
    return [len(each.requests) for each in reversed(night.place.claude.batches.newest_first())]


async def found(night: Nights, words: str) -> list[int | None]:
    """The tickets that a search finds."""
    page = await night.read(find_tickets, TicketFilter(words=words), 10)
    return [ticket.id for ticket in page.tickets]


async def test_a_solved_ticket_is_summarised_at_night_and_found_by_it(night: Nights) -> None:
    """The summary lands on the ticket, its words in the search, its cost in the ledger."""
    await night.start()
    asked = await night.solved()
    before = await night.ticket(asked)
    assert await found(night, "team plastic") == []
    await night.over()

    ticket = await night.ticket(asked)
    assert ticket.summary
    assert "smells of plastic" in ticket.summary
    assert await found(night, "team plastic") == [ticket.id]
    assert (ticket.version, ticket.status, ticket.title) == (
        before.version,
        before.status,
        before.title,
    )
    assert await night.night() == ("done", None)
    calls = await night.batched()
    assert sorted(call.purpose for call in calls) == ["article", "summary"]
    assert {(call.ticket_id, call.requester_id) for call in calls} == {(ticket.id, night.linh.id)}
    assert all(call.nano_dollars > 0 for call in calls)
    shown = await night.place.asks(night.mai, str(ticket.id))
    assert any("smells of plastic" in text for text in blocks.texts(shown.blocks[1:3]))


async def test_a_night_is_done_once(night: Nights) -> None:
    """Looking again, and the nights after, ask nothing more, until the ticket is solved anew."""
    await night.start()
    asked = await night.solved()
    await night.over()
    await night.look()
    await night.look(later=DAY)
    await night.look(later=2 * DAY)
    assert sizes(night) == [2]

    await night.linh.reply(asked, "It still smells, what now?")
    await night.place.settled()
    await night.mai.reply(asked, "?solve")
    await night.place.settled()
    # It took them two days.
    await night.place.running.store.write(_solved_later, (await night.ticket(asked)).ticket_id)
    await night.look(later=3 * DAY)
    assert len(sizes(night)) == 2


async def test_what_a_batch_has_not_answered_is_waited_for_over_a_restart(night: Nights) -> None:
    """The state is in the store: one batch, paid once, whoever fetches it."""
    night.place.claude.batches.seconds = 600.0
    await night.start()
    asked = await night.solved()
    await night.look()
    await night.look()
    assert (await night.read(nights.night_under_way)) is not None
    assert (await night.ticket(asked)).summary is None
    await night.place.stop()
    await night.start()
    await night.look()
    assert sizes(night) == [2]
    await night.place.claude.batches.finish()
    await night.over()

    assert sizes(night) == [2]
    assert len(await night.batched()) == 2
    assert (await night.ticket(asked)).summary


async def test_a_batch_whose_id_was_never_heard_is_found_by_its_contents(night: Nights) -> None:
    """A kill between the submission and writing its id down costs nothing."""
    night.place.claude.batches.seconds = 600.0
    await night.start()
    await night.solved()
    await night.look()
    await night.place.running.store.write(_forget_ids)
    await night.place.claude.batches.finish()
    await night.over()

    assert sizes(night) == [2]
    assert len(await night.batched()) == 2
    assert await night.night() == ("done", None)


async def test_a_submission_that_broke_off_is_not_repeated(night: Nights) -> None:
    """The API took the batch in, and the line broke before it said so."""
    night.place.claude.batches.seconds = 600.0
    night.place.claude.faults.add("drop", path=SUBMITTING)
    await night.start()
    await night.solved()
    await night.look()
    await night.look()
    await night.place.claude.batches.finish()
    await night.over()

    assert sizes(night) == [2]
    assert len(await night.batched()) == 2


async def test_a_batch_that_never_was_is_submitted(night: Nights) -> None:
    """The kill came before the submission; that is no try."""
    night.place.claude.faults.add("spend_limit", path=SUBMITTING)
    night.place.claude.faults.add("expired", path=BATCHES)
    await night.start("\n[nightly]\narticles = 0\n")
    asked = await night.solved()
    await night.over()

    assert sizes(night) == [1, 1]
    assert (await night.ticket(asked)).summary


async def test_an_expired_request_is_sent_once_more(night: Nights) -> None:
    """It was not paid for."""
    night.place.claude.faults.add("expired", path=BATCHES)
    await night.start()
    asked = await night.solved()
    await night.over()

    assert sizes(night) == [2, 1]
    assert (await night.ticket(asked)).summary
    assert len(await night.batched()) == 2


async def test_a_request_that_expires_twice_is_given_up_and_told(night: Nights) -> None:
    """The agents hear that something is missing."""
    night.place.claude.faults.add(
        "expired", times=9, path=BATCHES, where=lambda body: "old tickets" in str(body["system"])
    )
    await night.start()
    asked = await night.solved()
    await night.over()

    assert sizes(night) == [2, 1]
    assert (await night.ticket(asked)).summary is None
    assert len(night.cards()) == 1
    assert any("1 of 2 summaries and drafts got no answer" in each for each in night.announced())


async def test_a_malformed_summary_is_repaired_in_a_second_batch(night: Nights) -> None:
    """Both calls stand in the ledger."""
    night.place.claude.faults.add("invalid_json", path=BATCHES)
    await night.start("\n[nightly]\narticles = 0\n")
    asked = await night.solved()
    await night.over()

    assert sizes(night) == [1, 1]
    assert (await night.ticket(asked)).summary
    assert [call.purpose for call in await night.batched()] == ["summary", "repair"]


async def test_a_used_up_budget_skips_the_night_and_says_so(night: Nights) -> None:
    """Nothing is submitted, and the next night goes on from where the last one was."""
    await night.start("\n[[budgets]]\nday = 0.000001\n")
    await night.solved()
    await night.over()

    assert sizes(night) == []
    state, problem = await night.night()
    assert (state, "1 ticket was left out" in str(problem)) == ("skipped", True)
    assert any("The nightly run left something out" in each for each in night.announced())


async def test_a_budget_that_holds_half_of_it_leaves_the_rest_out(night: Nights) -> None:
    """What fits is done; the batch never costs more than the budget had left."""
    await night.start("\n[nightly]\narticles = 0\n[[budgets]]\nmonth = 0.0021\n")
    for _ in range(4):
        await night.solved()
    await night.over()

    state, problem = await night.night()
    assert state == "skipped"
    assert "left out" in str(problem)
    assert 0 < sum(sizes(night)) < 4
    assert sum(call.nano_dollars for call in await night.place.calls()) < 2_100_000


async def test_what_a_batch_may_still_cost_is_kept_from_customers_messages(night: Nights) -> None:
    """Until its results are in, over a restart as well; then the ledger knows."""
    night.place.claude.batches.seconds = 600.0
    budget = "\n[[budgets]]\nday = 0.07\n"
    await night.start(budget)
    await night.solved()
    before = await fitting(night)
    await night.look()
    during = await fitting(night)
    await night.place.stop()
    await night.start(budget)
    await night.look()
    restarted = await fitting(night)
    await night.place.claude.batches.finish()
    await night.over()

    assert before == {"claude-sonnet-5-5", "claude-haiku-5-5"}
    assert during == restarted == {"claude-haiku-5-5"}
    assert await fitting(night) == before


async def fitting(night: Nights) -> set[str]:
    """The models that a customer's next message might be answered with."""
    message = IncomingMessage(team="T", channel="C1", ts="1.0", user=night.linh.id)
    spend_guard = night.place.running.spend_guard
    allowed = await spend_guard.allowance(message)
    spend_guard.close(message)
    return set(allowed.fitting or ())


async def test_a_night_that_cannot_go_on_raises_an_alarm_until_it_can(night: Nights) -> None:
    """Told once, tried again, taken back."""
    fault = night.place.claude.faults.add("spend_limit", times=9, path=SUBMITTING)
    await night.start()
    asked = await night.solved()
    await night.look()
    await night.look()
    alarms = [each for each in night.announced() if "nightly run cannot go on" in each]
    assert len(alarms) == 1
    fault.times = 0
    await night.over()

    assert (await night.ticket(asked)).summary
    assert any("It is over" in each for each in night.announced())


async def test_only_what_agents_solved_without_an_article_is_drafted_from(night: Nights) -> None:
    """Not what the bot answered from articles, nor what nobody answered, nor a direct message."""
    (night.folder / "smell.md").write_text(
        f"---\ntitle: The smell of plastic\n---\n\n# The smell of plastic\n\n{ANSWER}\n",
        encoding="utf-8",
    )
    await night.start("\n[nightly]\narticles = 9\n")
    unanswered = await night.place.hears(night.linh, "I am disappointed with this kettle!")
    await night.mai.reply(unanswered, "?solve")
    await night.linh.dm("My own cooker leaks, this is terrible service!")
    await night.place.settled()
    await night.over()

    assert {call.purpose for call in await night.batched()} <= {"summary"}
    assert night.cards() == []


async def test_summaries_and_articles_can_be_turned_off(night: Nights) -> None:
    """Neither leaves a night without a batch."""
    await night.start("\n[nightly]\nsummaries = false\narticles = 0\n")
    asked = await night.solved()
    await night.over()

    assert sizes(night) == []
    assert (await night.ticket(asked)).summary is None


async def test_a_ticket_nobody_could_learn_from_gives_no_draft(night: Nights) -> None:
    """The model says that it is not worth it: nobody is bothered."""
    night.place.claude.faults.add(
        "field", path=BATCHES, where=lambda body: "editor" in str(body["system"]), worth_it=False
    )
    await night.start()
    await night.solved()
    await night.over()

    assert night.cards() == []
    assert await night.night() == ("done", None)


async def test_a_wrong_cron_line_is_named(place: Workspace) -> None:
    """At the start, with its key."""
    with pytest.raises(SettingsError, match=r"nightly\.cron: expected a cron line"):
        await place.start('\n[nightly]\ncron = "at night"\n')


def _solved_later(session: Session, number: int) -> None:
    ticket = session.get_one(Ticket, number)
    ticket.solved_at = utc_now() + 3 * DAY


def _forget_ids(session: Session) -> None:
    session.execute(update(NightBatch).values(batch=None))


async def test_what_is_erased_while_a_batch_runs_is_neither_summarised_nor_drafted(
    night: Nights,
) -> None:
    """The other tickets of the night are, and it ends like every other."""
    place = night.place
    place.claude.batches.seconds = 600.0
    await night.start()
    asked = await night.solved()
    tom = place.slack.add_user("tom")
    place.orders.members.append(tom.id)
    other = await place.hears(tom, "My bottle leaks. Is that normal?")
    await night.mai.reply(other, "Turn its ring by half a turn, and it is tight.")
    await night.mai.reply(other, "?solve")
    await place.settled()
    await night.look()
    assert sizes(night) == [4]
    await erase(place, night.linh.id, "--apply")
    await place.claude.batches.finish()
    await night.over()

    gone, kept = await night.ticket(asked), await night.ticket(other)
    assert (gone.summary, gone.title) == (None, "")
    assert kept.summary
    assert [each.ticket_id for each in await night.drafts()] == [kept.ticket_id]
    assert await night.night() == ("done", None)
    left = await everything(place)
    assert [each for each in ("plastic", night.linh.id) if each in left] == []
