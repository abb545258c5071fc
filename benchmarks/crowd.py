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
# Every fifth message follows one up, every fiftieth event is delivered twice.
FOLLOW_UP = 5
TWICE = 50
# How many threads back a follow-up goes: at 8 messages/s one to six steps are 0.1 to 0.8 s.
STEPS_BACK = 6

OPENERS = (
    "Hello there! ({order})",
    "How long does delivery to Hanoi take? My order is {order}.",
    "Đơn hàng {order} của mình bao lâu thì giao tới nơi?",
    "Please cancel my order {order}, I ordered the wrong size.",
    "Which payment methods do you take? It is for order {order}.",
    "don {order} bao gio giao toi noi vay shop",
    "Cho mình hủy đơn hàng {order} vừa đặt",
    "This is the third time you got order {order} wrong, I am very disappointed.",
    "Compare the two rice cookers for a family of five, which is better? Order {order}.",
    "How do I return order {order} and get my money back?",
    "Mình muốn đổi trả đơn {order} thì làm thế nào?",
    "What does shipping cost for order {order}?",
    "How long is the warranty of the rice cooker in order {order}?",
    "Write a short birthday card to go with the gift in order {order}.",
    "I want to talk to a human about order {order}.",
    "Cảm ơn shop nhiều nhé ({order})",
)
FOLLOW_UPS = (
    "And what does express delivery cost for {order}?",
    "Thank you so much, that helped! ({order})",
    "Thế phí giao hàng của đơn {order} là bao nhiêu?",
    "And how do I return {order} if it does not fit?",
)
ORDER = re.compile(r"\bLB-\d+\b")


@dataclass(frozen=True)
class Sent:
    """A message as it was posted: its order number is in no other; `at` is monotonic seconds."""

    order: str
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
        self._numbers = count(1)
        self._openers: list[tuple[Person, Message]] = []

    @property
    def ids(self) -> set[str]:
        """The customers' user ids."""
        return {person.id for person in self._people}

    async def speak(self) -> Sent:
        """Post the next message."""
        number = next(self._numbers)
        order = f"LB-{100_000 + number}"
        if number % TWICE == 0:
            self._slack.faults.events("twice", type="message")
        at = time.monotonic()
        if number % FOLLOW_UP == 0:
            message = await self._follow_up(number // FOLLOW_UP, order)
        else:
            message = await self._open(number, order)
        return Sent(order, message, at)

    async def _open(self, number: int, order: str) -> Message:
        person, channel = _turn(self._people, number), _turn(self._channels, number)
        message = await person.post(channel, _turn(OPENERS, number).format(order=order))
        self._openers.append((person, message))
        return message

    async def _follow_up(self, number: int, order: str) -> Message:
        back = min(1 + number % STEPS_BACK, len(self._openers))
        person, opener = self._openers[-back]
        return await person.reply(opener, _turn(FOLLOW_UPS, number).format(order=order))


def _turn(items: Sequence[Item], number: int) -> Item:
    return items[number % len(items)]
