"""Each way in from Slack, as people use it: what they do, and how it shows that it was not lost.

A way has a stage that is set before anything fails, then one act. `WAYS` is by kind and by one of
the names that a row of `handlers.routes` hears.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from emulator.slack import Message
from emulator.slack.outcome import Outcome
from emulator.slack.views import View
from handlers.views.ids import ActionId, FieldId, ShortcutId
from storage.costs import budgets
from storage.db.columns import utc_now
from storage.tickets import corrections
from tests.stories.nightly.conftest import ANSWER, ASKED, Nights
from tests.stories.tickets.conftest import Agents
from tests.support import blocks
from tests.support.questions import DELIVERY, PERSON, WARRANTY

Doing = Awaitable[Outcome | Message | None]
NEW: dict[str, Any] = {
    FieldId.CATEGORY: "track_shipping",
    FieldId.TITLE: "Delivery to Hanoi",
    FieldId.DETAILS: DELIVERY,
    FieldId.URGENCY: "high",
}


@dataclass(frozen=True)
class Act:
    """What somebody does, and whether it came through."""

    do: Callable[[], Doing]
    done: Callable[[], Awaitable[bool]]


class Stage:
    """A desk with a day behind it; `again` counts the times that a way was gone."""

    def __init__(self, agents: Agents, night: Nights | None) -> None:
        self.agents, self.place, self.night = agents, agents.place, night
        self.mai, self.duc, self.linh = agents.mai, agents.duc, agents.linh
        self.again = 0
        self.desk = ""
        self.told_before = 0

    async def asks(self, text: str = PERSON) -> Message:
        """Linh asks in #orders."""
        self.again += 1
        return await self.place.hears(self.linh, text)

    async def answered(self) -> tuple[Message, Message]:
        """A question of Linh's, and the answer with its buttons."""
        asked = await self.asks(DELIVERY)
        return asked, self.place.slack.thread(asked)[1]

    async def form(self, label: str, *, then: str | None = None) -> tuple[Message, View]:
        """A form that Mai has open, from the card of a new ticket."""
        asked = await self.asks()
        await self.agents.press(self.mai, asked, label)
        if then:
            await self.mai.click(self.place.slack.views(self.mai)[-1], then)
        return asked, self.place.slack.views(self.mai)[-1]

    async def status(self, asked: Message) -> str:
        return (await self.agents.ticket(asked)).status

    async def opinions(self) -> int:
        """How much was kept of what people think of answers."""
        long_ago = utc_now().replace(year=2000)
        kept = await self.place.running.store.read(
            lambda session, moment: list(corrections.corrections_since(session, moment)), long_ago
        )
        return len(kept)


def told(stage: Stage, outcome: Outcome) -> bool:
    """Whether the one who acted read anything: an answer, an error, a word of their own."""
    words = stage.place.slack.ephemerals[stage.told_before :]
    said = any(each.only_for == outcome.user for each in words)
    return bool(outcome.payload or outcome.responses or said)


# What is said


async def message(stage: Stage) -> Act:
    posted: list[Message] = []

    async def post() -> Message:
        posted.append(await stage.linh.post(stage.place.orders, DELIVERY))
        return posted[0]

    async def done() -> bool:
        return len(stage.place.replies(posted[0])) == 1

    return Act(post, done)


async def mention(stage: Stage) -> Act:
    other = stage.place.slack.add_channel("elsewhere", members=[stage.linh])
    posted: list[Message] = []

    async def post() -> Message:
        posted.append(
            await stage.linh.post(other, f"<@{stage.place.slack.bot_user_id}> {WARRANTY}")
        )
        return posted[0]

    async def done() -> bool:
        return len(stage.place.replies(posted[0])) == 1

    return Act(post, done)


async def joins(stage: Stage) -> Act:
    tom = stage.place.slack.add_user(f"tom{stage.again}")

    async def done() -> bool:
        return "Only the desk's" not in (await stage.place.asks(tom, "queue")).text

    return Act(lambda: tom.join(stage.place.agents), done)


