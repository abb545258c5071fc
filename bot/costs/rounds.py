"""What looking things up adds to a message: a call for each round, each reading more than the last.

Pure; `bot.costs.estimate` plans with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.llm.pricing import Tokens

# Tokens of what a model writes to have something looked up, and reads again in the next round.
ASKED = 80


@dataclass(frozen=True, slots=True)
class LookupLoad:
    """The part of messages that look something up, in how many rounds, and what a round answers.

    `answered` are the tokens of all that the systems say in a round.
    """

    part: Fraction = Fraction(0)
    rounds: int = 1
    answered: int = 300

    @property
    def calls(self) -> int:
        """The model calls of such a message."""
        return self.rounds + 1


NO_LOOKUPS = LookupLoad()


def calls_of(message: Tokens, load: LookupLoad) -> Sequence[Tokens]:
    """The tokens of each call of a message that looks something up; the last one answers."""
    return [
        Tokens(
            input=message.input + number * (ASKED + load.answered),
            output=message.output if number == load.rounds else ASKED,
            cache_read=message.cache_read,
            cache_write_5m=message.cache_write_5m,
            cache_write_1h=message.cache_write_1h,
        )
        for number in range(load.calls)
    ]
