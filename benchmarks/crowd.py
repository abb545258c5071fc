"""The customers: many people who write in two languages, sometimes twice in a thread."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from emulator.slack import Message, Person, SlackEmulator

Item = TypeVar("Item")

PEOPLE = 40
# Every fifth message follows one up; 2 % are delivered twice, follow-ups among them.
FOLLOW_UP = 5
TWICE = 49
# How many threads back a follow-up goes: at 8 messages/s one to six steps are 0.1 to 0.8 s.
STEPS_BACK = 6

OPENERS = (
    "Good morning! user{number}",
    "How long does delivery to Hanoi take? My order is LB-{number}.",
    "Đơn hàng LB-{number} của mình bao lâu thì giao tới nơi?",
    "Please cancel my order LB-{number}, I ordered the wrong size.",
    "Which payment methods do you take? It is for order LB-{number}.",
    "don LB-{number} bao gio giao toi noi vay shop",
    "Cho mình hủy đơn hàng LB-{number} vừa đặt",
    "This is the third time you got order LB-{number} wrong, I am very disappointed.",
    "Compare the two rice cookers for a family of five, which is better? Order LB-{number}.",
    "How do I return order LB-{number} and get my money back?",
    "Mình muốn đổi trả đơn LB-{number} thì làm thế nào?",
    "What does shipping cost for order LB-{number}?",
    "How long is the warranty of the rice cooker in order LB-{number}?",
    "Write a short birthday card to go with the gift in order LB-{number}.",
    "I want to talk to a human about order LB-{number}.",
    "Cảm ơn shop nhiều nhé! khách{number}",
)
FOLLOW_UPS = (
    "And what does express delivery cost for LB-{number}?",
    "Thanks a lot! user{number}",
    "Thế phí giao hàng của đơn LB-{number} là bao nhiêu?",
    "And how do I return LB-{number} if it does not fit?",
)
FIRST = 100_001
NUMBER = re.compile(r"(?<!\d)1\d{5}(?!\d)")


@dataclass(frozen=True)
class Sent:
    """A message as it was posted: its number is in no other; `at` is monotonic seconds."""

    number: str
    message: Message
    at: float

    @property
    def ts(self) -> str:
        return self.message.ts


class Crowd:
    """Speaks one message at a time, the same ones in the same order on every run."""

    def __init__(self, slack: SlackEmulator) -> None:
        self._slack = slack
        self._people = [slack.add_user(f"customer{number}") for number in range(PEOPLE)]
        self._channels = [slack.add_channel(name, self._people) for name in ("orders", "products")]
        self._spoken = count(1)
        self._openers: list[tuple[Person, Message]] = []

    @property
    def ids(self) -> set[str]:
        """The customers' user ids."""
        return {person.id for person in self._people}

    async def speak(self) -> Sent:
        """Post the next message."""
        spoken = next(self._spoken)
        number = str(FIRST + spoken)
        if spoken % TWICE == 0:
            self._slack.faults.events("twice", type="message")
        at = time.monotonic()
        if spoken % FOLLOW_UP == 0:
            message = await self._follow_up(spoken // FOLLOW_UP, number)
        else:
            message = await self._open(spoken, number)
        return Sent(number, message, at)

    async def _open(self, turn: int, number: str) -> Message:
        person, channel = _turn(self._people, turn), _turn(self._channels, turn)
        message = await person.post(channel, _turn(OPENERS, turn).format(number=number))
        self._openers.append((person, message))
        return message

    async def _follow_up(self, turn: int, number: str) -> Message:
        back = min(1 + turn % STEPS_BACK, len(self._openers))
        person, opener = self._openers[-back]
        return await person.reply(opener, _turn(FOLLOW_UPS, turn).format(number=number))


def _turn(items: Sequence[Item], turn: int) -> Item:
    return items[turn % len(items)]
