"""Which sign parts the cells of a table: as its first line says, or as its lines show."""

from collections.abc import Sequence

from bot.ticket_files.cells import QUOTE, SEPARATORS, cells_of_line, plain_cell
from bot.ticket_files.ticket_columns import names_a_column

# Lines of the beginning that are looked at for the separator and the header.
LOOKED_AT = 40


def guess_separator(text: str) -> str:
    """The separator by which most lines have as many cells as the one that names the columns.

    One by which that line has names that we know comes first: what stands in cells may hold signs
    in more lines than there are rows. Empty when there is none: a single column.
    """
    lines = [line for line in text.splitlines()[:LOOKED_AT] if line.strip()]
    if lines and (said := said_separator(lines[0])):
        return said
    if lines and names_a_column(lines[0].strip("\ufeff \t").strip(QUOTE)):
        # Signs in the rows of a single column are its words.
        return ""
    scores = {each: _score(lines, each) for each in SEPARATORS}
    best = max(SEPARATORS, key=scores.__getitem__)
    return best if scores[best][1] else ""


def _score(lines: Sequence[str], separator: str) -> tuple[bool, int, int]:
    rows = [cells_of_line(line, separator)[0] for line in lines]
    header = next((row for row in rows if len(row) > 1), [])
    known = any(names_a_column(plain_cell(name)) for name in header)
    alike = sum(len(row) == len(header) for row in rows) if header else 0
    return known, alike, len(header)


def said_separator(line: str) -> str:
    """The separator that a first line `sep=;` names, as Excel has it; empty if it names none."""
    plain = line.strip("\r\n\ufeff ").strip(QUOTE)
    return plain[4] if len(plain) == 5 and plain.lower().startswith("sep=") else ""
