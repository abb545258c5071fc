"""The word indexes of a desk that was moved: made anew of its rows, as nobody can read them out."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, literal, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db.columns import stored_id
from storage.knowledge import index
from storage.knowledge.tables import PassageRow
from storage.knowledge.words import PreparedWords
from storage.tickets.tables import Message, Ticket
from storage.tickets.text_entries import TextEntry, entry_of
from storage.tickets.text_index import text_index

AT_ONCE = 1_000
# What was deleted stands in the tables, and no longer in the index.
_INDEXED = text("SELECT rowid FROM spoken WHERE rowid >= :first AND rowid <= :last")
_HELD = text("SELECT count(*) FROM spoken")


def index_tickets(source: Connection, target: Connection) -> None:
    """Index what the source's index holds; what is there already is left out."""
    session = Session(target)
    held = set(session.scalars(text("SELECT entry FROM spoken")))
    for entries in _said(source):
        numbers = [each.number for each in entries]
        bounds = {"first": min(numbers), "last": max(numbers)}
        findable = set(source.scalars(_INDEXED, bounds)) - held
        fresh = {each.number: each for each in entries if each.number in findable}
        if fresh:
            text_index(session).add(session, list(fresh.values()))
            held |= fresh.keys()


def index_articles(target: Connection) -> None:
    """Index the passages that are in no index yet."""
    session = Session(target)
    known = set(session.scalars(text("SELECT passage_id FROM passages_words")))
    rows = session.execute(
        select(col(PassageRow.id), col(PassageRow.stemmed), col(PassageRow.folded))
    )
    fresh = [
        (number, PreparedWords(stemmed, folded))
        for number, stemmed, folded in rows
        if number is not None and number not in known
    ]
    index.index(session).add(session, fresh)


def entries_held(connection: Connection) -> int:
    """How many entries an index of tickets has."""
    return connection.scalar(_HELD) or 0


def _said(source: Connection) -> Iterator[Sequence[TextEntry]]:
    titles = select(col(Ticket.id), literal("title"), col(Ticket.title))
    spoken = select(col(Message.ticket_id), col(Message.key), col(Message.text))
    for query in (titles.order_by(col(Ticket.id)), spoken.order_by(col(Message.ticket_id))):
        for rows in source.execute(query).partitions(AT_ONCE):
            entries = [entry_of(stored_id(ticket), key, said) for ticket, key, said in rows]
            if found := [each for each in entries if each.words]:
                yield found
