"""Two published claims about prices, worked out again."""

from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise

import pytest

from bot.llm.price_files import load_catalogue
from evals.claims import ClaimFinding, check_claims, main

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CATALOGUE = load_catalogue()


def findings() -> dict[str, ClaimFinding]:
    return {finding.check: finding for finding in check_claims(CATALOGUE, NOW)}


def test_routing_alone_cannot_make_2800_into_340() -> None:
    """At 3.75 to 1, moving 80 % leaves 1,157.33 and moving everything 746.67."""
    ratio = Fraction("0.80") / 3
    found = findings()

    assert round(2_800 * 10**9 * (1 - Fraction(4, 5) * (1 - ratio))) == (
        found["80 % moved to Haiku"].found
    )
    assert round(2_800 * 10**9 * ratio) == found["everything moved to Haiku"].found
    assert not found["80 % moved to Haiku"].holds
    assert "saves 58.7 %" in found["80 % moved to Haiku"].sentence


def test_the_discount_overshoots_what_routing_falls_short_of() -> None:
    """With the flat discount 80 % moved comes to half the claim."""
    both = findings()["80 % moved, and the flat discount"]

    assert both.found == 173_600_000_000
    assert not both.holds
    assert "$420.00" in both.sentence


def test_the_million_requests_fit_the_list_prices_of_two_models() -> None:
    """1,640 and 720 are near enough to 1,600 and 700; with the discount they are not."""
    found = findings()

    assert (
        found["$1,600.00 as gpt-4.1"].found // 10**9,
        found["$1,600.00 as gpt-4.1"].holds,
    ) == (1_640, True)
    assert (
        found["$700.00 as haiku"].found // 10**9,
        found["$700.00 as haiku"].holds,
    ) == (720, True)
    assert not found["Haiku with the flat discount"].holds


def test_each_sentence_shows_the_figure_it_found() -> None:
    """A finding can be read on its own: no two checks share a name, and each tells its amount."""
    found = check_claims(CATALOGUE, NOW)

    assert len({finding.check for finding in found}) == len(found)
    assert all(finding.sentence.endswith(".") for finding in found)
    assert all(f"{finding.found / 10**9:,.2f}" in finding.sentence for finding in found)


def test_the_findings_of_one_claim_stand_together() -> None:
    """The routing claim first, then the comparison."""
    order = [finding.claim for finding in check_claims(CATALOGUE, NOW)]

    assert sum(before != after for before, after in pairwise(order)) == 1


def test_the_claims_say_where_they_do_not_hold(capsys: pytest.CaptureFixture[str]) -> None:
    """Both, check by check."""
    main()

    shown = capsys.readouterr().out
    assert "80 % moved to Haiku: does not hold" in shown
    assert "$700.00 as haiku: holds" in shown
