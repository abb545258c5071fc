"""One call, one exact cost."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from bot.llm.price_files import load_catalogue
from bot.llm.pricing import (
    Catalogue,
    ModelPrices,
    NotYetPriced,
    Price,
    Tokens,
    UnknownModel,
    UnknownRegion,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHANGE = datetime(2026, 10, 7, tzinfo=UTC)
CATALOGUE = load_catalogue()
TRIAGE = Tokens(input=200, output=30, cache_read=1_500)
ANSWER = Tokens(input=3_000, output=400, cache_read=1_000)


def nano(
    model: str,
    tokens: Tokens,
    at: datetime = NOW,
    *,
    batch: bool = False,
    geo: str | None = None,
) -> int:
    return CATALOGUE.cost(model, tokens, at, batch=batch, geo=geo).nano_dollars


@pytest.mark.parametrize(
    ("model", "tokens", "expected"),
    [
        pytest.param("claude-haiku-5-5", TRIAGE, 50_000, id="triage, warm cache"),
        pytest.param(
            "claude-haiku-5-5", TRIAGE + Tokens(output=300), 200_000, id="triage that thinks"
        ),
        pytest.param("claude-sonnet-5-5", ANSWER, 10_100_000, id="answer"),
        pytest.param("claude-opus-5-5", ANSWER, 20_200_000, id="answer on Opus"),
        pytest.param("claude-haiku-4-5", ANSWER, 5_100_000, id="answer on the old Haiku"),
        pytest.param("claude-haiku-5-5", Tokens(), 0, id="a call that used nothing"),
    ],
)
def test_worked_costs_come_out_to_the_nano_dollar(
    model: str, tokens: Tokens, expected: int
) -> None:
    """The worked costs of the published prices are exact."""
    assert expected == nano(model, tokens)


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (Tokens(input=1_000_000), 2_000_000_000),
        (Tokens(output=1_000_000), 10_000_000_000),
        (Tokens(cache_write_5m=1_000_000), 2_500_000_000),
        (Tokens(cache_write_1h=1_000_000), 4_000_000_000),
        (Tokens(cache_read=1_000_000), 100_000_000),
    ],
)
def test_each_token_class_has_its_own_price(tokens: Tokens, expected: int) -> None:
    """A million tokens of one class cost that class's dollars per million."""
    assert expected == nano("claude-sonnet-5-5", tokens)


@pytest.mark.parametrize(
    "prompt",
    [
        Tokens(input=100_000),
        Tokens(input=40_000, cache_read=60_000),
        Tokens(input=1, cache_write_5m=49_999, cache_write_1h=50_000),
    ],
)
def test_one_token_over_the_line_reprices_the_whole_request(prompt: Tokens) -> None:
    """At 100,000 prompt tokens of any class the base rates hold; at 100,001 five times those."""
    at_line, over = prompt + Tokens(output=100), prompt + Tokens(input=1, output=100)

    assert nano("claude-haiku-5-5", over) == 5 * (nano("claude-haiku-5-5", at_line) + 100)


def test_output_does_not_count_towards_the_line() -> None:
    """A long answer to a short prompt stays at the base rates."""
    assert nano("claude-haiku-5-5", Tokens(1_000, 100_001)) == 100_000 + 100_001 * 500


def test_a_price_change_holds_from_its_very_instant() -> None:
    """One microsecond before, the old cache-read price; at the instant, the new one."""
    read = Tokens(cache_read=1_000)

    before = nano("claude-sonnet-5-5", read, CHANGE - timedelta(microseconds=1))

    assert (before, nano("claude-sonnet-5-5", read, CHANGE)) == (200_000, 100_000)


def test_the_instant_of_a_change_is_the_same_in_every_time_zone() -> None:
    """Seven in the morning in Hanoi is midnight in UTC."""
    hanoi = timezone(timedelta(hours=7))
    read = Tokens(cache_read=1_000)

    assert nano("claude-sonnet-5-5", read, datetime(2026, 10, 7, 7, tzinfo=hanoi)) == 100_000
    assert nano("claude-sonnet-5-5", read, datetime(2026, 10, 7, 6, 59, tzinfo=hanoi)) == 200_000


