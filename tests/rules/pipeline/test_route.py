"""Every rule of routing, a row each."""

from typing import Any

import pytest

from bot.config.desk import Desk
from bot.config.desk_file import load_desk
from bot.config.modes import Mode
from bot.pipeline.assessment import Assessment
from bot.pipeline.route import route
from bot.triage.verdict import AddresseeJudgement, Entities, Triage


def verdict(**changed: Any) -> Triage:
    values: dict[str, Any] = {
        "summary": "A question about delivery",
        "intent": "track_shipping",
        "confidence": 0.9,
        "complexity": "simple",
        "sentiment": "neutral",
        "urgency": "normal",
        "language": "en",
        "wants_human": False,
        "entities": Entities(),
        "product": None,
        "issue_type": "delivery_time",
        "action_needed": False,
        "reply": None,
    }
    return Triage(**{**values, **changed})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Complaints go to a person, refunds are drafted, the rest is answered."""
    path = tmp_path_factory.mktemp("desk") / "desk.toml"
    path.write_text(
        '[desk]\nagents_channel = "C0000000001"\n'
        '[policy]\ncomplaint = "human"\nrefund_request = "draft"\n'
    )
    return load_desk(path)


@pytest.mark.parametrize(
    ("changed", "mode", "action", "publish", "model", "reason"),
    [
        ({}, "auto", "answer", "thread", "claude-haiku-5-5", "simple track_shipping"),
        ({"complexity": "complex"}, "auto", "answer", "thread", "claude-sonnet-5-5", "complex"),
        ({"complexity": "creative"}, "auto", "answer", "thread", "claude-opus-5-5", "creative"),
        ({}, "draft", "answer", "draft", "claude-haiku-5-5", "simple"),
        ({}, "shadow", "answer", "nowhere", "claude-haiku-5-5", "simple"),
        ({}, "off", "answer", "nowhere", "claude-haiku-5-5", "simple"),
        ({"wants_human": True}, "auto", "hand_over", "thread", None, "asked for a person"),
        ({"wants_human": True}, "shadow", "hand_over", "nowhere", None, "asked for a person"),
        (
            {"confidence": 0.59},
            "auto",
            "answer",
            "thread",
            "claude-haiku-5-5",
            "0.59 is under 0.60",
        ),
        (
            {"confidence": 0.59, "complexity": "creative"},
            "auto",
            "answer",
            "thread",
            "claude-haiku-5-5",
            "0.59 is under 0.60",
        ),
        ({"confidence": 0.1, "intent": "complaint"}, "auto", "hand_over", "thread", None, "0.10"),
        ({"confidence": 0.1, "intent": "refund_request"}, "auto", "hand_over", "thread", None, "0"),
        ({"confidence": 0.6}, "auto", "answer", "thread", "claude-haiku-5-5", "simple"),
        ({"intent": "complaint"}, "auto", "hand_over", "thread", None, "by policy"),
        ({"intent": "complaint", "reply": "Hi!"}, "auto", "hand_over", "thread", None, "by policy"),
        ({"intent": "refund_request"}, "auto", "answer", "draft", "claude-haiku-5-5", "simple"),
        ({"intent": "refund_request"}, "shadow", "answer", "nowhere", "claude-haiku-5-5", "simple"),
        ({"reply": "Hi!"}, "auto", "reply", "thread", None, "no facts needed"),
        ({"reply": "Hi!", "confidence": 0.1}, "auto", "reply", "thread", None, "no facts needed"),
        ({"reply": "Hi!"}, "draft", "reply", "draft", None, "no facts needed"),
        (
            {"reply": "Done!", "action_needed": True},
            "auto",
            "answer",
            "thread",
            "claude-haiku-5-5",
            "simple",
        ),
        ({"reply": "Hi!", "wants_human": True}, "auto", "hand_over", "thread", None, "a person"),
    ],
)
def test_a_verdict_leads_to_a_route_that_says_why(
    desk: Desk,
    changed: dict[str, Any],
    mode: Mode,
    action: str,
    publish: str,
    model: str | None,
    reason: str,
) -> None:
    """Who answers, with which model, where it shows, and the reason in words."""
    chosen = route(Assessment(text="", triage=verdict(**changed)), desk, mode)

    assert (chosen.action, chosen.publish, chosen.model) == (action, publish, model)
    assert reason in chosen.reason


@pytest.mark.parametrize(
    ("problem", "reason"),
    [("the model refused to triage this message", "refused"), (None, "no verdict")],
)
def test_without_a_verdict_a_person_decides(desk: Desk, problem: str | None, reason: str) -> None:
    """The problem of triage is the reason of the route."""
    chosen = route(Assessment(text="", problem=problem), desk, "auto")

    assert (chosen.action, chosen.publish, chosen.model) == ("hand_over", "thread", None)
    assert reason in chosen.reason


@pytest.mark.parametrize(
    ("who", "sure", "changed", "mode", "action", "publish", "called"),
    [
        ("desk", 0.9, {}, "auto", "answer", "thread", True),
        ("someone_else", 0.9, {}, "auto", "leave_alone", "nowhere", True),
        ("someone_else", 0.9, {"wants_human": True}, "auto", "leave_alone", "nowhere", True),
        ("someone_else", 0.9, {}, "shadow", "leave_alone", "nowhere", True),
        # Where the model is not sure, nobody can tell.
        ("someone_else", 0.5, {}, "auto", "answer", "thread", False),
        ("desk", 0.5, {}, "auto", "answer", "thread", False),
        ("unclear", 0.9, {}, "auto", "answer", "thread", False),
        ("unclear", 0.9, {}, "draft", "answer", "draft", False),
        ("unclear", 0.9, {}, "shadow", "answer", "nowhere", False),
        ("unclear", 0.9, {"intent": "refund_request"}, "auto", "answer", "draft", False),
        ("unclear", 0.9, {"wants_human": True}, "auto", "hand_over", "thread", True),
        ("unclear", 0.9, {"intent": "complaint"}, "auto", "leave_alone", "nowhere", True),
        ("unclear", 0.9, {"confidence": 0.3}, "auto", "leave_alone", "nowhere", True),
        ("unclear", 0.9, {"questions": ()}, "auto", "leave_alone", "nowhere", True),
        ("unclear", 0.9, {"reply": "Hello!"}, "auto", "leave_alone", "nowhere", True),
    ],
)
def test_what_is_not_surely_for_the_desk_goes_by_whom_triage_takes_it_to_be_for(
    desk: Desk,
    who: Any,
    sure: float,
    changed: dict[str, Any],
    mode: Mode,
    action: str,
    publish: str,
    *,
    called: bool,
) -> None:
    """People among themselves are left alone; in doubt only the articles may speak."""
    judged = AddresseeJudgement(who=who, confidence=sure)
    triage = verdict(**{"questions": ("How long?",), **changed}, addressee=judged)
    chosen = route(Assessment(text="", triage=triage), desk, mode, addressed=False)

    assert (chosen.action, chosen.publish, chosen.called) == (action, publish, called)
    sure_of_it = route(Assessment(text="", triage=triage), desk, mode, addressed=True)
    assert sure_of_it.action != "leave_alone"
