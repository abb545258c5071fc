"""A month's cost before any message is sent."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.costs.estimate import (
    ModelShare,
    PlanError,
    Workload,
    message_tokens,
    parse_shares,
    parse_volume,
    plan_month,
)
from bot.costs.rounds import ASKED, LookupLoad, calls_of
from bot.llm.price_files import load_catalogue
from bot.llm.pricing import Tokens, UnknownModel
from bot.text.money import percent

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CATALOGUE = load_catalogue()
HAIKU, SONNET, OPUS = "claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"
MIX = (ModelShare(HAIKU, Fraction(4, 5)), ModelShare(SONNET, Fraction(1, 5)))
MESSAGE = Tokens(input=500, output=80)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50000/day", 1_500_000),
        ("50,000 / day", 1_500_000),
        ("1.5M/month", 1_500_000),
        ("2k/hour", 1_440_000),
        ("70/week", 300),
    ],
)
def test_a_volume_is_read_as_messages_in_thirty_days(text: str, expected: int) -> None:
    """Hours, days, weeks and months, with k and M."""
    assert expected == parse_volume(text)


@pytest.mark.parametrize("text", ["50000", "many/day", "-5/day", "5/year", ""])
def test_a_volume_that_cannot_be_read_says_what_was_expected(text: str) -> None:
    """The sentence shows the form."""
    with pytest.raises(PlanError, match="such as 50000/day"):
        parse_volume(text)


def test_shares_take_family_names_ids_and_aliases() -> None:
    """Short names mean today's models; any id of the catalogue will do."""
    assert parse_shares("haiku=0.8, sonnet=0.2", CATALOGUE) == MIX
    assert (ModelShare("claude-haiku-4-5", Fraction(1)),) == parse_shares(
        "claude-haiku-4-5-20251001=1", CATALOGUE
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("haiku=0.8,sonnet=0.1", "make 0.9, but must make 1"),
        ("haiku=0.5,claude-haiku-5-5=0.5", "names a model twice"),
        ("haiku", "is not a share such as haiku=0.8"),
        ("haiku=most", "is not a share such as haiku=0.8"),
    ],
)
def test_shares_that_make_no_whole_are_refused(text: str, sentence: str) -> None:
    """All messages must go somewhere, once."""
    with pytest.raises(PlanError, match=sentence):
        parse_shares(text, CATALOGUE)


def test_a_share_of_an_unknown_model_is_refused() -> None:
    """A plan prices nothing at zero either."""
    with pytest.raises(UnknownModel, match="gpt-9"):
        parse_shares("gpt-9=1", CATALOGUE)


def test_a_plan_prices_the_mix_and_the_month_on_each_model_alone() -> None:
    """50,000 messages a day of 500 + 80 tokens, four in five on Haiku."""
    month = plan_month(Workload(1_500_000, MESSAGE, MIX), CATALOGUE, NOW)

    assert [(line.messages, line.nano_dollars) for line in month.lines] == [
        (1_200_000, 108_000_000_000),
        (300_000, 540_000_000_000),
    ]
    assert month.nano_dollars == 648_000_000_000
    assert {other.model: other.nano_dollars // 10**9 for other in month.alternatives} == {
        HAIKU: 135,
        SONNET: 2_700,
        OPUS: 5_400,
    }


def test_a_plan_says_what_the_mix_saves_and_what_it_adds() -> None:
    """Saved against Sonnet alone; dearer than Haiku alone, as a negative saving."""
    month = plan_month(Workload(1_500_000, MESSAGE, MIX), CATALOGUE, NOW)
    against = {other.model: other for other in month.alternatives}

    assert against[SONNET].saving == 2_052_000_000_000
    assert percent(against[SONNET].saved_part) == "76 %"
    assert against[HAIKU].saving == -513_000_000_000


