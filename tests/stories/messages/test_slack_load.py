"""Under Slack's limits customers wait for the limits and for nothing else, and all comes to rest.

A minute of Slack's passes in a few seconds here, for the workspace and for the bot alike.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from emulator.slack import Channel, Message
from emulator.slack.rates import Rates
from emulator.slack.web import Call
from handlers.web_api.tiers import IN_CHANNEL
from tests.support import blocks
from tests.support.questions import DELIVERY, PERSON
from tests.support.workspace import Workspace

pytestmark = pytest.mark.long

FASTER = 6
# SLACK_MOMENT of the default, in seconds of Slack's.
MOMENT = 2
# What the desk itself may take on a machine that runs other tests besides, in seconds of Slack's,
# and in messages as long as one takes there now. How fast it is alone the benchmarks measure.
OWN, MESSAGES = 3 * FASTER, 20
DOWN = "The payment page is down with error 502"


@dataclass
class Asked:
    """A message and when it was said, in seconds of Slack's."""

    message: Message
    at: float


def slack_time() -> float:
    return time.monotonic() * FASTER


async def desk_at_work(place: Workspace) -> float:
    """A desk under Slack's limits, which has answered and handed over a message before.

    What it may take for itself, in seconds of Slack's.
    """
    place.slack.web.rates = Rates(slack_time)
    place.cards_for = "all"
    await place.start(slack_pace=FASTER, slack_moment=MOMENT / FASTER)
    await place.hears(place.linh, DELIVERY)
    began = slack_time()
    await place.hears(place.linh, DELIVERY)
    took = slack_time() - began
    place.slack.rate_limits = True
    await said(place, [PERSON], 0)
    await rested(place)
    return max(OWN, MESSAGES * took)


async def said(
    place: Workspace, texts: Sequence[str], pause: float, channels: Sequence[Channel] = ()
) -> list[Asked]:
    """Each by a person of its own, so many of Slack's seconds apart, in these channels by turns."""
    asked = []
    channels = channels or [place.orders]
    began = slack_time()
    for number, text in enumerate(texts):
        person = place.slack.add_user(f"customer{time.monotonic_ns()}")
        channel = channels[number % len(channels)]
        await person.join(channel)
        await asyncio.sleep(max(0.0, began + number * pause - slack_time()) / FASTER)
        at = slack_time()
        asked.append(Asked(await person.post(channel, text), at))
    return asked


async def rested(place: Workspace) -> None:
    """Wait until every story has ended, every card stands and every sign is gone."""
    await place.settled()
    await place.running.cards.wait_idle()


def first_words(place: Workspace, asked: Sequence[Asked]) -> list[float]:
    """How long each author waited for the bot's first words, in seconds of Slack's."""
    spoken: dict[str, float] = {}
    for call in place.slack.calls:
        if call.error is None and call.method in ("chat.postMessage", "chat.startStream"):
            root = str(call.args.get("thread_ts"))
            spoken.setdefault(root, (call.at + call.ms / 1000) * FASTER)
    return [spoken[each.message.ts] - each.at for each in asked]


def floor(asked: Sequence[Asked]) -> list[float]:
    """How long each has to wait at the least where a channel takes what Slack says it takes."""
    channels: dict[str, deque[float]] = {}
    waits = []
    for each in asked:
        fresh: deque[float] = deque(maxlen=IN_CHANNEL.calls)
        taken = channels.setdefault(each.message.channel, fresh)
        full = len(taken) == IN_CHANNEL.calls
        at = max(each.at, taken[0] + IN_CHANNEL.seconds) if full else each.at
        taken.append(at)
        waits.append(at - each.at)
    return waits


