"""Judging takes bounded time, whatever a model writes: the loop waits for it."""

import time

import pytest

from bot.answers.preview import check_of_sentences
from bot.config.sections import GatePolicy
from bot.gate.gate import find_faults
from tests.rules.gate.gate_tables import grounding

LONGEST = GatePolicy().longest
# Seconds of processor time of this thread; a fast machine takes a tenth of it.
ALLOWED = 0.5
HOSTILE = [
    "1 ", "$5 ", "1,", "a-", "a@a.", "a.b.c.", "http://a/", "XVIII ", "«([", ". ", " ", "9", "三十",
    "your ", "we have ", "đơn của bạn đã được ", "một hai ba bốn ", "twenty one hundred and ",
    "if once when ", "please send us your ", "5 a b c d ", "call +1 2", "nine oh ", "half a ",
    "until 5 pm ", "monday to ", "let me just ", "has been now just ", "the a an your ",
]  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE, ids=repr)
def test_the_longest_answer_of_anything_is_judged_in_time(part: str) -> None:
    """Patterns that tried everything twice would need minutes for some of these."""
    text = (part * LONGEST)[:LONGEST]
    began = time.thread_time()

    find_faults(text, grounding("how long?", "delivery"))

    assert time.thread_time() - began < ALLOWED


@pytest.mark.parametrize("wrong", ["", "It takes 9 days. " * 9])
def test_many_sentences_that_come_at_once_are_not_judged_one_by_one(wrong: str) -> None:
    """A hundred beginnings of an answer, each judged anew, would hold the loop for seconds."""
    check = check_of_sentences(grounding("how long?", "delivery"), GatePolicy(verify="never"))
    good = "Of course. " * 90
    began = time.thread_time()

    shown = check(f"{good}{wrong}And so on", frozenset({"delivery.md"}))

    assert shown == good
    assert time.thread_time() - began < ALLOWED


def test_what_follows_a_sentence_with_a_fault_is_not_shown_later() -> None:
    """Sentences show in their order or not at all."""
    check = check_of_sentences(grounding("how long?", "delivery"), GatePolicy(verify="never"))
    sources = frozenset({"delivery.md"})

    shown = [
        check(text, sources)
        for text in (
            "Of course, gladly. It takes ",
            "Of course, gladly. It takes 9 days. Thanks. So",
        )
    ]

    assert shown == ["Of course, gladly. "] * 2
