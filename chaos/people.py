"""Customers who write in threads, and agents who take, say, edit and solve at random."""

import asyncio
import random
from dataclasses import dataclass, field

from chaos.plan import AGENT_EVERY, Plan
from emulator.slack import Channel, Message, Person, SlackEmulator
from emulator.slack.outcome import NotAcknowledged

PEOPLE, CHANNELS = 60, 6
OPENERS = (
    "How long does delivery to Hanoi take? My order is LB-{n}.",
    "Đơn hàng LB-{n} của mình bao lâu thì giao tới nơi?",
    "Please cancel my order LB-{n}, I ordered the wrong size.",
    "Which payment methods do you take? It is for order LB-{n}.",
    "Cho mình hủy đơn hàng LB-{n} vừa đặt",
    "How do I return order LB-{n} and get my money back?",
    "Mình muốn đổi trả đơn LB-{n} thì làm thế nào?",
    "How long is the warranty of the rice cooker in order LB-{n}?",
    "I want to talk to a human about order LB-{n}.",
)
FOLLOW_UPS = (
    "And what does express delivery cost for LB-{n}?",
    "Thế phí giao hàng của đơn LB-{n} là bao nhiêu?",
    "And how do I return LB-{n} if it does not fit?",
    "How long is the warranty for LB-{n}?",
)
WORDS = (
    "We have looked at it: it left our house yesterday.",
    "Mình đã kiểm tra rồi, đơn hàng đang trên đường giao.",
    "Please send us the number on the box.",
)


@dataclass(frozen=True)
class Said:
    """A customer's message, and the first of its thread."""

    message: Message
    root: Message


@dataclass
class AgentWord:
    """What an agent wrote under a card, as it reads last."""

    message: Message
    text: str


@dataclass
class Agents:
    """What agents did, as far as they know."""

    words: list[AgentWord] = field(default_factory=list)
    direct: list[Message] = field(default_factory=list)
    presses: int = 0
    unanswered: int = 0


class Crowd:
    """Who is there, and what they have said so far."""

    def __init__(self, slack: SlackEmulator, plan: Plan) -> None:
        self._slack, self._plan = slack, plan
        self._draw = random.Random(f"people {plan.seed}")  # noqa: S311 - the same people every time
        self._agent_draw = random.Random(f"agents {plan.seed}")  # noqa: S311 - the same
        self.people = [slack.add_user(f"customer{n}") for n in range(PEOPLE)]
        self.agents = [slack.add_user(f"agent{n}") for n in range(3)]
        everybody = [*self.people, *self.agents]
        self.channels = [slack.add_channel(f"help{n}", everybody) for n in range(CHANNELS)]
        self.desk: Channel = slack.add_channel("desk", self.agents)
        self.said: list[Said] = []
        self.did = Agents()

    async def write(self) -> None:
        """Say everything, spread over the time of the plan."""
        openings = set(self._draw.sample(range(self._plan.messages), self._plan.threads)) | {0}
        roots: list[tuple[Person, Message]] = []
        for number in range(self._plan.messages):
            if number in openings:
                person, channel = self._draw.choice(self.people), self._draw.choice(self.channels)
                text = self._draw.choice(OPENERS).format(n=100_000 + number)
                message = await person.post(channel, text)
                roots.append((person, message))
                self.said.append(Said(message, message))
            else:
                person, root = self._draw.choice(roots)
                text = self._draw.choice(FOLLOW_UPS).format(n=100_000 + number)
                self.said.append(Said(await person.reply(root, text), root))
            await asyncio.sleep(
                self._draw.uniform(0.5, 1.5) * self._plan.seconds / self._plan.messages
            )

    async def work(self) -> None:
        """Do as agents do, until it is broken off."""
        while True:
            await asyncio.sleep(self._agent_draw.uniform(0.5, 1.5) * AGENT_EVERY)
            if cards := self.cards:
                await self._act(self._agent_draw.choice(self.agents), cards)

    @property
    def cards(self) -> list[Message]:
        """The tickets' cards."""
        return [
            each
            for each in self._slack.messages(self.desk)
            if each.user == self._slack.bot_user_id and _key(each).startswith("card:")
        ]

    async def _act(self, agent: Person, cards: list[Message]) -> None:
        card, act = self._agent_draw.choice(cards), self._agent_draw.random()
        if act < 0.3:
            await self._press(agent, card, "take")
        elif act < 0.45:
            await self._press(agent, card, "solve")
        elif act < 0.75:
            text = self._agent_draw.choice(WORDS)
            text = f"{text} ({len(self.did.words)})"
            self.did.words.append(AgentWord(await agent.reply(card, f"> {text}"), text))
        elif act < 0.85 and self.did.words:
            word = self._agent_draw.choice(self.did.words)
            if word.message.user == agent.id:
                word.text = f"{self._agent_draw.choice(WORDS)} [{self._agent_draw.random():.6f}]"
                await agent.edit(word.message, f"> {word.text}")
        else:
            root = self._agent_draw.choice(self.said).root
            self.did.direct.append(await agent.reply(root, self._agent_draw.choice(WORDS)))

    async def _press(self, agent: Person, card: Message, button: str) -> None:
        """Press, and once more where Slack says that the app did not answer."""
        self.did.presses += 1
        for _ in range(2):
            try:
                await agent.click(card, button)
            except NotAcknowledged:
                self.did.unanswered += 1
            except LookupError:
                return
            else:
                return


def _key(message: Message) -> str:
    payload = (message.metadata or {}).get("event_payload", {})
    return str(payload.get("key", ""))