def p99(sample: Sequence[float]) -> float:
    return sorted(sample)[-(-len(sample) * 99 // 100) - 1]


def updates_that_change_nothing(calls: Sequence[Call]) -> int:
    shown: dict[str, str] = {}
    same = 0
    for call in calls:
        if call.method == "chat.update" and call.error is None:
            look = repr(call.args.get("blocks"))
            same += shown.get(str(call.args["ts"])) == look
            shown[str(call.args["ts"])] = look
    return same


def all_is_well(place: Workspace, asked: Sequence[Asked], own: float) -> None:
    waited, least = p99(first_words(place, asked)), p99(floor(asked))
    calls = place.slack.calls
    refused = sum(call.error == "ratelimited" for call in calls)
    first_cards = [
        blocks.shown(call.args["blocks"])
        for call in calls
        if call.method == "chat.postMessage" and "card:" in repr(call.args.get("metadata"))
    ]

    assert waited <= 1.3 * (least + own)
    assert refused < 0.02 * len(calls)
    assert updates_that_change_nothing(calls) == 0
    assert [place.slack.reactions(each.message) for each in asked] == [{}] * len(asked)
    assert all("no decision yet" not in each for each in first_cards)
    assert all("*Due*\n–" not in each for each in first_cards)
    assert len(place.cards()) == len(first_cards) == len(asked) + 3


async def test_a_message_a_second_for_a_minute(place: Workspace) -> None:
    """Half of them are answered, half go to people; in two channels."""
    products = place.slack.add_channel("products")
    own = await desk_at_work(place)
    asked = await said(place, [DELIVERY, PERSON] * 30, 1, [place.orders, products])
    await rested(place)
    all_is_well(place, asked, own)


async def test_forty_messages_in_ten_seconds(place: Workspace) -> None:
    """The channel takes one a second of what is said there: nobody waits for anything else."""
    own = await desk_at_work(place)
    asked = await said(place, [DELIVERY, PERSON] * 20, 0.25)
    await rested(place)
    all_is_well(place, asked, own)


async def test_forty_messages_of_one_incident(place: Workspace) -> None:
    """The head's card is drawn anew a few times, not forty."""
    own = await desk_at_work(place)
    asked = await said(place, [DOWN] * 40, 0.25)
    await rested(place)
    all_is_well(place, asked, own)

    head = await place.ticket(asked[0].message)
    assert head is not None
    linked = [await place.ticket(each.message) for each in asked[1:]]
    assert {each and each.incident_id for each in linked} == {head.id}
    card = next(each for each in place.cards() if f"T-{head.id}" in each.text)
    updates = [
        call
        for call in place.slack.calls
        if call.method == "chat.update" and call.args["ts"] == card.ts
    ]
    assert len(updates) <= 2


@pytest.mark.parametrize(("text", "most"), [(DELIVERY, 3.2), (PERSON, 5)])
async def test_a_message_costs_few_calls(place: Workspace, text: str, most: float) -> None:
    """Answered: the answer and its card. Handed over: the line and its card. No sign, no status."""
    place.cards_for = "all"
    await place.start(slack_moment=10)
    await place.hears(place.linh, text)
    before = len(place.slack.calls)
    for _ in range(5):
        await place.hears(place.linh, text)
    made = place.slack.calls[before:]

    assert len(made) <= 5 * most
    assert {call.method for call in made} == {"chat.postMessage"}


async def test_what_takes_longer_costs_a_sign_more(place: Workspace) -> None:
    """👀 while the model is held, and off again when the answer stands."""
    place.cards_for = "all"
    await place.start(slack_moment=0.05)
    asked, fault = await place.held(place.linh, DELIVERY)
    await place.until(lambda: "eyes" in asked.reactions)
    fault.released.set()
    await rested(place)

    signs = [call.method for call in place.slack.calls if call.method.startswith("reactions.")]
    assert signs == ["reactions.add", "reactions.remove"]
    assert place.slack.reactions(asked) == {}


async def test_in_a_crowd_those_who_came_before_it_have_a_sign_too(place: Workspace) -> None:
    """Alone they would have waited for a moment; now no answer stands within one."""
    await place.start(slack_moment=10, claude_in_flight=3)
    first, fault = await place.held(place.linh, DELIVERY, times=math.inf)
    second = await place.linh.post(place.orders, PERSON)
    await place.heard()
    assert [place.slack.reactions(each) for each in (first, second)] == [{}] * 2

    third = await place.linh.post(place.orders, DELIVERY)
    await place.until(lambda: all("eyes" in each.reactions for each in (first, second, third)))
    fault.released.set()
    await rested(place)
    assert [place.slack.reactions(each) for each in (first, second, third)] == [{}] * 3
