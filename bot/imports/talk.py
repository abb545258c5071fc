"""What was said in a ticket of another desk: whose words, when, and which customers never saw."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.ticket_files.exports import Exchange
from bot.ticket_files.html_text import plain_text
from bot.ticket_files.ticket_columns import as_text, field_of

Side = Literal["customer", "agent", "note"]
# A conversation that no export is known for: lists of objects with these fields.
ANY = Exchange(
    words=("text", "body", "content", "message"),
    author=("author.name", "author.email", "author", "from", "sender.name", "sender", "name"),
    at=("created_at", "createdAt", "created", "at", "date", "time", "timestamp"),
    id=("id",),
    side="role",
    customers=("customer", "user", "client", "requester", "end-user", "contact", "lead"),
    private="private",
)
_CELL = re.compile(r"([^;\n]{6,40});([^;\n]{0,200});(.*)", re.DOTALL)
_FALSE = frozenset({"", "false", "0", "no", "none", "f", "n"})


@dataclass(frozen=True)
class Spoken:
    """Words of somebody. `at` is the date as it is written, `name` tells it from the others."""

    words: str
    author: str
    side: Side
    at: str
    name: str


def spoken(record: Mapping[str, Any], talk: Exchange, requester: str) -> list[Spoken]:
    """What a record says was said, in its order; words of the `requester` are the customer's."""
    found = [*_of_lists(record, talk, requester), *_of_cells(record, talk, requester)]
    return [each for each in found if each.words]


def spoken_in_list(items: Sequence[Any], requester: str) -> list[Spoken]:
    """What a list of objects says was said, where no export is known.

    Who speaks first is the customer, when nothing else tells.
    """
    objects = [each for each in items if isinstance(each, dict)]
    first = next((_text(each, ANY.author) for each in objects), "")
    said = (_of_object(each, ANY, requester or first, place) for place, each in enumerate(objects))
    return [each for each in said if each and each.words]


def spoken_in_row(record: Mapping[str, Any], rows: Exchange, words: str, at: str) -> Spoken | None:
    """The message that a row is, where each row is one; None if people said nothing in it."""
    side = _side(record, rows, requester=None)
    name = _text(record, rows.id)
    author = _text(record, rows.author)
    return Spoken(plain_text(words), author, side, at, name) if side else None


def _of_lists(record: Mapping[str, Any], talk: Exchange, requester: str) -> Iterator[Spoken]:
    """The objects of the lists, and those that stand alone; one that is told twice once."""
    told: set[str] = set()
    for path in talk.list:
        items = field_of(record, path)
        listed = items if isinstance(items, list) else [items]
        for place, each in enumerate(listed):
            name = _text(each, talk.id) if isinstance(each, dict) else ""
            if not isinstance(each, dict) or name in told:
                continue
            told |= {name} - {""}
            if found := _of_object(each, talk, requester, place):
                yield found


def _of_object(
    item: Mapping[str, Any], talk: Exchange, requester: str, place: int
) -> Spoken | None:
    side = _side(item, talk, requester)
    if side is None:
        return None
    name = _text(item, talk.id) or f"{place}"
    words = plain_text(_text(item, talk.words))
    return Spoken(words, _text(item, talk.author), side, _text(item, talk.at), name)


def _of_cells(record: Mapping[str, Any], talk: Exchange, requester: str) -> Iterator[Spoken]:
    """Cells `date;author;words`, as Jira writes comments."""
    if talk.column is None:
        return
    cells = record.get(talk.column)
    for place, cell in enumerate(cells if isinstance(cells, list) else [cells]):
        if not cell:
            continue
        found = _CELL.fullmatch(str(cell))
        at, author, words = found.groups() if found else ("", "", str(cell))
        side: Side = "customer" if author and author == requester else "agent"
        yield Spoken(plain_text(words.strip()), author, side, at, f"{place}")


def _side(item: Mapping[str, Any], talk: Exchange, requester: str | None) -> Side | None:
    """Whose words they are; None where no person speaks."""
    said = _text(item, (talk.side,)) if talk.side else ""
    if said in talk.ignored:
        return None
    private = _text(item, (talk.private,)).lower() if talk.private else ""
    public = _text(item, (talk.public,)).lower() if talk.public else ""
    if private in talk.privates if talk.privates else private not in _FALSE:
        return "note"
    if talk.public and public in _FALSE - {""}:
        return "note"
    if said:
        return "customer" if said in talk.customers else "agent"
    author = {_text(item, (path,)) for path in talk.author}
    return "customer" if requester and requester in author else "agent"


def _text(item: Mapping[str, Any], paths: Sequence[str | None]) -> str:
    values = (as_text(field_of(item, path)).strip() for path in paths if path)
    return next((each for each in values if each), "")
