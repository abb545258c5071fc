"""Budgets that act: what customers get, and what agents are told."""

from datetime import UTC, datetime

from emulator.slack import Message
from tests.support import blocks
from tests.support.workspace import Workspace

EASY = "How long does delivery take?"
HARD = "Compare the two rice cookers: which one suits a family of five, and what about warranty?"
DAY = datetime.now(UTC)


def budget(dollars: float, more: str = "") -> str:
    return f"[[budgets]]\nday = {dollars}\n{more}"


def admins(place: Workspace) -> str:
    return f'admins = ["{place.mai.id}"]\n'


def notices(place: Workspace) -> list[str]:
    """What the agents were told about budgets and alarms, in order."""
    told = place.slack.messages(place.agents)
    return [each.text for each in told if each.metadata and _key(each).startswith(KINDS)]


KINDS = ("budget:", "alarm:")


def _key(message: Message) -> str:
    return str((message.metadata or {})["event_payload"]["key"])


async def model_of(place: Workspace, message: Message) -> str | None:
    decision = await place.decision(message)
    assert decision is not None
    return decision.model


async def test_a_hard_question_gets_the_dear_model_while_there_is_money(place: Workspace) -> None:
    """A wide budget changes nothing and nobody is told anything."""
    await place.start(budget(100))

    asked = await place.hears(place.linh, HARD)

    assert await model_of(place, asked) == "claude-sonnet-5-5"
    assert notices(place) == []


async def test_what_does_not_fit_any_more_comes_from_a_cheaper_model(place: Workspace) -> None:
    """A Sonnet call might take the budget over its ceiling, a Haiku call cannot."""
    await place.start(budget(0.02))

    asked = await place.hears(place.linh, HARD)

    assert await model_of(place, asked) == "claude-haiku-5-5"
    decision = await place.decision(asked)
    assert decision is not None
    assert "because of the budget of the desk" in decision.reason
    assert len(place.replies(asked)) == 1


async def test_a_used_up_budget_means_a_person_and_never_silence(place: Workspace) -> None:
    """Triage goes on, the customer is told that a person comes, the agents are told once."""
    await place.start(budget(0.0001))

    asked = [await place.hears(place.linh, text) for text in (HARD, EASY)]

    for message in asked:
        (said,) = place.replies(message)
        assert "A person will answer you" in said
        decision = await place.decision(message)
        assert decision is not None
        assert decision.triage is not None
        assert decision.reason == "the budget of the desk is used up"
    (told,) = notices(place)
    assert told.startswith("Budget stopped")


async def test_each_crossing_is_told_once_and_survives_a_restart(place: Workspace) -> None:
    """Warned at a ten-thousandth of a dollar; neither more messages nor a restart repeat it."""
    rule = budget(1, "warn = 0.0001\ndegrade = 1.0")
    await place.start(rule)
    await place.hears(place.linh, EASY)
    await place.hears(place.linh, EASY)
    await place.stack.aclose()

    await place.start(rule)
    await place.hears(place.linh, EASY)

    (told,) = notices(place)
    assert told.startswith("Budget warned")
    assert "of $1.00" in told


async def test_calls_in_flight_count_before_they_are_paid(place: Workspace) -> None:
    """Two hard questions at once, money for one Sonnet call: the other is answered by Haiku."""
    place.claude.latency = {"*": 0.3}
    await place.start(budget(0.1))

    asked = [await place.linh.post(place.orders, HARD) for _ in range(2)]
    await place.settled()

    models = sorted([str(await model_of(place, message)) for message in asked])
    assert models == ["claude-haiku-5-5", "claude-sonnet-5-5"]


async def test_an_admin_lifts_a_budget_for_today_with_a_button(place: Workspace) -> None:
    """The notice's button clears the budget, and the next question is answered."""
    await place.start(f"{admins(place)}{budget(0.0001)}")
    await place.hears(place.linh, EASY)
    (stopped,) = [m for m in place.slack.messages(place.agents) if "stopped" in m.text]

    await place.mai.click(stopped, "Lift for today")
    await place.settled()
    asked = await place.hears(place.linh, HARD)

    assert notices(place)[-1].startswith("Budget in order again")
    assert f"By <@{place.mai.id}>" in blocks.shown(place.slack.messages(place.agents)[-1].blocks)
    assert await model_of(place, asked) == "claude-sonnet-5-5"


async def test_who_is_no_admin_cannot_lift_it(place: Workspace) -> None:
    """The button tells who may, and the budget stays."""
    await place.start(budget(0.0001))
    await place.hears(place.linh, EASY)
    (stopped,) = [m for m in place.slack.messages(place.agents) if "stopped" in m.text]

    await place.mai.click(stopped, "Lift for today")
    asked = await place.hears(place.linh, HARD)

    assert len(notices(place)) == 1
    assert "A person will answer you" in place.replies(asked)[0]


async def test_a_requesters_budget_stops_one_and_not_the_others(place: Workspace) -> None:
    """Linh has used hers up; Tom asks in the same channel and is answered."""
    await place.start(budget(0.0035, 'scope = "requester"'))
    for _ in range(3):
        await place.hears(place.linh, EASY)
    tom = place.slack.add_user("tom")
    await tom.join(place.orders)

    stopped = await place.hears(place.linh, EASY)
    answered = await place.hears(tom, EASY)

    assert "A person will answer you" in place.replies(stopped)[0]
    assert "working days" in place.replies(answered)[0]


async def test_the_accounts_own_spend_limit_alarms_and_spares_the_api(place: Workspace) -> None:
    """One call learns of it; the next customer is handed over without another."""
    await place.start(claude_retries=0)
    place.claude.faults.add("spend_limit")

    first = await place.hears(place.linh, EASY)
    calls = len(place.claude.calls)
    second = await place.hears(place.linh, EASY)

    assert len(place.claude.calls) == calls
    for message in (first, second):
        assert "A person will answer you" in place.replies(message)[0]
    (told,) = notices(place)
    assert told.startswith("The API account's spend limit is reached")


async def test_the_alarm_of_the_spend_limit_is_cleared_by_the_first_call_that_works(
    place: Workspace,
) -> None:
    """A restart asks the API again; it answers, and the agents hear that it is over."""
    await place.start(claude_retries=0)
    place.claude.faults.add("spend_limit")
    await place.hears(place.linh, EASY)
    await place.stack.aclose()

    await place.start()
    asked = await place.hears(place.linh, EASY)

    assert "working days" in place.replies(asked)[0]
    assert [text.split(":")[0] for text in notices(place)] == [
        "The API account's spend limit is reached"
    ] * 2
    assert "It is over" in notices(place)[1]
