"""Who answers, with which model, and where it shows: a pure function that says why."""

from typing import Literal

from bot.config.desk import Desk
from bot.config.modes import Mode
from bot.costs.budgets import Allowance
from bot.pipeline.assessment import Assessment
from bot.triage.verdict import Triage
from bot.values import Frozen

Action = Literal["reply", "answer", "hand_over"]
Publish = Literal["thread", "draft", "nowhere"]

PUBLISH: dict[Mode, Publish] = {
    "off": "nowhere",
    "shadow": "nowhere",
    "draft": "draft",
    "auto": "thread",
}


class Route(Frozen):
    """The decision on one message. `reason` is one sentence for the agents.

    An answer of which it is not `sure` what the customer wants may ask, and is never sent.
    """

    action: Action
    publish: Publish
    reason: str
    model: str | None = None
    sure: bool = True


def route(assessment: Assessment, desk: Desk, mode: Mode) -> Route:
    """Decide what happens to a message; pure, so that every rule is a row in a table of tests.

    What the budgets leave may be a cheaper model, or none and so a person. A courtesy that triage
    wrote already costs nothing more.
    """
    publish, triage, allowance = PUBLISH[mode], assessment.triage, assessment.allowance
    if triage is None:
        return _without_verdict(publish, assessment)
    if triage.wants_human:
        return _human(publish, "the customer asked for a person")
    if triage.courtesy and desk.rule(triage.intent) != "human":
        return Route(action="reply", publish=publish, reason="no facts needed")
    rule = desk.rule(triage.intent)
    if triage.confidence < desk.desk.confidence:
        return _unsure(publish, triage, desk, allowance)
    if rule == "human":
        return _human(publish, f"{triage.intent} goes to a person by policy")
    if rule == "draft" and publish == "thread":
        publish = "draft"
    return _answer(publish, triage, desk, allowance)


def _unsure(publish: Publish, triage: Triage, desk: Desk, allowance: Allowance) -> Route:
    """Where nobody must be answered by a machine, asking back is a person's business too."""
    reason = f"confidence {triage.confidence:.2f} is under {desk.desk.confidence:.2f}"
    model = allowance.model(desk.models.simple, desk.models.ladder)
    if not desk.gate.ask or model is None or desk.rule(triage.intent) != "answer":
        return _human(publish, reason)
    return Route(action="answer", publish=publish, model=model, reason=reason, sure=False)


def _answer(publish: Publish, triage: Triage, desk: Desk, allowance: Allowance) -> Route:
    wanted = _model(triage, desk)
    model = allowance.model(wanted, desk.models.ladder)
    if model is None:
        return _human(publish, f"the budget of {_whose(allowance)} is used up")
    reason = f"{triage.complexity} {triage.intent}"
    if model != wanted:
        reason = f"{reason}, on a cheaper model because of the budget of {_whose(allowance)}"
    return Route(action="answer", publish=publish, model=model, reason=reason)


def _without_verdict(publish: Publish, assessment: Assessment) -> Route:
    if assessment.polite:
        reason = f"a mere {assessment.polite}, by a rule"
        return Route(action="reply", publish=publish, reason=reason)
    return _human(publish, assessment.problem or "triage gave no verdict")


def _human(publish: Publish, reason: str) -> Route:
    return Route(action="hand_over", publish=publish, reason=reason)


def _whose(allowance: Allowance) -> str:
    return f"the {allowance.budget.split()[0]}" if allowance.budget else "the desk"


def _model(triage: Triage, desk: Desk) -> str:
    models = desk.models
    match triage.complexity:
        case "simple":
            return models.simple
        case "complex":
            return models.complex
        case "creative":
            return models.creative
