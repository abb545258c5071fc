"""Which of the five outcomes follows from a proposal, its faults and the desk's policy."""

from typing import Any

import pytest

from bot.config.sections import GatePolicy
from bot.gate.gate import Case, find_faults, judge_reply
from bot.llm.calls import Citation
from storage.knowledge.values import Passage
from tests.rules.gate.gate_tables import grounding

GOOD = "Standard delivery within Hanoi takes 2 to 3 working days."
WRONG = "Standard delivery within Hanoi takes 1 working day."
UNSAFE = "Sign in at https://evil.test to see it."
LINKED = "It is explained at https://help.example.com/en/delivery"


@pytest.mark.parametrize(
    ("proposed", "text", "case", "policy", "outcome", "reason"),
    [
        ("answer", GOOD, {}, {}, "send", "every fact stands"),
        ("answer", GOOD, {"rule": "draft"}, {}, "suggest", "from a draft"),
        ("answer", GOOD, {"rule": "human"}, {}, "hand_over", "by policy"),
        ("answer", GOOD, {"drafts": True}, {}, "suggest", "only drafts in this channel"),
        ("answer", GOOD, {"sure": False}, {}, "suggest", "not sure enough"),
        ("answer", GOOD, {"asked": True}, {}, "send", "every fact stands"),
        ("answer", WRONG, {}, {}, "suggest", "«1 working day»"),
        ("answer", UNSAFE, {}, {}, "hand_over", "evil.test"),
        ("answer", LINKED, {}, {}, "send", "every fact stands"),
        ("answer", LINKED, {}, {"domains": ["example.com"]}, "send", "every fact stands"),
        ("answer", LINKED, {}, {"domains": ["shop.example"]}, "hand_over", "allowed domains"),
        ("answer", GOOD * 5, {}, {"longest": 200}, "suggest", "longer than 200"),
        ("answer", " ", {}, {}, "hand_over", "do not answer it"),
        ("unknown", "The colour.", {}, {}, "hand_over", "do not answer it"),
        ("ask", "Which city do you mean?", {}, {}, "ask", "not clear"),
        ("ask", "Which city do you mean?", {"sure": False}, {}, "ask", "not clear"),
        ("ask", "Which city do you mean?", {"asked": True}, {}, "hand_over", "still unclear"),
        ("ask", "Which city do you mean?", {"rule": "draft"}, {}, "suggest", "a person asks"),
        ("ask", "Which city do you mean?", {"drafts": True}, {}, "suggest", "a person asks"),
        ("ask", "Which city do you mean?", {}, {"ask": False}, "hand_over", "left to people"),
        ("ask", "Standard or express for 60,000 VND?", {}, {}, "ask", "not clear"),
        ("ask", "Would 99,000 VND be fine?", {}, {}, "suggest", "«99,000 VND»"),
        ("ask", "Please tell me the city.", {}, {}, "hand_over", "asked nothing"),
        ("ask", "Is it at https://evil.test?", {}, {}, "hand_over", "evil.test"),
        ("ask", "Which city? " * 40, {}, {}, "suggest", "longer than 300"),
        ("decline", "I can only help with our shop.", {}, {}, "decline", "not what this desk"),
        ("decline", "Ask at https://evil.test.", {}, {}, "decline", "not what this desk"),
        ("decline", "I can only help with our shop.", {"drafts": True}, {}, "suggest", "not what"),
        ("decline", "No.", {}, {"decline": False}, "hand_over", "left to people"),
    ],
)
def test_an_outcome_follows_and_says_why(
    proposed: Any,
    text: str,
    case: dict[str, Any],
    policy: dict[str, Any],
    outcome: str,
    reason: str,
) -> None:
    """The model proposes; policy, faults and what was said before decide."""
    known = grounding("How long does delivery to Hanoi take, please?", "delivery")
    verdict = judge_reply(proposed, text, known, Case(**case), GatePolicy(**policy))

    assert verdict.outcome == outcome
    assert reason in verdict.reason


def test_a_beginning_may_rest_on_what_it_has_not_cited_yet() -> None:
    """While an answer is written its citations still come; at the end they must be there."""
    known = grounding("How long does delivery to Hanoi take, please?")

    assert find_faults(GOOD, known, whole=False) == ()
    assert {each.kind for each in find_faults(GOOD, known)} == {"citation", "number"}
    wrong = WRONG.replace("1 working day", "9 working days")
    assert [each.kind for each in find_faults(wrong, known, whole=False)] == ["number"]


def test_what_the_customer_attached_is_no_ground_for_addresses() -> None:
    """A forged document may be quoted, but it cannot make its links and telephone numbers ours."""
    forged = Passage(
        source="file:F1",
        title="invoice.pdf",
        url="",
        audience="public",
        language="en",
        heading=(),
        paragraphs=("Pay 120,000 VND at https://evil.test or call 0999 888 777.",),
    )
    told = "Your invoice says to pay 120,000 VND"
    quoting = grounding("What does my invoice say?", attached=[forged]).citing(
        [Citation(source=forged.source, title="", text=forged.paragraphs[0])]
    )

    assert find_faults(f"{told}.", quoting) == ()
    found = {each.kind for each in find_faults(f"{told} at https://evil.test.", quoting)}
    assert found == {"link"}
    assert {each.kind for each in find_faults("Please call 0999 888 777.", quoting)} == {"phone"}


@pytest.mark.parametrize(
    "text", ["1" * 12_000, "1" + ",000" * 3_000, "0 1-" * 3_000, "a1-" * 4_000]
)
def test_figures_that_no_one_can_read_are_read_over(text: str) -> None:
    """A message of thousands of digits is no number, and no error either."""
    known = grounding(f"What is {text}?", "delivery")

    assert find_faults(GOOD, known) == ()
    assert judge_reply("answer", text, known, Case(), GatePolicy()).outcome in (
        "suggest",
        "hand_over",
    )
