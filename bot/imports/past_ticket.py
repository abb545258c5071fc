"""A record of another desk as a ticket with its messages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.imports.labels import Labels
from bot.imports.mapping import ImportMapping
from bot.imports.survey import talk_of
from bot.imports.talk import Spoken, spoken_in_row
from bot.imports.written_dates import NotADate
from bot.ticket_files.html_text import plain_text
from bot.ticket_files.record import Record
from bot.ticket_files.table import Table
from bot.ticket_files.ticket_columns import field_of
from storage.intake.imported import ImportedMessage, ImportedTicket

# The names of a ticket's first words and of the answer that stands in its row.
FIRST, ANSWER = "0", "1"


class NotUsable(ValueError):
    """A row is no ticket; the sentence says why."""


class NobodySpeaks(ValueError):
    """A row tells of something that the other desk did by itself."""


class PastTickets:
    """Makes records tickets of the other desk that is called `desk`."""

    def __init__(self, table: Table, desk: str, mapping: ImportMapping, labels: Labels) -> None:
        self._table = table
        self._columns = table.columns
        self._desk = desk
        self._mapping = mapping
        self._labels = labels

    def ticket(self, record: Record) -> ImportedTicket:
        """The ticket that a record holds.

        Raises:
            NotUsable: it holds none, or a date that cannot be read.
            NobodySpeaks: each row is a message, and this one is nobody's.
        """
        if record.problem:
            raise NotUsable(record.problem)
        name = self._name(record)
        solved_at = self._moment("solved_at", self._get("solved_at", record))
        said = self._in_time(talk_of(record, self._table))
        opened_at = self._opened_at(record, said, solved_at)
        messages = tuple(self._messages(record, said, opened_at, solved_at))
        if not messages and (subject := plain_text(self._get("subject", record))):
            # A ticket that is nothing but its subject was one all the same.
            messages = (self._first(record, subject, self._get("requester", record), opened_at),)
        if not messages:
            raise NotUsable(f"no {self._columns.column('text')}")
        label = self._labels.get(name, {})
        ticket = ImportedTicket(
            source=self._desk,
            id=name,
            opened_at=opened_at,
            said=messages,
            title=label.get("title") or self._get("subject", record),
            requester=self._get("requester", record),
            assignee=self._mapping.agent(self._get("assignee", record)),
            status=self._mapping.status(self._get("status", record), solved_at),
            priority=self._mapping.priority(self._get("priority", record)),
            solved_at=solved_at,
            labels={key: value for key, value in label.items() if key != "title"},
        )
        _check_sound(ticket)
        return ticket

    def further(self, record: Record, place: int) -> ImportedTicket:
        """What another row says in the same ticket, as one message of it."""
        ticket = self.ticket(record)
        messages = tuple(
            replace(each, name=each.name if each.name != FIRST else f"r{place}", place=place)
            for each in ticket.said
            if each.name != ANSWER
        )
        return replace(ticket, said=messages, further=True)

    def _name(self, record: Record) -> str:
        column = self._columns.column("id")
        name = self._get("id", record)
        if not name and column:
            raise NotUsable(f"no {column}")
        return name or str(record.line)

    def _in_time(self, said: list[Spoken]) -> list[Spoken]:
        """What was said, the earliest first: some desks begin with the last."""
        moments = [self._moment("a comment", each.at) for each in said]
        known = [at for at in moments if at]
        if len(known) < len(said):
            return said
        return [said[place] for _at, place in sorted(zip(known, range(len(said)), strict=True))]

    def _opened_at(
        self, record: Record, said: list[Spoken], solved_at: datetime | None
    ) -> datetime:
        dates = (self._get("opened_at", record), *(each.at for each in said))
        first = next((text for text in dates if text), "")
        at = self._moment("opened_at", first) or self._mapping.opened_on or solved_at
        if at is None:
            raise NotUsable("no date")
        return at

    def _messages(
        self,
        record: Record,
        said: list[Spoken],
        opened_at: datetime,
        solved_at: datetime | None,
    ) -> Iterator[ImportedMessage]:
        """The first words, the answer of the row, and what was said besides, in its order."""
        requester = self._get("requester", record)
        column = self._columns.column("text")
        whole = column is not None and isinstance(field_of(record.fields, column), list)
        text = "" if whole and said else plain_text(self._get("text", record))
        if said and (text == self._get("subject", record) or _same(text, said[0])):
            # A desk that keeps all words as messages has no others to begin with.
            text = ""
        if text:
            yield self._first(record, text, requester, opened_at)
        last = opened_at
        for place, each in enumerate(said, 2):
            last = self._moment("a comment", each.at) or last
            author = each.author or (requester if each.side == "customer" else "")
            name = FIRST if not text and place == 2 else f"c{each.name}"
            author = self._mapping.agent(author) if each.side != "customer" else author
            yield ImportedMessage(name, each.side, author, each.words, last, place)
        if answer := plain_text(self._get("answer", record)):
            agent = self._mapping.agent(self._get("assignee", record))
            yield ImportedMessage(ANSWER, "agent", agent, answer, solved_at or last, len(said) + 2)

    def _first(self, record: Record, text: str, requester: str, at: datetime) -> ImportedMessage:
        """The words of the row: the customer's, or whose it says where each row is a message."""
        rows = self._table.export.rows if self._table.export else None
        if rows is None:
            return ImportedMessage(FIRST, "customer", requester, text, at)
        found = spoken_in_row(record.fields, rows, text, "")
        if found is None:
            raise NobodySpeaks("of what the other desk did by itself")
        author = found.author or requester
        return ImportedMessage(f"c{found.name or record.line}", found.side, author, text, at)

    def _get(self, thing: str, record: Record) -> str:
        return self._columns.get(thing, record.fields)

    def _moment(self, thing: str, text: str) -> datetime | None:
        try:
            return self._mapping.moment(text)
        except NotADate as problem:
            raise NotUsable(f"{thing}: {problem}") from None


def _same(text: str, first: Spoken) -> bool:
    """Whether the first message says what the ticket does, as it does at some desks."""
    return first.side == "customer" and text.split() == first.words.split()


def _check_sound(ticket: ImportedTicket) -> None:
    """Half characters, which a JSON escape can hold, are no text and cannot be stored."""
    try:
        texts = (each.text + each.author for each in ticket.said)
        "".join((ticket.id, ticket.title, ticket.requester, ticket.assignee, *texts)).encode()
    except UnicodeEncodeError:
        raise NotUsable("half a character (a lone surrogate) in it") from None
