"""A desk's SQLite files in one archive, as they are at one moment; and back from it. Blocks."""

import hashlib
import json
import lzma
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

FORMAT = 1
ABOUT = "backup.json"
# What belongs to a file of SQLite's in WAL mode, and must not meet another file.
BESIDE = ("-wal", "-shm")
# Milliseconds to wait for whoever writes.
BUSY = 30_000
PIECE = 1 << 20
# What an archive is refused by: also one that is encrypted, packed in an unknown way, or nested
# without end (`RuntimeError` and what derives from it).
UNREADABLE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    RuntimeError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)


class BadBackup(Exception):
    """A backup cannot be made, or the file is none that can be used; says why."""


@dataclass(frozen=True)
class BackedUpFile:
    """A database of a backup: its size in bytes, its SHA-256, and the rows of each table."""

    size: int
    sha256: str
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Backup:
    """What a backup holds: when it was made (ISO 8601, UTC), and each database by its name."""

    made_at: str
    files: Mapping[str, BackedUpFile]


def make_backup(databases: Mapping[str, Path], archive: Path) -> Backup:
    """Write the databases into an archive, and read it back; the desk may go on meanwhile.

    All are copied as they were at one moment: none has what another has not yet.

    Raises:
        BadBackup: there is something already, it cannot be written, or it reads back otherwise.
    """
    part = archive.with_name(f"{archive.name}.part")
    try:
        if archive.exists():
            raise BadBackup(f"{archive} exists; give another name, nothing is overwritten")
        with TemporaryDirectory(dir=archive.parent, prefix=".backup-") as folder:
            made = _copied(databases, Path(folder))
            _pack(made, Path(folder), part)
        with opened_backup(part) as (read, _):
            if read != made:
                raise BadBackup(f"{archive}: what was written reads back otherwise")
        part.replace(archive)
    except (OSError, sqlite3.Error, zipfile.BadZipFile) as error:
        raise BadBackup(f"{archive} cannot be written: {_reason(error)}") from None
    finally:
        with suppress(OSError):  # a name that is none, or a folder that is gone
            part.unlink()
    return made


