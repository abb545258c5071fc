"""What came of asking a system, as a value."""

from datetime import datetime
from typing import Any, Literal

from bot.llm.calls import ToolUse
from bot.values import Frozen
from storage.knowledge.values import Passage

# found: it has said something. nothing: it knows nothing of the kind, or not of this customer.
# failed: it was not reached, or has said what nobody understands. refused: it was not asked, for
# the arguments are wrong. proposed: it would change something, which waits for a person; `parts`
# say how things stand.
LookupOutcome = Literal["found", "nothing", "failed", "refused", "proposed"]


class ChangeStanding(Frozen):
    """How things stand for a change: the kept fields, whether it is possible, and its worth."""

    before: tuple[str, ...]
    possible: bool
    amount: int | None = None


class ProposedChange(Frozen):
    """A change of something in a system of the desk's, for a customer, that an agent may make.

    `before` is how things stood, as the system's kept fields say it; `amount` what it is worth, in
    ten-thousandths of its unit.
    """

    tool: str
    what: str
    arguments: dict[str, Any]
    customer: str
    language: str | None
    before: tuple[str, ...]
    amount: int | None = None


class Lookup(Frozen):
    """One question to a system, and its answer.

    `title` is the system's name for people, `clock` the local time of the answer (14:05), `parts`
    what is kept of it, a text each, and `problem` why there is none, in words for agents.
    """

    use: ToolUse
    title: str
    outcome: LookupOutcome
    clock: str
    asked_at: datetime
    parts: tuple[str, ...] = ()
    problem: str = ""
    milliseconds: int = 0
    proposal: ProposedChange | None = None

    @property
    def source(self) -> str:
        """Its name among the sources of an answer."""
        return f"tool:{self.use.name}:{self.use.id}"

    @property
    def passage(self) -> Passage:
        """What it said as a passage that an answer may cite."""
        return Passage(
            source=self.source,
            title=f"{self.title}, {self.clock}",
            url="",
            audience="public",
            language="",
            heading=(),
            paragraphs=self.parts,
        )

    @property
    def told(self) -> str:
        """It in a line, for agents."""
        said = " · ".join(line for part in self.parts for line in part.splitlines())
        asked = ", ".join(str(value) for value in self.use.input.values())
        return f"{self.title}, {self.clock}{f' ({asked})' if asked else ''}: {said or self.problem}"

    @property
    def block(self) -> dict[str, Any]:
        """It as the API wants it back: the answer as a passage to cite, or that there is none."""
        answer: dict[str, Any] = {"type": "tool_result", "tool_use_id": self.use.id}
        if self.outcome == "found":
            return answer | {"content": [search_result(self.passage)]}
        said = SAID.get(self.outcome, self.problem)
        return answer | {"content": said, "is_error": True}


SAID = {
    "nothing": "Nothing of this customer's was found. Do not say whether there is anything.",
    "failed": "The system could not be asked.",
    "proposed": "It was put before a person; nothing has been done.",
}


class Lookups(Frozen):
    """The questions of one round, in the model's order."""

    found: tuple[Lookup, ...] = ()


def search_result(passage: Passage) -> dict[str, Any]:
    """A passage as the API takes it."""
    return {
        "type": "search_result",
        "source": passage.source,
        "title": " · ".join((passage.title, *passage.heading)),
        # A content block is the unit that can be cited, so each paragraph is one.
        "content": [{"type": "text", "text": paragraph} for paragraph in passage.paragraphs],
        "citations": {"enabled": True},
    }
