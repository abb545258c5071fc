"""What a message asks, a sentence each: as a model would put it that has read the thread as well.

By form alone: a sentence with a question mark, or one that begins like a question or a wish; where
there is none, the sentences with the rarest words. A short one is told with what was said before.
"""

from collections.abc import Sequence

from emulator.claude.noting import notes
from emulator.claude.text import STOP_WORDS, Lexicon, sentences, words

MOST = 3
SHORT = 3  # telling words below which a sentence leans on the one before it
LONGEST = 25  # words of what stands for a message that asks nothing
ASKING = Lexicon(
    *("how", "what", "when", "where", "which", "who", "why", "can i", "can you", "could you"),
    *("do you", "does it", "is there", "are there", "i want", "i would like", "i need"),
    *("bao nhiêu", "bao lâu", "thế nào", "làm sao", "ở đâu", "khi nào", "mấy", "được không"),
    *("có không", "muốn", "cần", "cách nào"),
)


def questions(text: str, earlier: str) -> list[str]:
    """At most `MOST` questions, each complete; what it asks first comes first."""
    said = sentences(text)
    marked = [each for each in said if each.endswith("?")]
    found = marked or [each for each in said if each in ASKING]
    found = found[:MOST] or [notes(text, LONGEST)]
    return [_complete(each, earlier) for each in found if each.strip()]


def _complete(sentence: str, earlier: str) -> str:
    before = _asked_before(sentences(earlier))
    leaning = before and len([w for w in words(sentence) if w not in STOP_WORDS]) < SHORT
    return f"{before.rstrip('?.! ')}, {sentence}" if leaning else sentence


def _asked_before(said: Sequence[str]) -> str:
    marked = [each for each in said if each.endswith("?")]
    return (marked or said or [""])[-1]
