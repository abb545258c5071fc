"""The words of each language, read from one file a language in `bot/locales/`.

A language is there when its file is; nothing else names the languages of the desk.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

FALLBACK = "en"
FILES = Path(__file__).parents[1] / "locales"


def _split(words: object) -> object:
    return frozenset(words.split()) if isinstance(words, str) else words


def _phrases(words: object) -> object:
    if isinstance(words, str):
        return tuple(each.replace("_", " ") for each in words.split())
    return words


def _groups(lines: object) -> object:
    if isinstance(lines, str):
        return tuple(tuple(line.split()) for line in lines.splitlines() if line.strip())
    return lines


# Separated by white space; an underscore is a space within a term.
TermList = Annotated[tuple[str, ...], BeforeValidator(_phrases)]
WordSet = Annotated[frozenset[str], BeforeValidator(_split)]
# One group a line.
WordGroups = Annotated[tuple[tuple[str, ...], ...], BeforeValidator(_groups)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StatusWords(_Part):
    """What shows in turn while the bot is at work."""

    loading: tuple[str, ...]


class CourtesyPhrases(_Part):
    """Folded phrases by which thanks and okay are recognised, and what may stand beside them.

    `remarks` are what people say to each other and nobody says to a desk: «same here», «lol».
    """

    thanks: tuple[str, ...]
    okay: tuple[str, ...]
    around: tuple[str, ...]
    remarks: tuple[str, ...] = ()


class AddressingWords(_Part):
    """Folded words around a person's name, by which a message shows whom it is for.

    `before` may stand in front of a name that is called, `between` two of them. After a name,
    `told` says that this is told of that person, and so does `told_or_asked`, unless one of
    `inverted` follows: then the person is asked. What holds nothing but words of `pointing` asks
    nothing itself: it points at what was said before. One of `asking` may ask or want something
    wherever it stands.
    """

    before: WordSet
    between: WordSet
    told: WordSet
    told_or_asked: WordSet
    inverted: WordSet
    pointing: WordSet
    asking: WordSet


class ComparedWords(_Part):
    """Folded words: frequent ones tell the language, fillers say nothing about a question."""

    frequent: WordSet
    filler: WordSet


class SearchWords(_Part):
    """What the words of a message tell a search, as people write them, with accents.

    `stop` tell nothing, and are not even looked up where `look_up_stop_words` is false. A sentence
    of `courtesies` alone asks nothing. Those of a group of `synonyms` stand for each other. The
    rest are phrases: what begins a letter, ends it or is put under it, what a question begins with
    or has in it.
    """

    stop: WordSet
    look_up_stop_words: bool
    courtesies: WordSet
    synonyms: WordGroups = ()
    greetings: tuple[str, ...]
    closings: tuple[str, ...]
    sent_by: tuple[str, ...]
    begins_asking: tuple[str, ...]
    before_asking: tuple[str, ...]
    asking: tuple[str, ...]


class Insults(_Part):
    """Insults as they are spelled; those `only_accented` mean something else without accents."""

    spelled: tuple[str, ...] = ()
    only_accented: tuple[str, ...] = ()


class SpokenWords(_Part):
    """What is `said` without stating anything, and what makes a clause `modest`, as spelled."""

    said: TermList = ()
    modest: TermList = ()


class Locale(_Part):
    """All words of one language.

    `phrases` are what customers read, by name; `why` the reasons of readers for giving no text of a
    file, and `unread` the sentences about files that were not read, `file` the one with a reason.
    `terms` and `frames` are what the gate recognises; see `bot/text/frames.py`.
    """

    phrases: Mapping[str, str]
    why: Mapping[str, str]
    unread: Mapping[str, str]
    status: StatusWords
    courtesies: CourtesyPhrases
    addressing: AddressingWords
    words: ComparedWords
    search: SearchWords
    terms: Mapping[str, TermList] = {}
    frames: Mapping[str, tuple[str, ...]] = {}
    insults: Insults = Insults()
    spoken: SpokenWords = SpokenWords()


@cache
def locales() -> Mapping[str, Locale]:
    """Every language by its ISO 639 code, the fallback first.

    Raises:
        ValidationError: a file lacks a part, or has one that is not known.
    """
    files = sorted(FILES.glob("*.toml"), key=lambda file: (file.stem != FALLBACK, file.stem))
    return {
        file.stem: Locale.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in files
    }


def locale_of(language: str | None) -> Locale:
    """The words of a language (`vi`, `vi-VN`), or of English when its words are not there."""
    known = locales()
    return known.get((language or FALLBACK).split("-")[0].lower(), known[FALLBACK])
