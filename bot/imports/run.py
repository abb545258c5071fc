"""The tickets of another desk, from a table into the store, a few hundred at a time."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice

from bot.imports.past_ticket import NobodySpeaks, NotUsable, PastTickets
from bot.ticket_files.account import reason_kind
from bot.ticket_files.record import Record
from bot.ticket_files.table import Table
from storage.db.database import Store
from storage.intake.imported import ImportCounts, ImportedTicket, import_tickets

# Tickets in one transaction: other writers wait no longer than that.
AT_A_TIME = 200
SAME = "the same as an earlier row"


@dataclass
class ImportTally:
    """What became of the rows, and of their lines."""

    counts: ImportCounts = field(default_factory=ImportCounts)
    done: int = 0
    done_lines: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    failed_lines: int = 0


class TicketImport:
    """Brings a table's tickets in; each row that is none is told with its line.

    With `together` further rows of a number are more messages of its ticket; otherwise they fail,
    unless they say the very same.
    """

    def __init__(
        self, table: Table, past: PastTickets, tell: Callable[[str], None], *, together: bool
    ) -> None:
        self._table = table
        self._past = past
        self._tell = tell
        self._together = together
        self._seen: dict[bytes, tuple[int, bytes, int]] = {}
        self.tally = ImportTally()

    async def run(self, store: Store, stopped: Callable[[], bool]) -> bool:
        """Import every row that can be used; whether it came to the end.

        `stopped` is asked between transactions. Doing it again changes nothing that is done.
        """
        rows = self._usable()
        while some := list(islice(rows, AT_A_TIME)):
            if stopped():
                return False
            self.tally.counts += await store.write(import_tickets, [ticket for ticket, _ in some])
            self.tally.done += len(some)
            self.tally.done_lines += sum(lines for _, lines in some)
        return True

    def _usable(self) -> Iterator[tuple[ImportedTicket, int]]:
        for record in self._table.records():
            try:
                ticket = self._ticket(record)
            except NobodySpeaks as why:
                self._table.skipped.reasons[str(why)] += record.lines
                continue
            except NotUsable as problem:
                self.tally.failed[reason_kind(str(problem))] += 1
                self.tally.failed_lines += record.lines
                self._tell(f"line {record.line}: {problem}")
                continue
            if ticket is None:
                self._table.skipped.reasons[SAME] += record.lines
            else:
                yield ticket, record.lines

    def _ticket(self, record: Record) -> ImportedTicket | None:
        """The ticket of a record; None where an earlier row says the very same."""
        ticket = self._past.ticket(record)
        mark = blake2b(ticket.id.encode(), digest_size=8).digest()
        content = blake2b(
            repr(sorted(record.fields.items())).encode(errors="replace"), digest_size=8
        )
        line, before, count = self._seen.setdefault(mark, (record.line, content.digest(), 0))
        self._seen[mark] = (line, before, count + 1)
        if not count:
            return ticket
        if before == content.digest():
            return None
        if self._together:
            return self._past.further(record, count)
        raise NotUsable(
            f"the id {ticket.id!r} stands on line {line} already, with something else: "
            "--repeats messages if each row is a message"
        )
