"""What holds for any call."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.llm.price_files import load_catalogue
from bot.llm.pricing import CLASSES, Tokens
from bot.text.money import dollars, parse_dollars

CATALOGUE = load_catalogue()
START = datetime(2026, 10, 7, tzinfo=UTC)
"""From here on every model of the catalogue has a price."""

calmly = settings(deadline=None)
"""A busy machine is not a wrong price."""

models = st.sampled_from(CATALOGUE.models())
moments = st.integers(0, 400 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))
counts = st.integers(0, 1_000_000)
calls = st.builds(Tokens, counts, counts, counts, counts, counts)
few = st.integers(0, 12_500)
short_calls = st.builds(Tokens, few, few, few, few, few)


@calmly
@given(models, short_calls, short_calls, moments)
def test_two_calls_below_the_tier_cost_their_sum(
    model: str, one: Tokens, other: Tokens, at: datetime
) -> None:
    """Published prices are whole nano-dollars a token, so nothing is lost by rounding."""
    together = CATALOGUE.cost(model, one + other, at).nano_dollars
    apart = [CATALOGUE.cost(model, tokens, at).nano_dollars for tokens in (one, other)]

    assert together == sum(apart)


@calmly
@given(models, calls, st.sampled_from(CLASSES), st.integers(1, 100_000), moments)
def test_more_tokens_never_cost_less(
    model: str, tokens: Tokens, name: str, more: int, at: datetime
) -> None:
    """Every class costs something, on both sides of a tier line."""
    larger = replace(tokens, **{name: getattr(tokens, name) + more})

    assert CATALOGUE.cost(model, larger, at).nano_dollars > (
        CATALOGUE.cost(model, tokens, at).nano_dollars
    )


@calmly
@given(models, calls, moments, st.booleans(), st.sampled_from([None, "global"]))
def test_a_cost_is_a_whole_number_and_is_the_same_when_counted_again(
    model: str, tokens: Tokens, at: datetime, batch: bool, geo: str | None
) -> None:
    """No float anywhere; a batch is the exact half, rounded to even."""
    cost = CATALOGUE.cost(model, tokens, at, batch=batch, geo=geo)

    assert type(cost.nano_dollars) is int
    assert cost == CATALOGUE.counterfactual(tokens, model, at, batch=batch, geo=geo)


@calmly
@given(models, calls, moments)
def test_a_batch_is_half_to_the_nano_dollar(model: str, tokens: Tokens, at: datetime) -> None:
    """An odd amount is halved to the even neighbour."""
    full = CATALOGUE.cost(model, tokens, at).nano_dollars
    half = CATALOGUE.cost(model, tokens, at, batch=True).nano_dollars

    assert abs(full - 2 * half) <= 1
    assert full == 2 * half or half % 2 == 0


@calmly
@given(st.integers(-(10**9), 10**9), st.integers(0, 1_000_000))
def test_each_call_has_the_price_of_its_own_side_of_a_change(offset: int, read: int) -> None:
    """Any number of microseconds before or after Sonnet's cache reads became cheaper."""
    cost = CATALOGUE.cost(
        "claude-sonnet-5-5", Tokens(cache_read=read), START + timedelta(microseconds=offset)
    )

    assert cost.nano_dollars == read * (200 if offset < 0 else 100)


@calmly
@given(calls, calls)
def test_adding_tokens_adds_each_class_and_the_prompt(one: Tokens, other: Tokens) -> None:
    """Addition mixes no classes."""
    both = one + other

    assert both.prompt == one.prompt + other.prompt
    assert both.output == one.output + other.output
    assert both == other + one


@calmly
@given(st.integers(-(10**18), 10**18))
def test_nine_decimals_written_out_read_back_as_the_same_amount(nano: int) -> None:
    """Formatting with all decimals loses nothing."""
    assert nano == parse_dollars(dollars(nano, places=9))
