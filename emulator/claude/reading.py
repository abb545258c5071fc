"""What the stand-in has understood of one message."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from emulator.claude import entities, tone
from emulator.claude.complexity import effort_asked, is_creative
from emulator.claude.concepts import concepts
from emulator.claude.language import language
from emulator.claude.matching import Match, Matcher
from emulator.claude.matters import same_matter
from emulator.claude.questions import questions
from emulator.claude.request import Described, Request
from emulator.claude.text import STOP_WORDS, fold, sentences, stem, words

FALLBACKS = ("other", "none", "unknown", "general", "misc", "fallback", "unclear")
LONG = 30
"""Words from which on a message is read for what it asks."""

NOTHING = 0.13
"""A score below this means that no candidate fits."""
LABEL = re.compile(r"^\[[A-Z][^\[\]\n]*\]$", re.MULTILINE)
# What a form writes before an answer.
FIELD = re.compile(r"^[*_]?[A-Z][\w ]{1,30}:[*_]?(?=\s)", re.MULTILINE)


@dataclass
class Reading:
    """One request's message, read once and asked many times."""

    request: Request

    @cached_property
    def text(self) -> str:
        """The message without its labels: a line in brackets names what follows.

        Where nothing is left, what the files say. Together with what its author wrote before, where
        that waits and is the same matter.
        """
        said = LABEL.sub("", self.request.message).strip()
        if not words(said):
            said = "\n".join(self.request.files) or said
        return f"{self.request.waiting}\n{said}" if self.request.waiting and self.same else said

    @cached_property
    def brings(self) -> bool:
        """Whether something is brought with it: a file, or what somebody else said or wrote."""
        return bool(self.request.files or LABEL.search(self.request.message))

    @cached_property
    def wordless(self) -> bool:
        """Whether it holds nothing but what somebody else said or wrote."""
        return LABEL.match(self.request.message.strip()) is not None

    @cached_property
    def same(self) -> bool:
        """Whether it goes on with what its author wrote a moment before."""
        before = self.request.before
        return not before or same_matter(before, self.request.message)

    @cached_property
    def matter(self) -> str:
        """What the message asks; of a long one, or a form, without the story around it."""
        if len(words(self.text)) <= LONG and not FIELD.search(self.text):
            return self.text
        return "\n".join(questions(FIELD.sub("", self.text), "")) or self.text

    @cached_property
    def language(self) -> str:
        """ISO code: as the request says, as the message reads, as the thread reads, English."""
        told = self.request.language
        return told or language(self.text) or language(self.request.earlier) or "en"

    @cached_property
    def small_talk(self) -> str | None:
        return tone.small_talk(self.text)

    @cached_property
    def order_ids(self) -> list[str]:
        return entities.order_ids(self.text)

    @cached_property
    def emails(self) -> list[str]:
        return entities.emails(self.text)

    @cached_property
    def products(self) -> list[str]:
        lists = ("product", "item", "model")
        known = [one.name for one in self.request.described if one.tag in lists]
        return entities.products(self.text, known)

    @cached_property
    def names(self) -> list[str]:
        """Capitalised words inside a sentence, places included."""
        return entities.names(self.matter)

    @cached_property
    def key_words(self) -> list[str]:
        """Content words in order, each once."""
        found = (word for word in words(self.text) if word not in STOP_WORDS)
        return list(dict.fromkeys(word for word in found if not word.isdigit()))

    @cached_property
    def concepts(self) -> list[str]:
        return concepts([stem(word) for word in words(self.text)])

    @cached_property
    def creative(self) -> bool:
        return is_creative(self.text)

    @cached_property
    def effort(self) -> float:
        return effort_asked(self.text)

    @property
    def meaningful(self) -> bool:
        """Whether the text has words of a language it knows (gibberish has none)."""
        return language(self.text) is not None and len(words(self.text)) >= 3

    def choose(self, values: tuple[str, ...]) -> Match | None:
        """How the values that the prompt describes fit; None when it describes none."""
        matcher = _matcher(self.request.described, values)
        if matcher is None:
            return None
        match = matcher.match(self.matter)
        if match.score >= NOTHING or self.small_talk or not self.request.earlier:
            return match
        return matcher.match(f"{self.text}\n{self.request.earlier}")

    def summary(self, limit: int) -> str:
        """The first sentences, at most `limit` words."""
        found = " ".join(sentences(self.text)[:3]).split()
        return " ".join(found[:limit]) + ("…" if len(found) > limit else "")


@lru_cache(maxsize=64)
def _matcher(described: tuple[Described, ...], values: tuple[str, ...]) -> Matcher | None:
    by_tag: dict[str, dict[str, list[str]]] = {}
    wanted = {fold(value): value for value in values}
    for one in described:
        if fold(one.name) in wanted:
            known = by_tag.setdefault(one.tag, {})
            known.setdefault(wanted[fold(one.name)], []).extend(one.texts)
    if not by_tag:
        return None
    best = max(by_tag.values(), key=len)
    return Matcher({value: best.get(value, []) for value in values})
