"""A card stays inside Slack's limits whatever the tables hold."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.citations import CitedArticle
from bot.workspace.card import Card, CardDraft, CardLink, CardProposal, CardReasoning
from emulator.slack.blockkit import VIEW_BLOCKS, problems
from emulator.slack.elements import spoken
from handlers.views import modals
from handlers.views.ticket_card import card_message

# What all blocks of one message may hold together, as reported by those who met the limit.
TOTAL = 13_000
TEXTS = st.one_of(
    st.text(max_size=200),
    st.builds(lambda unit, times: unit * times, st.sampled_from("&<>a\n `"), st.integers(0, 9_000)),
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
LINKS = st.none() | st.integers(0, 470).map(lambda more: f"https://a.example/{'x' * more}")
SOURCES = st.builds(CitedArticle, title=TEXTS, url=LINKS, source=TEXTS)
PROPOSALS = st.builds(
    CardProposal,
    key=st.just("T:C:1.2:0123456789abcdef"),
    what=TEXTS,
    why=TEXTS,
    before=st.lists(TEXTS, max_size=3).map(tuple),
    after=TEXTS,
    worth=st.sampled_from(["", "320,000 VND"]),
    fate=st.sampled_from(["waiting", "done", "refused"]),
    result=TEXTS,
)
CARDS = st.builds(
    Card,
    ticket_id=st.integers(1, 10**9),
    version=st.just(1),
    title=TEXTS,
    requester=st.just("U1"),
    earlier=st.integers(0, 10**6),
    channel=st.just("C1"),
    ts=st.just("1.2"),
    quote=TEXTS,
    files=st.lists(TEXTS, max_size=9).map(tuple),
    revised=st.sampled_from([None, "edited", "deleted"]),
    priority=st.sampled_from(["low", "normal", "high", "urgent"]),
    owner=st.none() | st.just("U2"),
    due=st.none() | MOMENTS,
    late=st.booleans(),
    wake_at=st.none() | MOMENTS,
    opened_at=MOMENTS,
    category=st.none() | st.sampled_from(["a", "b", "gone"]),
    categories=st.sampled_from([(), ("a", "b"), tuple(f"intent_{n}" for n in range(60))]),
    tags=st.lists(st.text(max_size=40), max_size=20).map(tuple),
    link=LINKS,
    links=st.lists(
        st.builds(
            CardLink,
            name=st.text("abc", min_size=1, max_size=30),
            template=st.just(f"https://a.example/{'x' * 300}?t={{title}}&u={{thread}}"),
        ),
        max_size=4,
    ).map(tuple),
    merged_into=st.none() | st.integers(1, 10**9),
    thought=st.builds(CardReasoning, intent=TEXTS, model=st.just("m"), reason=TEXTS, outcome=TEXTS),
    draft=st.none()
    | st.builds(CardDraft, key=st.just("T:C:1"), text=TEXTS, sources=st.lists(SOURCES, max_size=5)),
    proposals=st.lists(PROPOSALS, max_size=3).map(tuple),
    handed_over=st.booleans(),
    silenced=st.booleans(),
    dismissed=st.booleans(),
    ended_by=st.none() | st.sampled_from(["U2", "bot", "clock"]),
    ended_at=st.none() | MOMENTS,
)


@settings(max_examples=60)
@given(CARDS)
def test_no_card_is_refused_by_slack(ticket: Card) -> None:
    """Every text at its longest, escaped to five times its length: still a valid message."""
    text, blocks = card_message(ticket, "https://a.example/p1")

    assert problems(blocks) == []
    assert 0 < len(text) <= 3_000
    assert sum(len(each.text) for each in spoken(blocks)) <= TOTAL


@settings(max_examples=60)
@given(CARDS)
def test_no_form_about_a_ticket_is_refused_by_slack(ticket: Card) -> None:
    """The forms that carry a ticket's texts stay inside the limits of a modal."""
    draft = ticket.draft.text if ticket.draft else ""
    for view in (
        modals.more_modal(ticket),
        modals.edit_draft_modal(ticket.ticket_id, "T:C:1", draft),
    ):
        assert problems(view["blocks"], VIEW_BLOCKS) == []
        assert len(view["title"]["text"]) <= 24
        assert len(view["private_metadata"]) <= 3_000


@settings(max_examples=60)
@given(TEXTS)
def test_no_form_for_a_new_ticket_is_refused_by_slack(text: str) -> None:
    """Whatever was typed after the command is preset as far as the field takes it."""
    view = modals.new_ticket_modal(["a", "b"], channel="C1", text=text)

    assert problems(view["blocks"], VIEW_BLOCKS) == []
