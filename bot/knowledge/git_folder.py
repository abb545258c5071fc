"""A folder of a Git repository as a source: read from its objects, at one commit.

The repository is a bare one or a clone that somebody else keeps up to date. Git is asked for names
and contents only; no hook, no filter and no network is used.
"""

import os
import subprocess
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from bot.knowledge.shelving import FileReader, StoredFile, stored_name
from bot.knowledge.sources import SourceMissing, SourceProgress, SourceReading, read_stored
from bot.readers.pool import ReaderPool, shared_pool
from storage.knowledge.values import Audience

PATIENCE = 60.0  # seconds for one question to git
LARGEST = 50_000_000  # bytes of a file that is asked for
CHUNK = 1_000_000
# Modes of files; links and other repositories are none.
FILES = ("100644", "100755")


@dataclass(frozen=True)
class GitFolder:
    """The files below `folder` in a repository, at the commit that `ref` names."""

    repository: Path
    ref: str = "HEAD"
    folder: str = ""
    label: str = ""
    audience: Audience = "public"
    readers: ReaderPool = field(default_factory=shared_pool, compare=False, repr=False)

    @property
    def name(self) -> str:
        return f"{self.repository} at {self.ref}" + (f", {self.folder}" if self.folder else "")

    @property
    def origin(self) -> str:
        return f"git:{self.repository.resolve()}:{self.ref}:{self._inside}"

    def state(self) -> Hashable:
        """The commit, and the day, on which articles begin and end."""
        try:
            return self._commit(), datetime.now(UTC).date()
        except SourceMissing:
            return None

    def read(
        self, known: Mapping[str, str] | None = None, progress: SourceProgress | None = None
    ) -> SourceReading:
        """As `ArticleSource.read`."""
        commit = self._commit()
        reader = FileReader(self.audience, self.label, self.readers)
        with _Blobs(self.repository) as blobs:
            return read_stored(list(self._files(commit, blobs)), reader, known or {}, progress)

    @property
    def _inside(self) -> str:
        return PurePosixPath(self.folder.strip("/") or ".").as_posix().removeprefix(".")

    def _commit(self) -> str:
        if not os.path.isdir(self.repository):  # noqa: PTH112 - a path raises where it is closed
            raise SourceMissing(f"{self.repository}: is no folder")
        if self.ref.startswith("-"):
            raise SourceMissing(f"{self.repository}: {self.ref} names no commit")
        said = _git(self.repository, "rev-parse", "--verify", f"{self.ref}^{{commit}}")
        return said.decode("ascii", "replace").strip()

    def _files(self, commit: str, blobs: "_Blobs") -> Iterator[StoredFile]:
        tree = f"{commit}:{self._inside}"
        for line in _git(self.repository, "ls-tree", "-r", "-l", "-z", tree).split(b"\0"):
            about, _, name = line.partition(b"\t")
            parts = about.decode("ascii", "replace").split()
            if len(parts) == 4 and parts[0] in FILES:
                size = int(parts[3]) if parts[3].isdecimal() else 0  # of what a clone lacks
                load = partial(blobs.load, parts[2])
                yield StoredFile(stored_name(name), load, size)


class _Blobs:
    """Contents of files by their ids, from one git for all of them."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - a list, and what is asked are ids
            _command(self._repository, "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(self._repository),
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._process:
            self._process.kill()

    def load(self, blob: str) -> bytes:
        """What a file holds.

        Raises:
            OSError: it is too large, or git does not have it, as in a clone without its contents.
        """
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("git has ended")
        self._process.stdin.write(f"{blob}\n".encode("ascii"))
        self._process.stdin.flush()
        about = self._process.stdout.readline().split()
        if len(about) != 3:
            raise OSError("git does not have it")
        left, data = int(about[2]) + 1, bytearray()
        large = left > LARGEST
        while left and (read := self._process.stdout.read(min(left, CHUNK))):
            left -= len(read)
            data += b"" if large else read
        if large:
            raise OSError("the file is too large")
        if left:
            raise OSError("git has ended")
        return bytes(data[:-1])


def _git(repository: Path, *arguments: str) -> bytes:
    """What git says.

    Raises:
        SourceMissing: it is not there, or knows no such thing.
    """
    try:
        done = subprocess.run(  # noqa: S603 - a list, and no argument of it is an option
            _command(repository, *arguments),
            capture_output=True,
            timeout=PATIENCE,
            env=_environment(repository),
            check=False,
        )
    except FileNotFoundError:
        raise SourceMissing(f"{repository}: git is not installed here") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SourceMissing(f"{repository}: git does not answer ({error})") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise SourceMissing(f"{repository}: {said[0] if said else 'git refuses'}")
    return done.stdout


def _command(repository: Path, *arguments: str) -> Sequence[str]:
    safe = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "protocol.allow=never")
    settings = (f"safe.directory={repository.resolve()}", *safe)
    given = [part for each in settings for part in ("-c", each)]
    return ("git", *given, "-C", str(repository), *arguments)


def _environment(repository: Path) -> Mapping[str, str]:
    """Nothing of the desk's own: no settings of a person's, no prompt, no way out."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        # A folder that is no repository is not taken for a part of one above it.
        "GIT_CEILING_DIRECTORIES": str(repository.resolve().parent),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
    }
