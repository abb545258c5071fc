"""What people see stays inside Slack's limits, whatever is put into it."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.citations import CitedArticle
from bot.workspace.posts import Reply
from emulator.slack.blockkit import problems
from handlers.views.blocks import reply_message
from handlers.views.ticket import ticket_view
from storage.reports.whole_ticket import TicketDetails, WholeTicket
from storage.tickets.tables import Decision, Message, Ticket

LONG = "word " * 8_000


def sources(count: int) -> tuple[CitedArticle, ...]:
    return tuple(
        CitedArticle(
            title=f"Article {number} " * 10, url=f"https://a.b/{number}", source=f"{number}.md"
        )
        for number in range(count)
    )


def say(text: str, count: int = 0) -> Reply:
    return Reply(
        key="k",
        kind="answer",
        channel="C1",
        thread_ts="1.0",
        text=text,
        sources=sources(count),
        sources_label="Sources",
    )


def accepted(blocks: Sequence[dict[str, Any]]) -> None:
    """Slack's own rules, as the emulator knows them, and no empty text."""
    assert problems(list(blocks)) == []


@given(st.text(min_size=1).filter(str.strip), st.integers(0, 5))
@settings(max_examples=50)
def test_whatever_is_said_is_a_message_that_slack_takes(text: str, count: int) -> None:
    """Any text, with any number of sources."""
    fallback, blocks = reply_message(say(text, count))

    assert 0 < len(fallback) <= 3_000
    accepted(blocks)


def test_a_long_answer_is_cut_between_words_and_nothing_is_lost() -> None:
    """Each section holds at most 3,000 characters; together they are the text."""
    text = " ".join(f"word{number}" for number in range(1_500))
    _, blocks = reply_message(say(text))
    parts = [block["text"]["text"] for block in blocks]

    assert "".join(parts) == text
    assert all(len(part) <= 3_000 for part in parts)
    assert all(part.split()[-1].startswith("word") for part in parts)


def test_a_ticket_with_a_long_history_is_one_that_slack_takes() -> None:
    """Many and long messages, decisions and titles are clipped."""
    ticket = Ticket(
        id=1,
        team_id="T",
        channel_id="C1",
        thread_ts="1.0",
        requester_id="U1",
        title="word " * 50,
    )
    messages = [
        Message(
            key=str(number),
            ticket_id=1,
            channel_id="C1",
            ts=str(number),
            author_id="U1",
            author="customer",
            text=LONG,
        )
        for number in range(60)
    ]
    decisions = [
        Decision(
            message_key=str(number),
            ticket_id=1,
            action="answer",
            publish="thread",
            reason=LONG,
            outcome="answered",
        )
        for number in range(60)
    ]

    whole = WholeTicket(ticket, messages, TicketDetails(decisions=decisions))
    accepted(ticket_view(whole)["blocks"])