def _reason(error: Exception) -> str:
    """In the system's words, without the name of a file that nobody asked for."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


@contextmanager
def opened_backup(archive: Path) -> Iterator[tuple[Backup, Path]]:
    """A backup whose files were found to be whole, and the folder they stand in meanwhile.

    The folder is beside the archive.

    Raises:
        BadBackup: it is none, or is damaged.
    """
    with ExitStack() as stack:
        try:
            packed = stack.enter_context(zipfile.ZipFile(archive))
            about = _about(json.loads(packed.read(ABOUT)))
        except FileNotFoundError:
            raise BadBackup(f"{archive}: not found") from None
        except UNREADABLE as error:
            told = f"is no backup of a desk, or is damaged: {_reason(error)}"
            raise BadBackup(f"{archive} {told}") from None
        try:
            beside = TemporaryDirectory(dir=archive.parent, prefix=".restore-")
        except OSError as error:
            raise BadBackup(
                f"{archive} cannot be unpacked beside itself: {_reason(error)}"
            ) from None
        folder = stack.enter_context(beside)
        try:
            for name, file in about.files.items():
                _unpack(packed, name, file, Path(folder) / name)
        except UNREADABLE as error:
            raise BadBackup(
                f"{archive} is damaged, or has no room here: {_reason(error)}"
            ) from None
        for name, file in about.files.items():
            _check(archive, Path(folder) / name, file)
        yield about, Path(folder)


def put_in_place(found: Path, database: Path, aside: str) -> Path | None:
    """Let a database take the place of another, which is kept under a name with `aside`.

    At no moment is there none. Answers where the older one is; None where there was none.
    """
    incoming = database.with_name(f".{database.name}.incoming")
    shutil.copyfile(found, incoming)
    incoming.chmod(0o600)
    _synced(incoming)
    kept = database.with_name(f"{database.name}.{aside}") if database.exists() else None
    if kept is not None:
        _linked(database, kept)
    for suffix in BESIDE:
        left = database.with_name(f"{database.name}{suffix}")
        if left.exists() and kept is not None:
            left.replace(kept.with_name(f"{kept.name}{suffix}"))
        left.unlink(missing_ok=True)
    incoming.replace(database)
    _synced(database.parent)
    return kept


# One moment


@contextmanager
def _pinned(files: Sequence[Path]) -> Iterator[Sequence[sqlite3.Connection]]:
    """Connections that see their files as they are at one moment, whatever is written later.

    Nobody can write any of them while they begin to read, which takes less than a millisecond.
    """
    with ExitStack() as stack:
        writers = [stack.enter_context(closing(_opened(file))) for file in files]
        readers = [stack.enter_context(closing(_opened(file))) for file in files]
        for writer in writers:
            writer.execute("BEGIN IMMEDIATE")
        for reader in readers:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for writer in writers:
            writer.execute("ROLLBACK")
        yield readers


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout={BUSY}")
    return connection


def _copied(databases: Mapping[str, Path], folder: Path) -> Backup:
    copies = {name: folder / name for name in databases}
    with _pinned(list(databases.values())) as readers:
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        for reader, copy in zip(readers, copies.values(), strict=True):
            with closing(sqlite3.connect(copy, isolation_level=None)) as target:
                reader.backup(target)
                # One file, with nothing beside it.
                target.execute("PRAGMA journal_mode=DELETE")
        rows = [_rows(reader) for reader in readers]
    return Backup(
        made_at,
        {
            name: BackedUpFile(copy.stat().st_size, _digest(copy), counted)
            for (name, copy), counted in zip(copies.items(), rows, strict=True)
        },
    )


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    """The rows of each table; the index for words is made of others, and counts for itself."""
    named = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    return {
        str(name): int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - the file's own names
        for (name,) in named.fetchall()
    }


# The archive


def _pack(made: Backup, folder: Path, part: Path) -> None:
    # It holds what customers wrote: only its owner reads it.
    part.touch(mode=0o600)
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
        about = {"format": FORMAT, **asdict(made)}
        packed.writestr(ABOUT, json.dumps(about, indent=1))
        for name in made.files:
            packed.write(folder / name, name)
    _synced(part)


def _about(said: object) -> Backup:
    match said:
        case {"format": 1, "made_at": str(made_at), "files": dict(files)} if files:
            if any(Path(name).name != name or name == ".." for name in files):
                raise ValueError("a file of it has a path")
            return Backup(
                made_at, {str(name): BackedUpFile(**each) for name, each in files.items()}
            )
        case {"format": int(number)} if number > FORMAT:
            raise ValueError(f"format {number} is of a newer Deskhand")
    raise ValueError("it does not say what is in it")


def _unpack(packed: zipfile.ZipFile, name: str, file: BackedUpFile, to: Path) -> None:
    """Write a file of the archive, as long as it says and no longer."""
    to.touch(mode=0o600)
    left = file.size
    with packed.open(name) as source, to.open("wb") as target:
        while piece := source.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise ValueError(f"{name} is larger than it says")
            target.write(piece)


def _check(archive: Path, found: Path, file: BackedUpFile) -> None:
    if _digest(found) != file.sha256:
        raise BadBackup(f"{archive}: {found.name} is damaged (its checksum is another)")
    try:
        with closing(sqlite3.connect(found)) as connection:
            (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            rows = _rows(connection)
    except sqlite3.Error as error:
        raise BadBackup(f"{archive}: {found.name} is damaged: {error}") from None
    if said != "ok" or rows != file.rows:
        raise BadBackup(f"{archive}: {found.name} is damaged: {said}")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _synced(path: Path) -> None:
    """What was written, and where it stands, survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _linked(file: Path, other: Path) -> None:
    with suppress(OSError):
        os.link(file, other)
        return
    shutil.copy2(file, other)