async def leaves(stage: Stage) -> Act:
    tom = stage.place.slack.add_user(f"tom{stage.again}")
    await tom.join(stage.place.agents)
    await stage.place.settled()
    assert "Only the desk's" not in (await stage.place.asks(tom, "queue")).text

    async def done() -> bool:
        return "Only the desk's" in (await stage.place.asks(tom, "queue")).text

    return Act(lambda: tom.leave(stage.place.agents), done)


async def group_changes(stage: Stage) -> Act:
    tom = stage.place.slack.add_user(f"tom{stage.again}")
    groups = stage.place.slack.workspace.groups

    async def enter() -> None:
        groups[GROUP]["users"].append(tom.id)
        stage.place.slack.send_event({"type": "subteam_members_changed", "subteam_id": GROUP})

    async def done() -> bool:
        return "Only the desk's" not in (await stage.place.asks(tom, "queue")).text

    return Act(enter, done)


GROUP = "S0AGENTS"


async def reaction(stage: Stage) -> Act:
    other = stage.place.slack.add_channel("elsewhere", members=[stage.linh, stage.mai])
    said = await stage.linh.post(other, WARRANTY)

    async def done() -> bool:
        return len(stage.place.replies(said)) == 1

    return Act(lambda: stage.mai.react(said, "ticket"), done)


# What Slack says of the app, its tabs, and its stop button


def calls_of(stage: Stage, method: str) -> int:
    return sum(each.method == method for each in stage.place.slack.calls)


def doubt(kind: str) -> Callable[[Stage], Awaitable[Act]]:
    async def way(stage: Stage) -> Act:
        before = calls_of(stage, "auth.test")

        async def event() -> None:
            tokens = {"tokens": {"oauth": [], "bot": [stage.place.slack.bot_user_id]}}
            stage.place.slack.send_event({"type": kind, **tokens})

        async def done() -> bool:
            await stage.place.until(lambda: calls_of(stage, "auth.test") > before)
            return True

        return Act(event, done)

    return way


async def home_opened(stage: Stage) -> Act:
    before = calls_of(stage, "views.publish")

    async def done() -> bool:
        await stage.place.until(lambda: calls_of(stage, "views.publish") > before)
        return True

    return Act(stage.linh.open_home, done)


async def stopped(stage: Stage) -> Act:
    asked, answer = await stage.answered()
    before = calls_of(stage, "agents.sessions.setStatus")

    async def event() -> None:
        about = {"channel": asked.channel, "thread_ts": asked.ts, "user": stage.linh.id}
        streams = {"streaming_message_ts": [answer.ts], "event_ts": "1.2"}
        stage.place.slack.send_event({"type": "agent_session_stopped", **about, **streams})

    async def done() -> bool:
        await stage.place.until(lambda: calls_of(stage, "agents.sessions.setStatus") > before)
        return True

    return Act(event, done)


# What is typed, and what stands in a message's menu


def command(name: str, text: str) -> Callable[[Stage], Awaitable[Act]]:
    async def way(stage: Stage) -> Act:
        outcomes: list[Outcome] = []

        async def type_it() -> Outcome:
            outcomes.append(await stage.mai.command(name, text, stage.place.agents))
            return outcomes[0]

        async def done() -> bool:
            await stage.place.until(lambda: outcomes[0].responses)
            return True

        return Act(type_it, done)

    return way


async def create(stage: Stage) -> Act:
    other = stage.place.slack.add_channel("elsewhere", members=[stage.linh, stage.mai])
    said = await stage.linh.post(other, WARRANTY)

    async def done() -> bool:
        return len(stage.place.replies(said)) == 1

    return Act(lambda: stage.mai.shortcut(ShortcutId.CREATE, said), done)


async def close(stage: Stage) -> Act:
    asked = await stage.asks()

    async def done() -> bool:
        return await stage.status(asked) == "solved"

    return Act(lambda: stage.linh.shortcut(ShortcutId.CLOSE, asked), done)


async def why(stage: Stage) -> Act:
    asked = await stage.asks()

    async def done() -> bool:
        return any(each.only_for == stage.mai.id for each in stage.place.slack.ephemerals)

    return Act(lambda: stage.mai.shortcut(ShortcutId.WHY, asked), done)


