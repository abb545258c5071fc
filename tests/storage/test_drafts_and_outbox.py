"""Drafts and words on their way, as rows: each once, the newest draft before the agents."""

from datetime import UTC, datetime

import pytest

from storage.db.database import Database, Session
from storage.tickets import changes, messages, outbox
from storage.tickets.outbox import DraftRow, OutboxRow
from storage.tickets.tables import Message, Post

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def words(number: int, key: str = "w1", kind: str = "words", by: str | None = "UMAI") -> OutboxRow:
    return OutboxRow(key=key, ticket_id=number, agent_id=by, kind=kind, text="On its way.")


def post(number: int, ts: str = "2.0") -> Post:
    return Post(key=f"relay:{ts}", ticket_id=number, kind="relay", channel_id="C", ts=ts)


def message(number: int) -> Message:
    return Message(
        key="T:C:2.0",
        ticket_id=number,
        channel_id="C",
        ts="2.0",
        author_id="UMAI",
        author="agent",
        text="On its way.",
    )


async def test_the_newest_draft_stands_before_the_agents(store: Database, number: int) -> None:
    """An older one is replaced; one that was decided about keeps its fate; twice is once."""

    def write(session: Session) -> list[str]:
        for key in ("T:C:1.0", "T:C:2.0", "T:C:3.0", "T:C:3.0"):
            outbox.put_draft(session, DraftRow(message_key=key, ticket_id=number, text=key))
            session.flush()
            if key == "T:C:1.0":
                outbox.mark_draft(session, key, "sent")
        return [each.message_key for each in outbox.waiting_drafts(session, number)]

    waiting = await store.write(write)
    fates = [await store.read(outbox.find_draft, f"T:C:{place}.0") for place in (1, 2, 3)]

    assert waiting == ["T:C:3.0"]
    assert [each.fate for each in fates if each] == ["sent", "replaced", "waiting"]


async def test_a_draft_that_is_not_there_has_no_fate(store: Database, number: int) -> None:
    """Deciding about it changes nothing."""
    await store.write(outbox.mark_draft, "T:C:9.0", "sent")

    assert await store.read(outbox.find_draft, "T:C:9.0") is None
    assert await store.read(outbox.waiting_drafts, number) == []


async def test_words_go_out_under_their_key_once(store: Database, number: int) -> None:
    """Whoever comes second is shown the first; what Slack refused is not on its way any more."""
    first = await store.write(outbox.put_in_outbox, words(number))
    second = await store.write(outbox.put_in_outbox, words(number, by="UDUC"))
    await store.write(outbox.put_in_outbox, words(number, "w2"))
    await store.write(outbox.outbox_refused, "w2", "is_archived")
    await store.write(outbox.outbox_refused, "w3", "no such row")

    assert first is None
    assert second is not None
    assert second.agent_id == "UMAI"
    assert [each.key for each in await store.read(outbox.unsent_in_outbox)] == ["w1"]


@pytest.mark.parametrize(
    ("kind", "by", "answers"),
    [("words", "UMAI", True), ("words", None, False), ("note", "UMAI", False)],
)
async def test_an_agents_words_are_the_first_response_and_nothing_else_is(
    store: Database, number: int, kind: str, by: str | None, answers: bool
) -> None:
    """What the desk says by itself is none, nor is a note; a later word does not move it."""
    await store.write(outbox.put_in_outbox, words(number, kind=kind, by=by))
    said = message(number) if kind == "words" else None
    await store.write(outbox.outbox_said, "w1", post(number), said, NOON)
    await store.write(outbox.outbox_said, "w1", post(number), said, datetime.now(UTC))

    ticket = await store.read(changes.get_ticket, number)
    said_there = await store.read(messages.messages_of_ticket, number)
    assert (ticket.first_response_at == NOON) is answers
    assert [each.ts for each in said_there] == (["1.0", "2.0"] if said else ["1.0"])
    assert await store.read(outbox.unsent_in_outbox) == []


async def test_what_stands_in_slack_is_kept_where_its_row_is_gone(
    store: Database, number: int
) -> None:
    """The customer has read it, so it belongs to the ticket; nothing is made of it."""
    before = (await store.read(changes.get_ticket, number)).version
    await store.write(outbox.outbox_said, "gone", post(number), message(number), NOON)

    said = await store.read(messages.messages_of_ticket, number)
    assert [each.ts for each in said] == ["1.0", "2.0"]
    assert (await store.read(changes.get_ticket, number)).version == before
