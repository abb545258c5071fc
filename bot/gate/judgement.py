"""What becomes of a proposed text, and what speaks against it."""

from typing import Literal

from bot.values import Frozen

GateOutcome = Literal["send", "ask", "suggest", "hand_over", "decline"]
Proposed = Literal["answer", "ask", "decline", "unknown"]
FaultKind = Literal[
    "number", "date", "time", "day", "code", "link", "email", "phone",
    "citation", "promise", "language", "leak", "mention", "markup", "length", "hidden", "secret",
    "abuse", "unread", "contradicted", "not_stated",
]  # fmt: skip
# What must not reach an agent's «Send» button either.
UNSAFE: frozenset[FaultKind] = frozenset(
    {"leak", "mention", "link", "email", "phone", "hidden", "secret", "abuse"}
)


class Fault(Frozen):
    """Why a text must not be published: the kind, the words at fault, and a sentence about them."""

    kind: FaultKind
    words: str = ""
    told: str

    @property
    def unsafe(self) -> bool:
        """Whether not even an agent should be offered the text."""
        return self.kind in UNSAFE


class Verdict(Frozen):
    """What becomes of a proposal. `reason` is one sentence for the agents.

    `faults` are what the gate found, `unknown` what the model said it did not know.
    """

    outcome: GateOutcome
    reason: str
    faults: tuple[Fault, ...] = ()
    unknown: str = ""


def withheld(what: str, found: tuple[Fault, ...]) -> Verdict:
    """The verdict on words with faults; `what` says what they were.

    They go to the agents as a draft, unless they are unsafe even there.
    """
    reason = f"{what} was held back: {'; '.join(dict.fromkeys(each.told for each in found))}"
    unsafe = any(each.unsafe for each in found)
    return Verdict(outcome="hand_over" if unsafe else "suggest", reason=reason, faults=found)


def fault(kind: FaultKind, told: str, at: str = "") -> Fault:
    """A fault of a kind, told in a sentence; `at` are the words at fault."""
    return Fault(kind=kind, words=at, told=told)
