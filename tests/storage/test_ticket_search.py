"""Finding tickets by what was said in them and by what they are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from storage.db.database import Session
from storage.intake import arrivals, revisions
from storage.intake.arrivals import Arrival
from storage.tickets import changes, search
from storage.tickets.audit import ChangeBy
from storage.tickets.search import NOBODY, TicketFilter
from storage.tickets.tables import Revision

START = datetime(2026, 11, 1, tzinfo=UTC)
MAI = ChangeBy("UMAI", "card")
SAID = (
    "Đơn hàng của mình bị giao trễ rồi",
    "How long does delivery take to Hanoi?",
    "My kettle is broken, please refund it",
    "Where is my order?",
)


def revise(session: Session, key: str, edited_ts: str, said: str | None) -> None:
    """An edit, or a deletion (None)."""
    revisions.revise_message(session, Revision(message_key=key, edited_ts=edited_ts, text=said))


@pytest.fixture
def session(opened_engine: Engine) -> Iterator[Session]:
    """Four tickets, a day apart, of two people."""
    with Session(opened_engine, expire_on_commit=False) as opened:
        for place, text in enumerate(SAID):
            said(opened, place, text)
        yield opened


def said(session: Session, place: int, text: str, thread: int | None = None) -> int:
    ts, root = f"{place}.1", f"{place if thread is None else thread}.1"
    arrival = Arrival(
        key=f"T:C:{ts}",
        team_id="T",
        channel_id="C",
        ts=ts,
        thread_ts=root,
        author_id="ULINH" if place % 2 else "UTOM",
        author="customer",
        text=text,
        private=False,
        sent_at=START + timedelta(days=place),
        requester_id="ULINH" if place % 2 else "UTOM",
    )
    return (arrivals.open_for_arrival(session, arrival)).ticket.ticket_id


def found(session: Session, wanted: TicketFilter, size: int = 10) -> list[int]:
    """The places of the tickets that are found."""
    page = search.find_tickets(session, wanted, size)
    return [int(float(each.thread_ts)) for each in page.tickets]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("giao trễ", [0]),
        ("giao tre", [0]),
        ("GIAO TRE đơn", [0]),
        ("don hang", [0]),
        ("broken kettle", [2]),
        ("order", [3]),
        ('"kettle broken"', []),
        ('"is broken"', [2]),
        ("delivery kettle", []),
        ("is", [3, 2]),
        ("?!", []),
        ('" OR "1', []),
        ("kettle* NEAR(", []),
    ],
)
def test_words_are_found_however_they_are_typed(
    session: Session, words: str, expected: list[int]
) -> None:
    """All the words have to be said; accents and case do not matter; operators are just words."""
    assert found(session, TicketFilter(words=words)) == expected


def test_a_stop_word_counts_where_nothing_else_is_said(session: Session) -> None:
    """And in quotes."""
    words = ("the kettle", "the", '"the kettle"')
    pages = [
        search.find_tickets(session, TicketFilter(words=each), 3, stop={"the"}) for each in words
    ]

    assert [len(page.tickets) for page in pages] == [1, 0, 0]


def test_an_edited_message_is_found_by_its_new_words(session: Session) -> None:
    """And no longer by the old ones; a deleted message is not found at all."""
    revise(session, "T:C:3.1", "9.1", "Where is my lamp?")
    revise(session, "T:C:2.1", "9.1", None)

    assert found(session, TicketFilter(words="order")) == []
    assert found(session, TicketFilter(words="lamp")) == [3]
    assert found(session, TicketFilter(words="kettle")) == []


def test_edits_count_in_their_order_however_they_come(session: Session) -> None:
    """A late or repeated edit changes nothing, nor does one of a deleted message's past."""
    revise(session, "T:C:3.1", "9.2", "Where is my lamp?")
    revise(session, "T:C:3.1", "9.1", "Where is my radio?")
    revise(session, "T:C:3.1", "9.2", "Where is my lamp?")
    lamp = found(session, TicketFilter(words="lamp"))
    for _ in range(2):
        revise(session, "T:C:3.1", "9.3", None)

    assert lamp == [3]
    for word in ("lamp", "radio", "order"):
        assert found(session, TicketFilter(words=word)) == []


def test_what_was_deleted_before_it_came_is_not_found(session: Session) -> None:
    """A deletion can overtake its message."""
    revise(session, "T:C:50.1", "51.1", None)
    said(session, 50, "a secret lamp")

    assert found(session, TicketFilter(words="lamp")) == []


def test_a_title_is_found_and_follows_its_changes(session: Session) -> None:
    """The summary that triage gave is searched like words of the customer."""
    ticket = changes.get_ticket(session, 1001)
    changes.change_ticket(session, ticket, MAI, title="Parcel delayed")
    changes.change_ticket(session, ticket, MAI, title="Parcel lost")

    assert found(session, TicketFilter(words="parcel lost")) == [0]
    assert found(session, TicketFilter(words="delayed")) == []


