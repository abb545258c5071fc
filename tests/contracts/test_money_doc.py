"""The figures of docs/money.md are recomputed, so they cannot rot."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.costs.estimate import (
    Workload,
    message_tokens,
    parse_shares,
    parse_volume,
    plan_month,
)
from bot.llm.price_files import load_catalogue
from bot.llm.pricing import CLASSES, Tokens
from bot.text.money import dollars
from evals.claims import check_claims

DOC = Path(__file__).parents[2] / "docs" / "money.md"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
CATALOGUE = load_catalogue()


def table(*columns: str) -> list[dict[str, str]]:
    """The rows of the one table whose heading begins with these columns."""
    lines = iter(DOC.read_text(encoding="utf-8").splitlines())
    for line in lines:
        heading = cells(line)
        if heading[: len(columns)] == list(columns):
            next(lines)
            return [dict(zip(heading, row, strict=True)) for row in rows(lines)]
    raise LookupError(f"no table in {DOC.name} starts with {columns}")


def rows(lines: Iterator[str]) -> Iterator[list[str]]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield cells(line)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def whole(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.mark.parametrize("row", table("what", "model"), ids=lambda row: row["what"])
def test_a_worked_example_costs_what_the_page_says(row: dict[str, str]) -> None:
    """Tokens, model and circumstances of a row make its nano-dollars and its dollars."""
    how = row["how"]
    at = datetime.fromisoformat(how).replace(tzinfo=UTC) if how[:2] == "20" else NOW
    tokens = Tokens(**{name: whole(row[name]) for name in CLASSES})
    geo = "us" if how == "us" else None

    cost = CATALOGUE.cost(row["model"], tokens, at, batch=how == "batch", geo=geo)

    assert whole(row["nano-dollars"]) == cost.nano_dollars
    assert row["dollars"] == dollars(cost.nano_dollars)


@pytest.mark.parametrize("row", table("mix"), ids=lambda row: row["mix"])
def test_a_planned_mix_costs_what_the_page_says(row: dict[str, str]) -> None:
    """50,000 messages a day of 500 + 80 tokens."""
    shares = parse_shares(row["mix"], CATALOGUE)
    month = plan_month(
        Workload(parse_volume("50000/day"), message_tokens(500, 80), shares), CATALOGUE, NOW
    )

    assert row["dollars a month"] == dollars(month.nano_dollars)


def test_the_table_of_claims_is_what_the_claims_work_out_to() -> None:
    """Every finding stands on the page, in order, with its verdict."""
    expected = [
        {
            "claim": finding.claim,
            "checked": finding.check,
            "claimed": dollars(finding.claimed),
            "comes out": dollars(finding.found),
            "holds": "yes" if finding.holds else "no",
        }
        for finding in check_claims(CATALOGUE, NOW)
    ]

    assert expected == table("claim")


def test_a_table_that_is_not_there_is_missed() -> None:
    """A renamed heading fails the test instead of checking nothing."""
    with pytest.raises(LookupError, match="no table"):
        table("what", "nothing")
