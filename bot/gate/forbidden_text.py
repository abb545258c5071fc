"""What no answer is made of: mentions, markup, and words of the bot's own instructions."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.gate.grounding import Grounding
from bot.gate.judgement import Fault, fault
from bot.knowledge.citations import passage_texts
from storage.text.folding import words

# Words in a row that an answer may share with what the model was told; more is a quotation.
SHARED = 7
_MENTION = re.compile(r"<[@#!][^>\s]+>|(?<![\w.+/-])@\w(?:[\w.-]*\w)?", re.IGNORECASE)
_CROWD = re.compile(r"<!|@(?:channel|here|everyone)\b", re.IGNORECASE)
_MARKUP = re.compile(r"^#{1,6} |```|^\|.*\|.*\||!\[[^\]]*\]\(|<script|<img|\]\(", re.MULTILINE)
_TAGS = re.compile(
    r"</?(?:message|thread|language|intents?|search_results?|complexit(?:y|ies)|example|document"
    r"|system|instructions?|thinking|passages?)\b[^>]*>"
    r"|\b(?:system prompt|my (?:system )?instructions (?:are|say)|i was (?:told|instructed) to"
    r"|as an ai (?:language )?model|developer mode)\b|^version: \d",
    re.IGNORECASE | re.MULTILINE,
)


def find_strays(text: str, grounding: Grounding) -> Iterator[Fault]:
    """Mentions, markup and words of our own instructions: nothing that an answer is made of."""
    ours = grounding.sent
    for match in _MENTION.finditer(text):
        if _CROWD.match(match[0]) or match[0] not in ours:
            yield fault("mention", f"it mentions {match[0]}", match[0])
    for match in _TAGS.finditer(text):
        yield fault("leak", "it talks about its own instructions", match[0])
    quoted = _quoted(text, grounding)
    if quoted:
        yield fault("leak", "it quotes its own instructions", quoted)
    for match in _MARKUP.finditer(text):
        if match[0].strip() not in ours:
            yield fault("markup", "it is not plain text", match[0])
            break


def _quoted(text: str, grounding: Grounding) -> str:
    """The first words in a row that stand in the instructions, and in nothing else."""
    told = frozenset[tuple[str, ...]]().union(*map(_runs, grounding.told))
    elsewhere = [grounding.message, *grounding.said, *grounding.own]
    elsewhere += [part for passage in grounding.passages for part in passage_texts(passage)]
    for run in _runs(text) & told:
        if not any(run in _runs(each) for each in elsewhere):
            return " ".join(run)
    return ""


@lru_cache(maxsize=256)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    said = words(text)
    return frozenset(tuple(said[at : at + SHARED]) for at in range(len(said) - SHARED + 1))
