"""What an answer may rest on: the passages that were sent, what it cites, and what was said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.gate.text_requests import wants_a_text
from bot.knowledge.citations import CitedArticle, passage_texts, sources_of
from bot.llm.calls import Citation
from bot.text.facts.fact import FactKey
from bot.text.facts.find import known_keys
from storage.knowledge.values import Passage

# A customer's word that an address is ours does not make it ours.
CONTACTS = frozenset({"link", "email", "phone"})
# Nor do they have to be right because a system says them; links it may only give where allowed.
TOLD = frozenset({"email", "phone"})
STATE_WORDS = 4
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Grounding:
    """The evidence before the gate.

    `asked` is what the customer wrote earlier in the thread, `said` what the desk's people and the
    bot wrote there; `attached` are passages of the customer's own papers, `looked` what the desk's
    own systems said, which is ground for facts and states, but not for promises. `own` are the
    desk's words about itself, its name among them. `free` wants no sources: a greeting, or a text
    to be made up. `told` is what the model was told to do, which no answer may repeat.
    """

    message: str
    language: str = "en"
    passages: Sequence[Passage] = ()
    attached: Sequence[Passage] = ()
    looked: Sequence[Passage] = ()
    citations: Sequence[Citation] = ()
    asked: Sequence[str] = ()
    said: Sequence[str] = ()
    own: Sequence[str] = ()
    told: Sequence[str] = field(default=(), repr=False)
    free: bool = False

    def citing(self, citations: Sequence[Citation]) -> "Grounding":
        """The same with what the answer points at."""
        return replace(self, citations=citations)

    def freely(self) -> "Grounding":
        """The same for words that need no sources."""
        return replace(self, free=True)

    @cached_property
    def cited(self) -> tuple[Passage, ...]:
        """The passages that citations really point at, in the order they were sent."""
        real = [each for each in self.citations if not self.invented(each)]
        return tuple(
            passage for passage in self._sent if any(_quotes(each, passage) for each in real)
        )

    def invented(self, citation: Citation) -> bool:
        """Whether a citation points at nothing that was sent, or quotes what is not there."""
        return not any(_quotes(citation, passage) for passage in self._sent)

    @cached_property
    def sent(self) -> str:
        """All that was sent from articles, cited or not."""
        return "\n".join(part for each in self.passages for part in passage_texts(each))

    @cached_property
    def sources(self) -> tuple[CitedArticle, ...]:
        """The cited articles, each once."""
        return sources_of(self.cited)

    @cached_property
    def firm(self) -> frozenset[FactKey]:
        """The facts that the cited articles and the desk's words in the thread hold."""
        return self._ours(self.cited)

    @cached_property
    def hoped(self) -> frozenset[FactKey]:
        """The same of all passages sent: an answer that is not finished may cite any of them."""
        return self._ours(self._sent)

    @cached_property
    def theirs(self) -> frozenset[FactKey]:
        """The facts of the customer's own words: to be repeated as theirs, but no ground."""
        return known_keys([self.message, *self.asked], without=CONTACTS)

    @cached_property
    def papers(self) -> frozenset[FactKey]:
        """The facts of what the customer attached."""
        parts = [part for each in self.attached for part in passage_texts(each)]
        return known_keys([*parts, *self.asked, self.message], without=CONTACTS)

    @cached_property
    def made_up(self) -> bool:
        """Whether the text is truly invented: the customer asked for one to be written."""
        return self.free and wants_a_text(self.message)

    @property
    def _sent(self) -> Sequence[Passage]:
        return (*self.passages, *self.attached, *self.looked)

    def _ours(self, passages: Sequence[Passage]) -> frozenset[FactKey]:
        elsewhere = {passage.source for passage in (*self.attached, *self.looked)}
        ours = [
            part
            for each in passages
            if each.source not in elsewhere
            for part in passage_texts(each)
        ]
        looked = _parts(self.looked_at(passages))
        return known_keys([*ours, *self.said, *self.own]) | known_keys(looked, without=TOLD)

    def looked_at(self, passages: Sequence[Passage]) -> Sequence[Passage]:
        """Those of some passages that are what a system said."""
        sources = {passage.source for passage in self.looked}
        return [each for each in passages if each.source in sources]

    @cached_property
    def states(self) -> frozenset[str]:
        """What the cited systems said of how things stand, in few words: «Cancelled», «Paid out».

        A value of more words may be anything; it says nothing that the desk has done.
        """
        lines = (line for part in _parts(self.looked_at(self.cited)) for line in part.splitlines())
        values = (line.partition(": ")[2] for line in lines)
        return frozenset(each for each in values if 0 < len(each.split()) <= STATE_WORDS)


def _parts(passages: Sequence[Passage]) -> list[str]:
    return [part for each in passages for part in passage_texts(each)]


def _quotes(citation: Citation, passage: Passage) -> bool:
    # Paragraphs quoted together may be joined in any way.
    quoted = _SPACE.sub("", citation.text)
    whole = _SPACE.sub("", "".join(passage.paragraphs))
    return citation.source == passage.source and bool(quoted) and quoted in whole