# What is pressed


async def take(stage: Stage) -> Act:
    asked = await stage.asks()
    card = await stage.agents.card(asked)

    async def done() -> bool:
        return (await stage.agents.ticket(asked)).assignee_id == stage.mai.id

    return Act(lambda: stage.mai.click(card, "Take"), done)


async def rate(stage: Stage) -> Act:
    said = await rated(stage)
    before = await stage.opinions()

    async def done() -> bool:
        return await stage.opinions() > before

    return Act(lambda: stage.linh.click(said, ActionId.RATE_GOOD), done)


async def rated(stage: Stage) -> Message:
    """The words that ask how we did."""
    asked = await stage.asks()
    await stage.agents.press(stage.mai, asked, "Solve")
    await stage.place.at(utc_now() + timedelta(hours=1 + stage.again))
    await stage.place.settled()
    return stage.place.slack.thread(asked)[-1]


async def need_human(stage: Stage) -> Act:
    asked, answer = await stage.answered()

    async def done() -> bool:
        return (await stage.agents.ticket(asked)).handed_over_at is not None

    return Act(lambda: stage.linh.click(answer, ActionId.NEED_HUMAN), done)


async def thumb(stage: Stage) -> Act:
    _, answer = await stage.answered()
    before = await stage.opinions()

    async def done() -> bool:
        return await stage.opinions() > before

    return Act(lambda: stage.linh.click(answer, ActionId.FEEDBACK, value="Good answer"), done)


async def drafted(stage: Stage) -> Message:
    """The card of a draft that nobody has decided on: of the first night, or another of it."""
    assert stage.night is not None
    if not stage.night.cards():
        for each in SOLVED:
            await stage.night.solved(*each)
        await stage.night.over()
    await stage.place.running.article_drafts.wait_idle()
    waiting = [each for each in stage.night.cards() if "Approve" in blocks.buttons(each.blocks)]
    return waiting[0]


SOLVED = (
    (ASKED, ANSWER),
    ("My fan hums at night. What can I do?", "Put it on a carpet, and tighten the two screws."),
    ("The kettle has white spots. Is it broken?", "It is lime: boil vinegar in it, and rinse it."),
    ("Where do I find the serial number of a toaster?", "It stands below it, on the silver label."),
)


async def approve(stage: Stage) -> Act:
    card, night = await drafted(stage), stage.night
    assert night is not None
    before = len(night.files())

    async def done() -> bool:
        await stage.place.running.article_drafts.wait_idle()
        return len(night.files()) > before

    return Act(lambda: stage.mai.click(card, "Approve"), done)


async def turn(stage: Stage) -> Act:
    while len(await stage.place.tickets()) < 12:
        await stage.asks()
    page = await stage.place.asks(stage.linh, "mine")

    async def done() -> bool:
        await stage.place.until(lambda: "page 2" in page.text)
        return True

    return Act(lambda: stage.linh.click(page, "list_next"), done)


async def in_home(stage: Stage) -> Act:
    await stage.linh.open_home()
    await stage.place.until(lambda: stage.place.slack.home(stage.linh))
    home = stage.place.slack.home(stage.linh)
    assert home is not None

    async def done() -> bool:
        await stage.place.until(lambda: stage.place.slack.views(stage.linh))
        return True

    return Act(lambda: stage.linh.click(home, "home_ask_track_shipping"), done)


async def lift(stage: Stage) -> Act:
    await stage.asks(DELIVERY)
    notices = stage.place.slack.messages(stage.place.agents)
    notice = next(each for each in notices if "stopped" in each.text)

    async def done() -> bool:
        lifted = await stage.place.running.store.read(budgets.lifted_budgets, utc_now().date())
        return bool(lifted)

    return Act(lambda: stage.mai.click(notice, "Lift for today"), done)


async def offered(stage: Stage) -> Act:
    said = await stage.asks("Tom, which shelf has snowboots in stock?")
    await stage.place.until(lambda: stage.place.slack.ephemerals)
    offer = stage.place.slack.ephemerals[-1]

    async def done() -> bool:
        return await stage.place.ticket(said) is not None

    return Act(lambda: stage.linh.click(offer, "offer_help"), done)


