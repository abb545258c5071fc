"""The bytes of a file, unpacked where it is packed, and never more than there can be."""

import io
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from gzip import GzipFile
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from bot.ticket_files.record import NotATable
from bot.ticket_files.shown_names import shown_names

# Bytes that are looked at to see what a file is.
HEAD = 256 * 1024
# A table packs to a tenth or a fiftieth. What unpacks to more than this many times its own size,
# and to more than this many bytes, was made to fill a disk or a day.
RATIO = 250
ALWAYS = 64 * 1024 * 1024
STANDARD_INPUT = "-"
# What a file that is no table begins with, and what to do about it.
OTHER_KINDS = (
    (b"%PDF-", "a PDF: deskhand summarize reads documents"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls): save the sheet as CSV in UTF-8"),
    (b"SQLite format 3\0", "a SQLite database: export its table as CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"BZh", "packed with bzip2: unpack it first, or pack it with gzip"),
    (b"\xfd7zXZ\0", "packed with xz: unpack it first, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd: unpack it first, or pack it with gzip"),
    (b"\x1f\x8b", "packed twice: unpack it once first"),
    (b"PK\x03\x04", "an archive within an archive, or a workbook: unpack it first"),
    (b"PAR1", "a Parquet file: export it as CSV or JSON lines"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"<?xml", "XML: export it as CSV or JSON"),
    (b"<!DOCTYPE", "a web page, perhaps a log-in page saved in place of the export"),
    (b"<html", "a web page, perhaps a log-in page saved in place of the export"),
)
_BROKEN = (OSError, EOFError, zlib.error, BadZipFile, RuntimeError, NotImplementedError)


class Source(io.BufferedIOBase):
    """The unpacked bytes. `failure` says why they end early, if they do; nothing raises."""

    def __init__(self, stream: BinaryIO, packed: BinaryIO | None = None, size: int = 0) -> None:
        self._stream = stream
        self._packed = packed
        self._held = b""
        self._most = max(size * RATIO, ALWAYS) if packed else None
        self._read = 0
        self._given = 0
        self.size = size
        self.failure: str | None = None

    @property
    def position(self) -> int:
        """Bytes of the file that were read, packed as they are."""
        return self._packed.tell() if self._packed else self._given

    def head(self) -> bytes:
        """The first bytes, which are read again later; of a pipe at least a line."""
        pieces = [self._held]
        while sum(map(len, pieces)) < HEAD and (piece := self._pull(HEAD)):
            pieces.append(piece)
            if not self.size and b"\n" in piece:
                break
        self._held = b"".join(pieces)
        return self._held

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """So many bytes, or all of them."""
        wanted = sys.maxsize if size is None or size < 0 else size
        pieces: list[bytes] = []
        while wanted > 0 and (piece := self.read1(min(wanted, HEAD))):
            pieces.append(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def read1(self, size: int = -1, /) -> bytes:
        """Some bytes, as soon as there are any; none at the end."""
        size = HEAD if size < 0 else size
        piece, self._held = self._held[:size], self._held[size:]
        piece = piece or self._pull(size)
        self._given += len(piece)
        return piece

    def _pull(self, size: int) -> bytes:
        if self.failure:
            return b""
        try:
            piece = getattr(self._stream, "read1", self._stream.read)(size)
        except _BROKEN as error:
            self.failure = f"the file is damaged from here on ({_reason(error)})"
            return b""
        self._read += len(piece)
        if self._most is not None and self._read > self._most:
            self.failure = f"it unpacks to more than {self._most:,} bytes, which no table does"
            return b""
        return bytes(piece)


@contextmanager
def opened_source(name: str, member: str | None = None) -> Iterator[Source]:
    """The bytes of the file of that name, `-` for standard input; `member` is one of a zip's files.

    Raises:
        NotATable: it cannot be opened, or is of another kind.
    """
    with ExitStack() as stack:
        if name == STANDARD_INPUT:
            file: BinaryIO = sys.stdin.buffer
            size = 0
        else:
            file, size = _opened(name, stack)
        source = _unpacked(file, size, member, stack)
        head = source.head()
        for mark, told in OTHER_KINDS:
            if head.lstrip()[: len(mark)].lower() == mark.lower():
                raise NotATable(f"this is {told}")
        if not head and source.failure:
            raise NotATable(source.failure)
        yield source


@contextmanager
def kept_source(name: str) -> Iterator[str]:
    """The name of a file that can be read twice: its own, or that of a copy of standard input."""
    if name != STANDARD_INPUT:
        yield name
        return
    with tempfile.NamedTemporaryFile(prefix="deskhand-") as copy:
        copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        yield copy.name


def _opened(name: str, stack: ExitStack) -> tuple[BinaryIO, int]:
    path = Path(name)
    try:
        file = stack.enter_context(path.open("rb"))
        size = path.stat().st_size
        file.peek(1)
    except (OSError, ValueError) as error:
        raise NotATable(f"cannot be read: {_reason(error)}") from None
    return file, size


def _unpacked(file: BinaryIO, size: int, member: str | None, stack: ExitStack) -> Source:
    peek = getattr(file, "peek", None)
    mark = peek(4)[:4] if peek else b""
    if mark[:2] == b"\x1f\x8b":
        # Of a pipe nobody knows the size beforehand.
        return Source(cast("BinaryIO", GzipFile(fileobj=file)), file if size else None, size)
    if mark == b"PK\x03\x04":
        if not size:
            raise NotATable("a zip archive cannot be read from a pipe: name the file")
        return Source(_member(file, member, stack), file, size)
    return Source(file, None, size)


def _member(file: BinaryIO, wanted: str | None, stack: ExitStack) -> BinaryIO:
    """The one file of an archive that is meant."""
    try:
        archive = stack.enter_context(ZipFile(file))
        files = [each for each in archive.infolist() if _is_file(each)]
        names = [each.filename for each in files]
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            raise NotATable("this is an Excel workbook: save the sheet as CSV in UTF-8")
        if wanted is None and len(names) > 1:
            told = shown_names(names)
            raise NotATable(f"the archive holds {len(names)} files: name one with --member: {told}")
        if wanted is not None and wanted not in names:
            raise NotATable(f"--member: the archive holds no {wanted!r}, but {shown_names(names)}")
        if not names:
            raise NotATable("the archive holds no file")
        return cast("BinaryIO", stack.enter_context(archive.open(wanted or names[0])))
    except _BROKEN as error:
        raise NotATable(f"the archive cannot be opened: {_reason(error)}") from None


def _is_file(info: ZipInfo) -> bool:
    """Whether it is a file that somebody put there, not what a Mac or Windows adds."""
    path = PurePosixPath(info.filename)
    return not info.is_dir() and "__MACOSX" not in path.parts and not path.name.startswith(".")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
