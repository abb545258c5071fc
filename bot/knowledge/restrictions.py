"""What keeps an article to colleagues without the word audience: other tools have their own keys.

Obsidian, Notion, MkDocs and help centres write `internal: true`, `roles: [staff]`,
`zielgruppe: intern`, `robots: noindex` or a label. Who writes such a thing does not want customers
to read it.
"""

import re
from collections.abc import Iterable

from bot.knowledge.fields import Entry
from bot.knowledge.restriction_words import (
    LONGEST_VALUE,
    SEPARATORS,
    folded,
    is_denied,
    is_inside,
    is_open,
    joined,
    keys,
    phrases,
)

A_SENTENCE = 5  # words, from which a value is prose about permissions and no list of roles

_NOINDEX = re.compile(r"\b(?:noindex|none)\b")


def restriction(entries: Iterable[Entry]) -> str:
    """The first entry that keeps an article from customers, as it is written; empty if none."""
    return next((_as_written(each) for each in entries if _restricts(each)), "")


def names_readers(key: str) -> bool:
    """Whether a key says for whom an article is in the words of another tool or language."""
    return joined(key) in keys("for_whom")


def names_whom(key: str) -> bool:
    """Whether a key says for whom an article is, or how far it may be seen, and nothing else."""
    return joined(key) in keys("for_whom") | keys("scopes") | {"audience"}


def names_labels(key: str) -> bool:
    """Whether a key gives the labels of an article: tags, categories, topics."""
    return joined(key) in keys("labels")


def is_inside_label(value: str) -> bool:
    """Whether one of some labels is for colleagues, by itself or over others: `internal/tea`."""
    labels = (part for each in SEPARATORS.split(value) for part in each.split("/"))
    return any(map(is_inside, labels))


def _restricts(entry: Entry) -> bool:
    said = [key for each in entry.path if (key := joined(each)) not in keys("holders")]
    if not said or any("audience" in key for key in said):
        # The audience by its own name is read by who knows both of its words.
        return False
    if _closes(said, entry.value) or _is_closed_by_name(entry):
        return True
    return said[0] not in keys("telling") and len(said) < 3 and is_inside(entry.value)


def _closes(said: list[str], value: str) -> bool:
    outer, whole, denied = said[0], "".join(said), is_denied(value)
    if outer in keys("for_whom"):
        return not (denied or is_open(value) or _is_prose(value)) and bool(value.strip())
    if outer in keys("scopes"):
        return (not is_open(value) and len(said) == 1) or is_inside(value)
    if outer in keys("labels"):
        return is_inside_label(value)
    return (
        (whole in keys("closed_keys") and not denied and _closes_more_than_parts(value))
        or (whole in keys("open_keys") and denied)
        or (outer in keys("robots") and _NOINDEX.search(value.lower()) is not None)
    )


def _closes_more_than_parts(value: str) -> bool:
    return bool(value.strip(" ~")) and folded(value) not in phrases("page_parts")


def _is_closed_by_name(entry: Entry) -> bool:
    """Whether a key is itself what keeps customers out: `for_agents_only: true`, `agents: only`."""
    outer = entry.path[-1]
    switched = folded(entry.value) in phrases("affirmations") | phrases("only")
    return switched and is_inside(outer) and joined(outer) not in keys("telling")


def _is_prose(value: str) -> bool:
    """Whether a value is a sentence that names nobody within: what readers need for the matter."""
    words = folded(value).split()
    return len(words) >= A_SENTENCE and not any(
        f" {each} " in f" {' '.join(words)} " for each in phrases("insiders") | phrases("marks")
    )


def _as_written(entry: Entry) -> str:
    return f"{'.'.join(entry.path)}: {' '.join(entry.value.split())[:LONGEST_VALUE]}"
