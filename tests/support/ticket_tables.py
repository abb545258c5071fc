"""Files of tickets for tests: bytes in, records out, every line accounted for."""

from pathlib import Path

from bot.ticket_files.options import ReadingOptions
from bot.ticket_files.record import Record
from bot.ticket_files.table import Table, opened_table


def written(folder: Path, data: bytes | str, name: str = "tickets.csv") -> str:
    """Write a file as it is said; answers its name."""
    path = folder / name
    path.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    return str(path)


def lines_of(text: str) -> int:
    """How many lines an editor shows of a text."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain.count("\n") + (not plain.endswith("\n") and plain != "")


def read_records(name: str, **options: object) -> tuple[list[Record], Table]:
    """Every row of a file, and the table they are from."""
    with opened_table(name, ReadingOptions(**options)) as table:  # type: ignore[arg-type]
        return list(table.records()), table
