"""What is looked up for an answer, round by round."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.answers.answer import Answer
from bot.gate.judgement import Verdict
from bot.knowledge.citations import CitedArticle
from bot.llm.calls import Completion, ToolOffer
from bot.text.phrases import Phrase
from bot.tools.lookup import Lookup

# Rounds of questions to the desk's systems; then the model has to answer with what there is.
ROUNDS = 3


@dataclass(frozen=True)
class Round:
    """What a model wanted to know, and what came of each."""

    reply: Completion
    lookups: tuple[Lookup, ...]

    @property
    def turns(self) -> tuple[Sequence[dict[str, Any]], Sequence[dict[str, Any]]]:
        """It as two turns of the conversation."""
        return self.reply.blocks, [each.block for each in self.lookups]


@dataclass(frozen=True)
class Research:
    """The tools that a model is offered, and the rounds so far."""

    offers: tuple[ToolOffer, ...]
    rounds: tuple[Round, ...] = ()

    def after(self, reply: Completion, lookups: tuple[Lookup, ...]) -> "Research":
        """The same with one round more."""
        return Research(self.offers, (*self.rounds, Round(reply, lookups)))

    @property
    def turns(self) -> list[Sequence[dict[str, Any]]]:
        """What was said since the question."""
        return [turn for each in self.rounds for turn in each.turns]

    @property
    def lookups(self) -> tuple[Lookup, ...]:
        """Everything that was asked, in its order."""
        return tuple(lookup for each in self.rounds for lookup in each.lookups)

    @property
    def found(self) -> tuple[Lookup, ...]:
        """What was asked and answered."""
        return tuple(each for each in self.lookups if each.outcome == "found")

    @property
    def over(self) -> bool:
        """Whether the model has to answer now."""
        return len(self.rounds) >= ROUNDS

    @property
    def in_vain(self) -> bool:
        """Whether systems were asked, and none has found anything."""
        tried = [each for each in self.lookups if each.outcome != "refused"]
        return bool(tried) and not self.found and not self.proposed

    @property
    def proposed(self) -> bool:
        """Whether something would be changed: then people have the word."""
        return any(each.outcome == "proposed" for each in self.lookups)

    @property
    def missed(self) -> Phrase | None:
        """What the customer is told of what was not found, when nothing was."""
        if self.proposed:
            return "proposed"
        if not self.in_vain:
            return None
        failed = any(each.outcome == "failed" for each in self.lookups)
        return "not_reached" if failed else "not_found"


def for_people(research: Research, articles: tuple[CitedArticle, ...] = ()) -> Answer:
    """The hand-over of what no system could answer, or a change; no model is asked any more."""
    reasons = dict.fromkeys(
        f"{each.title}: {each.proposal.what} waits for a person"
        if each.proposal
        else f"{each.title}: {each.problem}"
        for each in research.lookups
        if each.proposal or each.problem
    )
    verdict = Verdict(outcome="hand_over", reason="; ".join(reasons))
    return Answer(verdict=verdict, found=articles, lookups=research.lookups, told=research.missed)
