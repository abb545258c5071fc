"""What the gate holds back and what it lets pass, by two tables that anybody can add to."""

import re

import pytest

from bot.config.sections import GatePolicy
from bot.gate.gate import Case, find_faults, judge_reply
from tests.rules.gate.gate_tables import Row, rows

SENTENCE = re.compile(r"(?<=[.!?])\s")
BAD, GOOD = rows("bad.toml"), rows("good.toml")


@pytest.mark.parametrize("row", BAD)
def test_a_planted_fault_is_found_and_the_answer_is_not_sent(row: Row) -> None:
    """Each kind of fault that the row names is found; nothing with a fault reaches a customer."""
    found = {fault.kind for fault in find_faults(row.answer, row.grounding)}
    verdict = judge_reply("answer", row.answer, row.grounding, Case(), GatePolicy())

    assert row.faults <= found
    assert verdict.outcome in ("suggest", "hand_over")
    assert verdict.reason


@pytest.mark.parametrize("row", GOOD)
def test_a_good_answer_passes(row: Row) -> None:
    """Nothing is found, also not in any beginning of it that may be shown while it is written."""
    assert find_faults(row.answer, row.grounding) == ()
    first = SENTENCE.split(row.answer)[0]
    assert find_faults(first, row.grounding, whole=False) == ()
    verdict = judge_reply("answer", row.answer, row.grounding, Case(), GatePolicy())
    assert verdict.outcome == "send"


def test_the_tables_are_as_long_as_we_say() -> None:
    """The documentation speaks of at least sixty of each."""
    assert min(len(BAD), len(GOOD)) >= 60
