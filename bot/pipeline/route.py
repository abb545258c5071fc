"""Who answers, with which model, and where it shows: a pure function that says why."""

from typing import Literal

from bot.config.desk import Desk
from bot.config.modes import Mode
from bot.costs.budgets import Allowance
from bot.pipeline.assessment import WORDLESS, Assessment
from bot.triage.addressing import TALK, UNCLEAR
from bot.triage.verdict import Triage
from bot.values import Frozen

Action = Literal["reply", "answer", "hand_over", "leave_alone"]
Publish = Literal["thread", "draft", "nowhere"]
# In a talk that was left alone, or in the ticket of somebody else.
Beside = Literal["talk", "ticket"]

PUBLISH: dict[Mode, Publish] = {
    "off": "nowhere",
    "shadow": "nowhere",
    "draft": "draft",
    "auto": "thread",
}


TOO_LATE = "it was written while the bot was away, too long ago for a machine's answer"


class Route(Frozen):
    """The decision on one message. `reason` is one sentence for the agents.

    An answer of which it is not `sure` what the customer wants may ask, and is never sent. Where it
    is not sure that the desk is meant, `called` is False: then an answer is all that may be said.
    """

    action: Action
    publish: Publish
    reason: str
    model: str | None = None
    sure: bool = True
    called: bool = True


def route(
    assessment: Assessment,
    desk: Desk,
    mode: Mode,
    *,
    addressed: bool = True,
    beside: Beside | None = None,
    too_late: bool = False,
) -> Route:
    """Decide what happens to a message; pure, so that every rule is a row in a table of tests.

    What the budgets leave may be a cheaper model, or none and so a person. A courtesy that triage
    wrote already costs nothing more. `addressed` says that the message is for the desk beyond
    doubt; of any other, triage says for whom it is, and `beside` where it stands: in a talk between
    people nothing is said to what is unclear, and a colleague's file is no word of the customer's.
    What would have been answered in its time, and is `too_late` for that, goes to a person.
    """
    chosen = _in_time(assessment, desk, mode, addressed=addressed, beside=beside)
    if too_late and chosen.action == "answer":
        return _human(chosen.publish, TOO_LATE) if chosen.called else left_alone(UNCLEAR)
    return chosen


def _in_time(
    assessment: Assessment, desk: Desk, mode: Mode, *, addressed: bool, beside: Beside | None
) -> Route:
    publish, triage = PUBLISH[mode], assessment.triage
    if triage is None:
        aside = beside == "talk" or (beside == "ticket" and assessment.problem == WORDLESS)
        if aside and not addressed:
            return left_alone(TALK)
        return _without_verdict(publish, assessment)
    if not (addressed or assessment.approved):
        match triage.addressee_at(desk.desk.confidence):
            case "someone_else":
                return left_alone(TALK)
            case "unclear" if beside == "talk":
                return left_alone(TALK)
            case "unclear" if not triage.wants_human:
                return _uncalled(publish, triage, desk, assessment.allowance)
    return _called(publish, triage, desk, assessment.allowance)


def _called(publish: Publish, triage: Triage, desk: Desk, allowance: Allowance) -> Route:
    if triage.wants_human:
        return _human(publish, "the customer asked for a person")
    if triage.courtesy and desk.rule(triage.intent) != "human":
        return Route(action="reply", publish=publish, reason="no facts needed")
    if triage.confidence < desk.desk.confidence:
        return _unsure(publish, triage, desk, allowance)
    if desk.rule(triage.intent) == "human":
        return _human(publish, f"{triage.intent} goes to a person by policy")
    return _answer(publish, triage, desk, allowance)


def _uncalled(publish: Publish, triage: Triage, desk: Desk, allowance: Allowance) -> Route:
    """Where nobody can tell whom it is for: what the articles know is said, and nothing else."""
    asks = triage.questions and not triage.courtesy and triage.confidence >= desk.desk.confidence
    answer = _answer(publish, triage, desk, allowance)
    if not asks or desk.rule(triage.intent) == "human" or answer.model is None:
        return left_alone(UNCLEAR)
    return answer.model_copy(update={"called": False})


def left_alone(reason: str) -> Route:
    """What is none of the desk's business, and why."""
    return Route(action="leave_alone", publish="nowhere", reason=reason)


def _unsure(publish: Publish, triage: Triage, desk: Desk, allowance: Allowance) -> Route:
    """Where nobody must be answered by a machine, asking back is a person's business too."""
    reason = f"confidence {triage.confidence:.2f} is under {desk.desk.confidence:.2f}"
    model = allowance.model(desk.models.simple, desk.models.ladder)
    if not desk.gate.ask or model is None or desk.rule(triage.intent) != "answer":
        return _human(publish, reason)
    return Route(action="answer", publish=publish, model=model, reason=reason, sure=False)


def _answer(publish: Publish, triage: Triage, desk: Desk, allowance: Allowance) -> Route:
    if desk.rule(triage.intent) == "draft" and publish == "thread":
        publish = "draft"
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
