"""An answer that an agent approved is given again for nothing, while its articles still say so."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.knowledge.sources import Folder
from bot.reports.periods import period_named
from storage.costs import ledger
from storage.db.database import Session
from storage.knowledge import articles
from storage.knowledge.values import Article
from storage.tickets import corrections
from storage.tickets.corrections import Correction
from storage.tickets.tables import Decision
from tests.stories.tickets.conftest import POLICY, QUESTION, REFUND, Agents
from tests.support import blocks
from tests.support.workspace import KNOWLEDGE, Workspace

SHELF = Folder(KNOWLEDGE)
AGAIN = "hello shop, how many days do I have to return the rice cooker for a full refund??"
OTHER = "How many days do I have to return a fan for a full refund?"
REUSE = '\n[reuse]\nintents = ["refund_request", "track_shipping"]\n'


async def decided(place: Workspace, asked: object) -> Decision:
    decision = await place.decision(asked)  # type: ignore[arg-type]
    assert decision is not None
    return decision


def changed() -> list[Article]:
    """The sample articles after somebody has changed every passage of the one on returns."""
    return [
        replace(
            article,
            content_hash="changed",
            passages=tuple(
                replace(each, paragraphs=(*each.paragraphs, "Since yesterday."))
                for each in article.passages
            ),
        )
        if article.source == "returns-en.md"
        else article
        for article in SHELF.read().articles
    ]


def judged(session: Session, number: int, by: str) -> None:
    """The customer presses the thumb that points up."""
    corrections.add_correction(
        session,
        Correction(key=f"rating:{number}", ticket_id=number, kind="rating", after="good", by=by),
    )


async def test_a_draft_sent_as_it_was_is_given_again_while_its_articles_hold(
    place: Workspace,
) -> None:
    """No model is called, the decision and the card say so, and the digest counts what it saved."""
    agents = Agents(place)
    await place.start(POLICY)
    first = await agents.asks(REFUND)
    await agents.press(agents.mai, first, "Send draft")
    await agents.asks(AGAIN)
    assert (await decided(place, first)).evidence
    assert all(each.reused is None for each in [await decided(place, first)])
    await place.stop()

    await place.start(REUSE)
    before = await place.calls()
    again, other = await agents.asks(AGAIN), await agents.asks(OTHER)
    given = await decided(place, again)
    paid = await place.running.store.read(ledger.calls_of_message, place.key(first))
    assert (given.outcome, given.reused) == ("answered", place.key(first))
    assert given.saved_nano_dollars == sum(call.nano_dollars for call in paid) > 0
    assert (given.model, given.prompt_versions) == (None, [])
    assert "approved, which saved $" in given.reason
    assert place.replies(again)[0].split("\n")[0] in place.replies(first)[-1]
    assert "with the answer of T-1001" in await agents.shown(again)
    why = await place.asks(place.mai, f"why {(await agents.ticket(again)).id}")
    assert "with the answer of T-1001" in blocks.shown(why.blocks)
    assert (await decided(place, other)).reused is None
    assert {call.message_key for call in (await place.calls())[len(before) :]} == {place.key(other)}

    period = period_named("today", datetime.now(UTC), place.running.desk.zone)
    digest = await place.running.digest_publisher.digest(period, datetime.now(UTC))
    assert digest.tickets.reused == 1
    assert digest.tickets.saved_nano_dollars == given.saved_nano_dollars

    await place.running.store.write(articles.sync_articles, changed(), SHELF.origin)
    stale = await agents.asks(AGAIN)
    assert (await decided(place, stale)).reused is None
    assert len(await place.running.store.read(ledger.calls_of_message, place.key(stale))) == 2


async def test_what_an_agent_calls_solved_is_approved_only_if_the_customer_was_glad(
    place: Workspace,
) -> None:
    """A thumb up and an agent's «Solve» together approve; reopened, the answer is doubted."""
    agents = Agents(place)
    await place.start(REUSE)
    ungraded = await agents.asks(QUESTION)
    await agents.press(agents.mai, ungraded, "Solve")
    assert (await decided(place, await agents.asks(QUESTION))).reused is None

    praised = await agents.asks(QUESTION)
    number = (await agents.ticket(praised)).ticket_id
    await place.running.store.write(judged, number, place.linh.id)
    await agents.press(agents.mai, praised, "Solve")
    given = await agents.asks(QUESTION)
    assert (await decided(place, given)).reused == place.key(praised)

    await agents.press(agents.mai, given, "Solve")
    await agents.press(agents.mai, given, "Re-open")
    assert (await decided(place, await agents.asks(QUESTION))).reused is None
