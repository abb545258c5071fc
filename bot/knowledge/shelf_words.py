"""How the shelf stands, in words: the same in the terminal, in `check`, on the Home, in digests."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from storage.knowledge.shelf import ShelfState
from storage.knowledge.values import UnreadArticle

EMPTY = (
    "there is no article for customers yet: until there is one, every question of fact goes to a "
    "person"
)
NAMED = 5  # files named in a sentence; the others are counted


def stale_before(days: int, today: date) -> date | None:
    """The day since which articles should have been looked at; None where they never grow old."""
    return today - timedelta(days=days) if days else None


def articles_text(count: int) -> str:
    """How many articles there are."""
    return _count(count, "article")


def unread_sentence(unread: Sequence[UnreadArticle]) -> str:
    """Which files nobody could read, and why; empty where all were read."""
    if not unread:
        return ""
    kept = sum(each.kept for each in unread)
    named = _named([f"{each.source} ({each.reason})" for each in unread])
    stand = f" {_count(kept, 'last good version')} kept." if kept else ""
    return f"{_count(len(unread), 'file')} unread: {named}.{stand}"


def shelf_sentences(state: ShelfState) -> Sequence[str]:
    """All that is not as it should be, a sentence each."""
    return [*state.missing, *filter(None, (unread_sentence(state.unread), _doubtful(state)))]


def stale_sentence(state: ShelfState) -> str:
    """Which articles have grown old, the oldest first; empty where none has."""
    if not state.stale:
        return ""
    named = _named([f"{each.source} ({each.seen_on})" for each in state.stale])
    return f"{_count(len(state.stale), 'article')} not looked at for long: {named}."


def left_out_text(counts: Mapping[str, int]) -> str:
    """What was passed over, by kind, the most frequent first."""
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{count} {kind}" for kind, count in ranked)


def _doubtful(state: ShelfState) -> str:
    if not state.doubts:
        return ""
    named = _named([f"{source} ({said[0]})" for source, said in state.doubts.items()])
    return f"{_count(len(state.doubts), 'article')} not plain about themselves: {named}."


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return "; ".join(names[:NAMED]) + more


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