def test_batching_halves_and_a_warm_cache_spares_input() -> None:
    """The cached share is read at the cache price; batch halves the whole."""
    tokens = message_tokens(2_000, 80, Fraction(3, 4))
    live = plan_month(Workload(1_000_000, tokens, MIX), CATALOGUE, NOW)
    batched = plan_month(Workload(1_000_000, tokens, MIX, batch=True), CATALOGUE, NOW)

    assert Tokens(input=500, output=80, cache_read=1_500) == tokens
    assert live.nano_dollars == 800_000 * 105_000 + 200_000 * 1_950_000
    assert live.nano_dollars == 2 * batched.nano_dollars


def test_a_plan_doubts_a_cache_that_cannot_work() -> None:
    """A prefix too short, messages too rare; with neither only the left-out writes are named."""
    short = plan_month(
        Workload(1_000, message_tokens(500, 80, Fraction(1, 2)), MIX), CATALOGUE, NOW
    )
    sound = plan_month(
        Workload(10**6, message_tokens(2_000, 80, Fraction(1, 2)), MIX), CATALOGUE, NOW
    )
    none = plan_month(Workload(1_000, MESSAGE, MIX), CATALOGUE, NOW)

    assert (len(short.notes), len(sound.notes), len(none.notes)) == (3, 1, 0)
    assert "250 cached tokens are fewer than the 512" in short.notes[1]


@pytest.mark.parametrize("cached", [Fraction(-1, 10), Fraction(11, 10)])
def test_a_cached_share_lies_between_nothing_and_everything(cached: Fraction) -> None:
    """More than all of the input cannot be cached."""
    with pytest.raises(PlanError, match="between 0 and 1"):
        message_tokens(500, 80, cached)


@settings(deadline=None)
@given(st.integers(0, 10**8), st.lists(st.integers(1, 999), min_size=3, max_size=3))
def test_messages_are_split_without_losing_one(messages: int, parts: list[int]) -> None:
    """Whatever the shares, the lines add up to the month and each is within one of its share."""
    shares = tuple(
        ModelShare(model, Fraction(part, sum(parts)))
        for model, part in zip((HAIKU, SONNET, OPUS), parts, strict=True)
    )
    lines = plan_month(Workload(messages, MESSAGE, shares), CATALOGUE, NOW).lines

    assert messages == sum(line.messages for line in lines)
    assert all(
        abs(line.messages - messages * share.part) <= 1
        for line, share in zip(lines, shares, strict=True)
    )


def test_a_look_up_is_a_call_more_for_each_round() -> None:
    """Each reads what was asked and answered before it; the last one writes the answer."""
    load = LookupLoad(Fraction(1, 2), rounds=2, answered=300)

    assert calls_of(MESSAGE, load) == [
        Tokens(input=500, output=ASKED),
        Tokens(input=500 + ASKED + 300, output=ASKED),
        Tokens(input=500 + 2 * (ASKED + 300), output=80),
    ]


def test_a_plan_counts_the_rounds_of_those_that_look_something_up() -> None:
    """The others cost what they did; every call is rounded as the ledger rounds it."""
    load = LookupLoad(Fraction(1, 3), rounds=2, answered=300)
    alone = (ModelShare(HAIKU, Fraction(1)),)
    plain = plan_month(Workload(3_000, MESSAGE, alone), CATALOGUE, NOW)
    looked = plan_month(Workload(3_000, MESSAGE, alone, lookups=load), CATALOGUE, NOW)
    each = sum(
        CATALOGUE.cost(HAIKU, tokens, NOW).nano_dollars for tokens in calls_of(MESSAGE, load)
    )
    (line,) = plain.lines

    assert looked.nano_dollars == 2_000 * line.per_message + 1_000 * each
    assert looked.lines[0].per_message == round(Fraction(looked.nano_dollars, 3_000))
    assert "1,000 messages look something up, in 3 calls each" in looked.notes[0]
    assert plain.notes == ()


def test_nothing_looked_up_costs_nothing_more() -> None:
    """However many rounds it would take."""
    none = LookupLoad(Fraction(0), rounds=3, answered=9_000)

    assert plan_month(Workload(100, MESSAGE, MIX, lookups=none), CATALOGUE, NOW) == plan_month(
        Workload(100, MESSAGE, MIX), CATALOGUE, NOW
    )