def test_filters_narrow_down_with_and_without_words(session: Session) -> None:
    """Who, whose, what, when."""
    ticket = changes.get_ticket(session, 1003)
    changes.change_ticket(
        session, ticket, MAI, assignee_id="UMAI", status="pending", priority="high", intent="refund"
    )

    assert found(session, TicketFilter(requester="ULINH")) == [3, 1]
    assert found(session, TicketFilter(words="is", requester="ULINH")) == [3]
    assert found(session, TicketFilter(status=("pending",))) == [2]
    assert found(session, TicketFilter(owner="UMAI", intent="refund", priority="high")) == [2]
    assert found(session, TicketFilter(owner=NOBODY, words="is")) == [3]
    assert found(session, TicketFilter(before=START + timedelta(days=1))) == [0]
    assert found(session, TicketFilter(after=START + timedelta(days=3), words="order")) == [3]
    assert found(session, TicketFilter(after=START + timedelta(days=9), words="order")) == []
    assert found(session, TicketFilter(before=START, words="order")) == []


@pytest.mark.parametrize("words", ["", "is"])
@pytest.mark.parametrize("size", [1, 3, 10])
def test_pages_show_every_ticket_once(session: Session, words: str, size: int) -> None:
    """Newest first, whatever the size of a page."""
    for place in range(10, 17):
        said(session, place, "This is one more")
        said(session, place + 100, "is it?", thread=place)
    seen: list[int] = []
    start: int | None = 0
    while start is not None:
        page = search.find_tickets(session, TicketFilter(words=words), size, start)
        seen += [each.ticket_id for each in page.tickets]
        start = page.next

    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == (9 if words else 11)


def test_a_wide_search_gives_up_and_goes_on_where_it_stopped(session: Session) -> None:
    """A common word with a rare filter does not walk through everything at once."""
    chunks = (2, 3)
    for place in range(10, 20):
        said(session, place, "This is one more")
    changes.change_ticket(session, changes.get_ticket(session, 1003), MAI, assignee_id="UMAI")
    rare = TicketFilter(words="is", owner="UMAI")
    pages = [search.find_tickets(session, rare, 5, chunks=chunks)]
    while (start := pages[-1].next) is not None:
        pages.append(search.find_tickets(session, rare, 5, start, chunks=chunks))

    assert [each.id for page in pages for each in page.tickets] == [1003]
    assert [page.gave_up for page in pages] == [True, True, False]


def test_the_queue_has_what_is_due_next_on_top(session: Session) -> None:
    """Only open tickets; pages count on."""
    for number, hours in ((1001, 5), (1002, 1), (1003, 3)):
        (changes.get_ticket(session, number)).due_at = START + timedelta(hours=hours)
    changes.change_ticket(session, changes.get_ticket(session, 1004), MAI, status="solved")
    first = search.ticket_queue(session, TicketFilter(), 2)
    second = search.ticket_queue(session, TicketFilter(), 2, first.next or 0)

    assert [each.id for each in (*first.tickets, *second.tickets)] == [1002, 1003, 1001]
    assert second.next is None


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.text(max_size=60))
def test_any_text_can_be_looked_for(session: Session, words: str) -> None:
    """Whatever is typed, the index is asked in its own language."""
    page = search.find_tickets(session, TicketFilter(words=words or "x"), 3)

    assert len(page.tickets) <= 3


WRITINGS = ("DH-20311", "DH20311", "dh 20311", "#DH-20311", "„dh_20311“", "DH–20311", "đh20311?")


@pytest.mark.parametrize("written", WRITINGS)
@pytest.mark.parametrize("asked", WRITINGS)
def test_a_code_is_found_in_every_writing(session: Session, written: str, asked: str) -> None:
    """Whatever stands between its letters and figures, there and here; no other code is."""
    there = said(session, 10, f"Where is {written}, please?")
    said(session, 11, "Where is DH-20312, please?")
    said(session, 12, "Where is DX20311, please?")
    page = search.find_tickets(session, TicketFilter(words=f"where is {asked}"), 10)

    assert [each.id for each in page.tickets] == [there]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("INV-2026-0042", "INV.2026.0042"),
        ("INV20260042", "inv-2026-0042"),
        ("INV2026-0042", "INV-2026-0042"),
        ("INV-20260042", "INV20260042"),
        ("0901234567", "090-123-4567"),
    ],
)
def test_codes_of_more_parts_are_codes_too(session: Session, written: str, asked: str) -> None:
    """Years, telephone numbers; a run of figures is never cut by us."""
    there = said(session, 10, f"About {written}")
    page = search.find_tickets(session, TicketFilter(words=asked), 10)
    assert [each.id for each in page.tickets] == [there]


def test_a_word_before_a_number_is_no_code_of_its_own(session: Session) -> None:
    """«đơn 20311» finds what says «đơn số 20311»."""
    there = said(session, 10, "Đơn số 20311 của mình")
    page = search.find_tickets(session, TicketFilter(words="đơn 20311"), 10)
    assert [each.id for each in page.tickets] == [there]