# What is filled in


async def reply_form(stage: Stage) -> Act:
    asked, form = await stage.form("Reply")

    async def done() -> bool:
        return "*mai:* On its way." in stage.place.replies(asked)

    return Act(lambda: stage.mai.submit(form, {FieldId.TEXT: "On its way."}), done)


async def new_ticket(stage: Stage) -> Act:
    await stage.linh.command("/ticket", "new", stage.place.orders)
    await stage.place.until(lambda: stage.place.slack.views(stage.linh))
    form = stage.place.slack.views(stage.linh)[-1]
    before = len(await stage.place.tickets())

    async def done() -> bool:
        return len(await stage.place.tickets()) == before + 1

    return Act(lambda: stage.linh.submit(form, NEW), done)


async def rating_form(stage: Stage) -> Act:
    said = await rated(stage)
    await stage.linh.click(said, ActionId.RATE_GOOD)
    form = stage.place.slack.views(stage.linh)[-1]

    async def done() -> bool:
        return form not in stage.place.slack.views(stage.linh)

    return Act(lambda: stage.linh.submit(form, {FieldId.COMMENT: "Kind people."}), done)


async def feedback_form(stage: Stage) -> Act:
    _, answer = await stage.answered()
    await stage.linh.click(answer, ActionId.FEEDBACK, value="Not helpful")
    form = stage.place.slack.views(stage.linh)[-1]

    async def done() -> bool:
        return form not in stage.place.slack.views(stage.linh)

    return Act(lambda: stage.linh.submit(form, {FieldId.COMMENT: "Another city."}), done)


async def reject_form(stage: Stage) -> Act:
    card, night = await drafted(stage), stage.night
    assert night is not None
    rejected = [each.state for each in await night.drafts()].count("rejected")
    await stage.mai.click(card, "Reject")
    form = stage.place.slack.views(stage.mai)[-1]

    async def done() -> bool:
        return [each.state for each in await night.drafts()].count("rejected") > rejected

    return Act(lambda: stage.mai.submit(form, {FieldId.REASON: "One of a kind."}), done)


async def target(stage: Stage) -> Act:
    _, form = await stage.form("More…", then="Merge…")

    async def look() -> None:
        await stage.mai.search(form, FieldId.TARGET, "person")

    async def done() -> bool:
        return True

    return Act(look, done)


WAYS: dict[tuple[str, str], Callable[[Stage], Awaitable[Act]]] = {
    ("event", "message"): message,
    ("event", "app_mention"): mention,
    ("event", "member_joined_channel"): joins,
    ("event", "member_left_channel"): leaves,
    ("event", "subteam_members_changed"): group_changes,
    ("event", "reaction_added"): reaction,
    ("event", "app_uninstalled"): doubt("app_uninstalled"),
    ("event", "tokens_revoked"): doubt("tokens_revoked"),
    ("event", "app_home_opened"): home_opened,
    ("event", "agent_session_stopped"): stopped,
    ("command", "/ticket"): command("/ticket", "queue"),
    ("command", "/usage"): command("/usage", ""),
    ("shortcut", ShortcutId.CREATE): create,
    ("shortcut", ShortcutId.CLOSE): close,
    ("shortcut", ShortcutId.WHY): why,
    ("action", ActionId.TAKE): take,
    ("action", ActionId.RATE_GOOD): rate,
    ("action", ActionId.NEED_HUMAN): need_human,
    ("action", ActionId.FEEDBACK): thumb,
    ("action", "article_approve"): approve,
    ("action", "list_next"): turn,
    ("action", "home_ask_track_shipping"): in_home,
    ("action", "budget_lift"): lift,
    ("action", "offer_help"): offered,
    ("view", "reply_form"): reply_form,
    ("view", "new_ticket_form"): new_ticket,
    ("view", "rating_form"): rating_form,
    ("view", "feedback_form"): feedback_form,
    ("view", "article_reject_form"): reject_form,
    ("options", FieldId.TARGET): target,
}
