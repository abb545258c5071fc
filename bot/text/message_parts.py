"""What a message says, in parts that are each looked for by themselves.

Asked as a whole, a message finds what most of its words are about; a part finds what that part is
about. Pure, and linear in the text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from bot.text.locale import SearchWords, locales
from storage.text.folding import fold

MOST_TEXT = 6_000  # characters; of a longer message its beginning and its end
# A part is a sentence. One that is longer, as where people type without marks, is read through a
# window of so many words that moves on by half of it.
WINDOW = 20
STRIDE = WINDOW // 2
LONGEST = 26
# What is told before a question is read with it: so many sentences, and so many words together.
TOLD = 2
WITH_TOLD = 40
# Words after which a message that ends soon holds a name and no question.
SIGNED = 12

# What Slack writes for emojis: «:smile:», «:+1::skin-tone-2:»; «10:30:15» and «std::map» are none.
_SHORTCODE = re.compile(
    r"(?:(?<=[\s.!?,)])|\A)(?::(?=[\d_+'-]*[a-z]|[+-]1:)[a-z0-9_+'-]+:)+(?![\w:])"
)
_PARAGRAPH = re.compile(r"\n\s*\n")
_END = re.compile(r"(?<=[.!?…。！？])[\"'»”’)\]]*\s+|\s*\n\s*")


def parts(text: str) -> list[str]:
    """The parts of a message; the salutation and the signature are none.

    Its sentences in order, and each question once more with what is told right before it.
    """
    said = bare(_shortened(text))
    alone = [part for sentence in sentences(said) for part in windows(sentence)]
    return [*alone, *_in_context(said)]


def _in_context(text: str) -> Iterator[str]:
    """Questions that follow what is told in the same paragraph: «X happens. Why?»."""
    for paragraph in _PARAGRAPH.split(text):
        told: list[str] = []
        for sentence in sentences(paragraph):
            if not asks(sentence):
                told.append(sentence)
                continue
            if told:
                yield " ".join(" ".join([*told[-TOLD:], sentence]).split()[-WITH_TOLD:])
            told = []


def sentences(text: str) -> list[str]:
    """A text cut where a sentence or a line ends; a dot in an address is no end."""
    return [each.strip() for each in _END.split(text) if each.strip()]


def bare(text: str) -> str:
    """A message without its salutation and its signature, unless nothing else is left."""
    begun = _salutation().sub("", without_emojis(text), count=1)
    begun = _sent_by().sub("", begun)
    tail = max(len(begun) - 200, 0)
    closing = _closing().search(begun, tail)
    if closing and len(closing["name"].split()) <= SIGNED:
        begun = begun[: closing.start()]
    return begun if begun.strip() else text


def without_emojis(text: str) -> str:
    """A text without the names that Slack writes for emojis."""
    return _SHORTCODE.sub(" ", text)


def gist(text: str, most: int) -> str:
    """At most so many words that say what is asked: a short message, of a longer one a question.

    The last question of it, with as much of what is said before it as there is room for. Empty
    where a long message has none.
    """
    said = bare(_shortened(text))
    if len(said.split()) <= most:
        return said
    every = sentences(said)
    last = max((place for place, each in enumerate(every) if asks(each)), default=-1)
    return " ".join(" ".join(every[: last + 1]).split()[-most:])


def asks(part: str) -> bool:
    """Whether a part is put as a question, with a mark or without."""
    return bool(_asks().search(part))


def windows(sentence: str) -> list[str]:
    """A sentence, or what is seen of a long one through a window that moves over it."""
    said = sentence.split()
    if len(said) <= LONGEST:
        return [sentence]
    starts = range(0, len(said) - STRIDE, STRIDE)
    return [" ".join(said[start : start + WINDOW]) for start in starts]


def _shortened(text: str) -> str:
    half = MOST_TEXT // 2
    return text if len(text) <= MOST_TEXT else f"{text[:half]}\n{text[-half:]}"


@cache
def _salutation() -> re.Pattern[str]:
    """«Dear Ms Hill,» and «chào anh Nam,» before what is asked in the same breath."""
    begun = _any(lambda words: words.greetings)
    return re.compile(rf"^\s*{begun}\b[^,.!?:\n]{{0,30}}[,!:]", re.IGNORECASE)


@cache
def _closing() -> re.Pattern[str]:
    """Before the name of who signs: a line of nothing else, so «best» in a sentence is none."""
    said = _any(lambda words: words.closings)
    return re.compile(
        rf"(?:^|(?<=[.!?\n]))[ \t]*(?:{said}[^\n,.!?]{{0,30}}[,.!]*\s)(?P<name>[^?]*)$",
        re.IGNORECASE,
    )


@cache
def _sent_by() -> re.Pattern[str]:
    """The line that a telephone puts under a message."""
    begins = _any(lambda words: words.sent_by)
    return re.compile(rf"(?:\A|\n)[ \t-]*{begins}\b[^\n]{{0,60}}\s*\Z", re.IGNORECASE)


@cache
def _asks() -> re.Pattern[str]:
    before = _any(lambda words: words.before_asking)
    begins = _any(lambda words: words.begins_asking)
    anywhere = _any(lambda words: words.asking)
    return re.compile(rf"\?|^(?:{before} )?{begins}\b|\b{anywhere}\b", re.IGNORECASE)


def _any(phrases: Callable[[SearchWords], Iterable[str]]) -> str:
    """A pattern of every language's phrases, with accents and without, the longest first."""
    said = {each for one in locales().values() for each in phrases(one.search)}
    every = sorted(said | {fold(each) for each in said}, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, every))})"
