"""A message as search terms: any text goes in, only plain words come out. Pure."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from bot.knowledge.synonyms import synonyms
from bot.text.locale import locales
from bot.text.message_parts import asks, bare, parts, sentences
from storage.knowledge.query import TellingWord, Terms
from storage.text.folding import fold, pairs, stem, words

MOST_WORDS = 40  # of a part: more stand in it only where nothing but marks is between them
_CODE = re.compile(r"\b[^\W\d_]{1,4}-(?=\d)")  # the letters of an order number say nothing


def message_terms(text: str) -> list[Terms]:
    """The terms of each part of a message that asks anything."""
    return asking(parts(text))


def read_terms(part: str) -> Terms:
    """The terms of a part. Stop words tell nothing alone, but «bao lâu» tells as a pair."""
    spelled = words(_CODE.sub("", part))[:MOST_WORDS]
    plain = [fold(word) for word in spelled]
    joined = pairs(plain)
    unsought = unsought_words()
    searched = [place for place, word in enumerate(spelled) if word not in unsought]
    places = {plain[place]: place for place, word in enumerate(spelled) if _tells(word)}
    telling = [
        _telling(spelled[place], plain[place], joined[max(place - 1, 0) : place + 1])
        for place in places.values()
    ]
    stems = dict.fromkeys(stem(spelled[place]) for place in searched)
    others = sorted({other for word in telling for other in word.synonyms} - {*stems, *joined})
    return Terms(
        stems=tuple(stems),
        folded=tuple(dict.fromkeys(plain[place] for place in searched)),
        pairs=tuple(dict.fromkeys(joined)),
        telling=tuple(telling),
        question=asks(part),
        other_stems=tuple(each for each in others if "_" not in each),
        other_pairs=tuple(each for each in others if "_" in each),
    )


def asking(said: Iterable[str]) -> list[Terms]:
    """The terms of each part that asks anything; where all are mere courtesies, of those."""
    read = [each for each in map(read_terms, said) if each.telling]
    polite = _courtesies()
    return [each for each in read if any(one.word not in polite for one in each.telling)] or read


def told(text: str) -> list[str]:
    """The sentences of a text that say more than courtesies, all words of each of them.

    Its salutation and its signature are none. Where everything is a courtesy, all of them.
    """
    said = sentences(bare(text))
    return [each for each in said if _says(each)] or said


@cache
def stop_words() -> frozenset[str]:
    """The words of all languages that tell nothing, with accents and without."""
    said = frozenset[str]().union(*(each.search.stop for each in locales().values()))
    return said | {fold(word) for word in said}


@cache
def unsought_words() -> frozenset[str]:
    """The stop words that are not even looked up."""
    found = (each.search for each in locales().values() if not each.search.look_up_stop_words)
    return frozenset[str]().union(*(each.stop for each in found))


@cache
def _courtesies() -> frozenset[str]:
    said = frozenset[str]().union(*(each.search.courtesies for each in locales().values()))
    return said | {fold(word) for word in said}


def _telling(word: str, plain: str, beside: Sequence[str]) -> TellingWord:
    known = synonyms()
    stemmed = stem(word)
    others = [known[key] for key in (stemmed, *beside) if key in known]
    meant = frozenset[str]().union(*others) - {stemmed} if others else frozenset[str]()
    return TellingWord(word, stemmed, plain, frozenset(beside), meant)


def _says(sentence: str) -> bool:
    polite = _courtesies()
    return any(word.isdigit() or (_tells(word) and word not in polite) for word in words(sentence))


def _tells(word: str) -> bool:
    """Single letters are what is left of «it's» and the like."""
    return word not in stop_words() and (len(word) > 1 or word.isdigit())
