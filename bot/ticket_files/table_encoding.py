"""In which encoding a file is written: by its mark, as somebody says, or plainly by its bytes.

Nothing is guessed: where the bytes do not show it, the reading stops with what they might be and
the option that says so.
"""

import codecs
import io
from typing import BinaryIO, cast

from charset_normalizer import from_bytes

from bot.ticket_files.record import UNDECODED, NotATable
from bot.ticket_files.source import Source

MARKS = (
    # A mark of UTF-32 begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
# What tables are written in that are not Unicode.
LIKELY = (
    "cp1252", "cp1258", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "cp874", "cp932", "gb18030", "big5", "euc_jp", "euc_kr", "iso8859_2", "iso8859_5",
)  # fmt: skip
CALLED = {
    **{f"cp{number}": f"windows-{number}" for number in range(1250, 1259)},
    "cp932": "shift_jis",
}
# Characters of a line that are shown of a proposal.
SHOWN = 40
_HANDLER = "deskhand-undecoded"
codecs.register_error(_HANDLER, lambda error: (UNDECODED, error.end))  # type: ignore[attr-defined]


def find_encoding(head: bytes, said: str | None) -> str:
    """The encoding of a file that begins so; `said` is what people say it is.

    Raises:
        NotATable: there is none of that name, or the bytes are not UTF-8 and nothing says what.
    """
    marked = next((name for mark, name in MARKS if head.startswith(mark)), None)
    if said is not None:
        name = _known(said)
        shown = marked or _wide(head)
        if shown and _family(shown) == _family(name):
            return shown
        # Without a mark there is no telling; most machines write it in this order.
        return f"{name}-le" if name in ("utf-16", "utf-32") else name
    found = marked or _wide(head)
    if found is None and _in_doubt(head):
        raise NotATable(_proposal(head))
    return found or "utf-8"


def decoded(source: Source, encoding: str, newline: str | None) -> io.TextIOWrapper:
    """The text of a source; bytes that are no text become `UNDECODED`."""
    return io.TextIOWrapper(cast("BinaryIO", source), encoding, errors=_HANDLER, newline=newline)


def decoded_head(head: bytes, encoding: str) -> str:
    """The text of the first bytes; a character that is cut at their end is left out."""
    decoder = codecs.getincrementaldecoder(encoding)(_HANDLER)
    return decoder.decode(head)


def told_encoding(encoding: str) -> str:
    """How an encoding is called among people."""
    return CALLED.get(encoding, encoding.removesuffix("-sig").replace("_", "-")).upper()


def _known(said: str) -> str:
    try:
        name = codecs.lookup(said).name
        # Some codecs turn bytes into bytes, and some know no incomplete text.
        sample = io.BytesIO("id,body\n1,a\n".encode(name))
        io.TextIOWrapper(sample, name, errors=_HANDLER).read()
    except (LookupError, ValueError, TypeError, AttributeError):
        raise NotATable(
            f"--encoding: there is no encoding {said!r}; usual ones are utf-8, utf-16, "
            "windows-1252, windows-1258, shift_jis and gb18030"
        ) from None
    return name


def _family(name: str) -> str:
    """UTF-8, UTF-16 or UTF-32, however the order of the bytes is said."""
    plain = name.lower().replace("_", "-")
    return "-".join(plain.split("-")[:2]) if plain.startswith("utf-") else plain


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: separators and digits have zeros in the same places."""
    sample = head[: len(head) - len(head) % 4][:4096]
    if len(sample) < 4 or sample.count(0) * 16 < len(sample):
        return None
    zeros = [sample[place::4].count(0) for place in range(4)]
    quarter = len(sample) // 4
    order: tuple[tuple[str, bool], ...] = (
        ("utf-32-le", min(zeros[2:]) == quarter),
        ("utf-32-be", min(zeros[:2]) == quarter),
        ("utf-16-le", zeros[1] + zeros[3] > 4 * (zeros[0] + zeros[2])),
        ("utf-16-be", zeros[0] + zeros[2] > 4 * (zeros[1] + zeros[3])),
    )
    for name, fits in order:
        if fits and UNDECODED not in (text := decoded_head(sample, name)) and _is_text(text):
            return name
    return None


def _is_text(text: str) -> bool:
    return all(char.isprintable() or char in "\r\n\t\ufeff" for char in text)


def _in_doubt(head: bytes) -> bool:
    """Whether so many lines are not UTF-8 that the file is written in something else."""
    lines = [line for line in head.replace(b"\r", b"\n").split(b"\n") if line]
    if len(head) > 1 and lines and not head.endswith((b"\n", b"\r")):
        # The last line may be cut within a character.
        lines[-1] = lines[-1][:-3] if len(head) >= 65_536 else lines[-1]
    foreign = [line for line in lines if not line.isascii()]
    damaged = sum(map(_damaged, foreign))
    sound = len(foreign) - damaged
    return damaged > sound and (damaged >= 3 or damaged * 4 >= len(lines) or damaged == 2)


def _proposal(head: bytes) -> str:
    """What the bytes might be, each with how a line would read."""
    foreign = next(
        line for line in head.splitlines() if UNDECODED in line.decode("utf-8", _HANDLER)
    )
    found = [each.encoding for each in from_bytes(head, cp_isolation=list(LIKELY))]
    names = list(dict.fromkeys([*found[:3], "cp1252"]))[:3]
    told = "; ".join(
        f"--encoding {CALLED.get(name, name)} reads {_shown(foreign, name)!r}" for name in names
    )
    return f"it is not in UTF-8, and nothing says in what it is: {told}"


def _damaged(line: bytes) -> bool:
    return UNDECODED in line.decode("utf-8", _HANDLER)


def _shown(line: bytes, name: str) -> str:
    return line.decode(name, "replace").strip()[:SHOWN]
