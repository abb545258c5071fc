"""What `/ticket` shows fits into Slack's limits, with the longest texts that the tables allow."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.slack.blockkit import problems
from handlers.commands.lists import MOST_STARTS, SIZE, ListPage
from handlers.commands.parse import LONGEST
from handlers.commands.verbs import AGENTS_HELP, HELP
from handlers.views.blocks import section
from handlers.views.ids import TURN
from handlers.views.ticket import ticket_view
from handlers.views.ticket_list import stats_blocks, ticket_lines, turn_buttons
from storage.db.columns import utc_now
from storage.intake.notes import NoteRow
from storage.reports.desk_stats import DeskStats
from storage.reports.whole_ticket import TicketDetails, WholeTicket
from storage.tickets.tables import CallRow, Change, Decision, Message, Ticket

NOW = utc_now()
texts = st.text(min_size=1, max_size=6_000) | st.sampled_from(["&" * 5_000, "<!channel> " * 900])


def ticket(title: str, text: str) -> Ticket:
    return Ticket(
        id=10**9,
        team_id="T" * 20,
        channel_id="C" * 20,
        thread_ts="1",
        requester_id="U" * 20,
        assignee_id="U" * 20,
        title=title,
        intent=text,
        status="on_hold",
        wake_at=NOW,
        due_at=NOW,
        first_response_at=NOW,
    )


@settings(max_examples=40, deadline=None)
@given(title=texts, text=texts)
def test_a_ticket_fits_however_much_was_said(title: str, text: str) -> None:
    """Messages, changes, reasons and cost of a ticket that has seen everything."""
    message = Message(
        key="k", ticket_id=1, channel_id="C", ts="1", author_id="U", author="customer", text=text
    )
    change = Change(
        ticket_id=1, who="U1", what="title", before=text, after=title, source="card", at=NOW
    )
    decision = Decision(
        message_key="k", ticket_id=1, action="a", publish="p", model="m", reason=text, outcome="o"
    )
    call = CallRow(
        key="k",
        purpose="triage",
        model="m",
        prompt_version="v",
        status="ok",
        latency_ms=1,
        price_version="p",
    )
    note = NoteRow(key="k", ticket_id=1, author_id="U" * 20, text=text, noted_at=NOW)
    behind = TicketDetails([note] * 40, [change] * 40, [decision] * 40, [call] * 40)
    shown: dict[str, Any] = ticket_view(WholeTicket(ticket(title, text), [message] * 40, behind))

    assert problems(shown["blocks"]) == []


@settings(max_examples=40, deadline=None)
@given(title=texts, intent=texts, typed=st.text(max_size=LONGEST))
def test_a_page_of_a_list_fits(title: str, intent: str, typed: str) -> None:
    """A full page, deep down in a long search; its buttons carry the way back."""
    turn = ListPage("find", typed, tuple(range(10**9, 10**9 + MOST_STARTS + 1)))
    blocks = [
        *ticket_lines([ticket(title, intent)] * SIZE, NOW),
        *turn_buttons(TURN, turn.value, turn.value),
    ]

    assert problems(blocks) == []


@given(names=st.lists(texts, min_size=1, max_size=60, unique=True))
@settings(max_examples=20, deadline=None)
def test_figures_fit_with_many_people(names: list[str]) -> None:
    """Sixty agents and sixty outcomes."""
    counts = dict.fromkeys(names, 10**6)
    found = DeskStats(1, 1, 1, 1, counts, timedelta(days=9), counts, 10**15, counts)

    assert problems(stats_blocks(found, 92)) == []


def test_help_fits() -> None:
    """Both halves of it, uncut."""
    assert problems([section(HELP), section(AGENTS_HELP)]) == []
    assert not section(AGENTS_HELP)["text"]["text"].endswith("…")