@pytest.mark.parametrize("model", CATALOGUE.models())
def test_a_batch_costs_half_on_every_class(model: str) -> None:
    """Batch is half of every model's price."""
    tokens = Tokens(1_000, 1_000, 1_000, 1_000, 1_000)

    assert nano(model, tokens) == 2 * nano(model, tokens, batch=True)


def test_a_call_pinned_to_the_us_costs_a_tenth_more_and_stacks_with_batch() -> None:
    """Region and batch multiply; an unpinned call costs the list price."""
    assert nano("claude-sonnet-5-5", ANSWER, geo="us") == 11_110_000
    assert nano("claude-sonnet-5-5", ANSWER, batch=True, geo="us") == 5_555_000
    assert nano("claude-sonnet-5-5", ANSWER, geo="global") == 10_100_000
    assert nano("claude-haiku-4-5", ANSWER, geo="not_available") == 5_100_000


@pytest.mark.parametrize(("model", "geo"), [("claude-haiku-4-5", "us"), ("claude-opus-5-5", "eu")])
def test_a_region_without_a_price_is_an_error(model: str, geo: str) -> None:
    """A multiplier nobody published is not taken to be one."""
    with pytest.raises(UnknownRegion, match=geo):
        nano(model, ANSWER, geo=geo)


@pytest.mark.parametrize("model", ["claude-haiku-9", "claude-haiku-5-5-20261007", ""])
def test_an_unknown_model_is_an_error_and_never_free(model: str) -> None:
    """Only ids and aliases of the catalogue are priced."""
    with pytest.raises(UnknownModel, match=f"'{model}'"):
        nano(model, TRIAGE)


def test_a_dated_alias_costs_what_its_model_costs() -> None:
    """The pinned name of an older model resolves to it."""
    assert nano("claude-haiku-4-5", ANSWER) == nano("claude-haiku-4-5-20251001", ANSWER)


def test_a_moment_before_the_first_price_is_an_error_for_a_call_but_not_for_a_comparison() -> None:
    """Nobody can have called it then; compared with, it counts at its first price."""
    early = CHANGE - timedelta(days=30)

    with pytest.raises(NotYetPriced, match="claude-haiku-5-5"):
        nano("claude-haiku-5-5", TRIAGE, early)
    assert CATALOGUE.counterfactual(TRIAGE, "claude-haiku-5-5", early).nano_dollars == 50_000


def test_a_moment_without_a_time_zone_is_refused() -> None:
    """A naive time could mean either side of a price change."""
    naive = NOW.replace(tzinfo=None)

    with pytest.raises(ValueError, match="time zone"):
        nano("claude-haiku-5-5", TRIAGE, naive)
    with pytest.raises(ValueError, match="time zone"):
        CATALOGUE.counterfactual(TRIAGE, "claude-haiku-5-5", naive)


def test_a_comparison_prices_every_class_on_the_other_model() -> None:
    """Triage done by Sonnet: the same tokens, Sonnet's price for each class."""
    expected = 200 * 2_000 + 30 * 10_000 + 1_500 * 100

    assert expected == CATALOGUE.counterfactual(TRIAGE, "claude-sonnet-5-5", NOW).nano_dollars


def test_a_comparison_halves_what_went_by_batch() -> None:
    """The other model would have had its batch price too."""
    batched = CATALOGUE.counterfactual(ANSWER, "claude-opus-5-5", NOW, batch=True)

    assert batched.nano_dollars == 10_100_000


@pytest.mark.parametrize(("tokens", "expected"), [(1, 0), (2, 1), (3, 2), (4, 2), (5, 2), (7, 4)])
def test_halves_round_to_the_even_nano_dollar_once_per_call(tokens: int, expected: int) -> None:
    """At half a nano-dollar a token: 0.5 → 0, 1.5 → 2, 2.5 → 2, 3.5 → 4."""
    price = Price(input=Decimal("0.0005"), output=Decimal(0))
    catalogue = Catalogue("test", {"m": ModelPrices(prices=(price,))}, {"m": "m"})

    assert expected == catalogue.cost("m", Tokens(input=tokens), NOW).nano_dollars


@pytest.mark.parametrize("count", [-1, 1.0, None])
def test_a_count_of_tokens_is_a_whole_number(count: object) -> None:
    """Fractions, negatives and a missing usage figure are refused at the door."""
    with pytest.raises(ValueError, match=r"cache_read must be a whole number of tokens"):
        Tokens(cache_read=count)  # type: ignore[arg-type]
