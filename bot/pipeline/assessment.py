"""What a message is judged to be, and what may be spent on it: the result of the step `triage`."""

from functools import cached_property

from bot.answers.approved import Approved
from bot.costs.budgets import FREE, Allowance
from bot.llm.calls import Call
from bot.triage.courtesies import Courtesy
from bot.triage.verdict import Triage
from bot.values import Frozen

# What no model is asked about: nobody can tell what it wants.
WORDLESS = "a picture or file without words"


class Assessment(Frozen):
    """The verdict on `text`, or the problem that kept us from one; and what was paid.

    It crosses the checkpoint `triage`: its fields are read as earlier releases wrote them.

    `parts` are the keys of messages whose words are in `text` too; `allowance` is what the budgets
    left for an answer at that moment. `approved` is the answer to the same question that an agent
    approved, whose verdict this is then. `polite` says that the message is thanks or an okay and
    nothing else, told by rules and not by a model; then `language` is the one of those words.
    `apart` are the keys of messages that came in a row with it and are about another matter: its
    own is the first of them where it is itself the later one.
    """

    text: str
    parts: tuple[str, ...] = ()
    triage: Triage | None = None
    problem: str | None = None
    calls: tuple[Call, ...] = ()
    allowance: Allowance = FREE
    approved: Approved | None = None
    polite: Courtesy | None = None
    language: str | None = None
    apart: tuple[str, ...] = ()

    @cached_property
    def courtesy(self) -> bool:
        """Whether the message asks for nothing."""
        return self.polite is not None or (self.triage is not None and self.triage.courtesy)
