"""Bent files by the thousand: a reader may raise nothing but a named reason.

Hypothesis bends samples: it changes, cuts, doubles and drops bytes, and does so inside the parts of
zip files too, so that what is bent is not just the wrapping. Readers run right in a process of this
command, because the one that the bot uses would name any exception. Where such a process is killed,
the file that it read last is read again as the bot reads it, and has to be named.
"""

import argparse
import asyncio
import multiprocessing
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from ctypes import c_char, c_size_t
from io import BytesIO
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import RawArray, RawValue
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from bot.readers.child import prepare, read_document
from bot.readers.document import CannotRead
from bot.readers.picture import read_picture
from bot.readers.pool import ReaderPool
from bot.readers.reader_limits import ReaderLimits
from bot.readers.registry import READERS, choose_reader
from bot.readers.sandbox import allow_processor_seconds, lock_down
from bot.readers.unreadable import Unreadable
from tests.support.hostile_files import hostile_files
from tests.support.plain_files import plain_files

MINUTES = 5
EXAMPLES = 200  # in one process
SECONDS = 30  # of the processor, for all examples of a process
LARGEST = 100_000  # bytes of a sample
ROOM = 10 * LARGEST  # bytes of what is read now, for whoever asks what killed its process
DRAWN = 4  # samples that one process bends beside the plain files
LIMITS = ReaderLimits(characters=500_000, pages=100, megapixels=2)
PICTURES = (".png", ".gif", ".jpg", ".webp")

Bend = tuple[str, float, bytes]
"""What is done, where in a file (0 to 1), and with which bytes."""

Report = tuple[int, Mapping[str, int], str]
"""How many files were read, how they ended, and what was raised that may not be."""

BENDS = st.lists(
    st.tuples(
        st.sampled_from(["change", "insert", "cut", "double", "drop"]),
        st.floats(0, 1),
        st.binary(min_size=1, max_size=8)
        | st.sampled_from(
            [b"\xff" * 4, b"\0" * 8, b"-1", b"99999999999", b"<<", b"/Kids[1 0 R]", b"<w:p>"]
        ),
    ),
    min_size=1,
    max_size=3,
)


def bend(data: bytes, bends: list[Bend]) -> bytes:
    """Bytes bent one time after another; of a zip file one of its parts, half of the times."""
    place = bends[0][1]
    if data.startswith(b"PK") and int(place * 1_000) % 2:
        return _part_bent(data, bends)
    for how, where, content in bends:
        at = int(where * len(data))
        match how:
            case "change":
                data = data[:at] + content + data[at + len(content) :]
            case "insert":
                data = data[:at] + content + data[at:]
            case "cut":
                data = data[:at]
            case "double":
                data = data[:at] + data[at : at + 2_000] * 3 + data[at:]
            case _:
                data = data[:at] + data[at + len(content) * 20 :]
    return data


def _part_bent(data: bytes, bends: list[Bend]) -> bytes:
    bent = BytesIO()
    try:
        with ZipFile(BytesIO(data)) as parts, ZipFile(bent, "w", ZIP_DEFLATED) as package:
            names = parts.namelist()
            chosen = names[int(bends[-1][1] * (len(names) - 1))]
            for name in names:
                content = parts.read(name)
                package.writestr(name, bend(content, bends) if name == chosen else content)
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return data
    return bent.getvalue()


def read(name: str, data: bytes) -> str:
    """How a file ended; raises whatever is no named reason."""
    try:
        if name.endswith(PICTURES):
            read_picture(data, LIMITS)
        else:
            kind = choose_reader(name, data, readers=READERS).kind
            read_document(kind, data, LIMITS)
    except CannotRead as error:
        return error.why
    except MemoryError:
        return "large"
    return "read"


class Current:
    """The file that a process reads now, in memory that outlives it."""

    def __init__(self) -> None:
        self._name = RawArray(c_char, 300)
        self._data = RawArray(c_char, ROOM)
        self._size = RawValue(c_size_t, 0)

    def show(self, name: str, data: bytes) -> None:
        """Say that this is read now."""
        self._name.value = name.encode()[:299]
        self._size.value = min(len(data), ROOM)
        memoryview(self._data).cast("B")[: self._size.value] = data[:ROOM]

    def shown(self) -> tuple[str, bytes]:
        """What was read last; no bytes where nothing was."""
        data = bytes(memoryview(self._data).cast("B")[: self._size.value])
        return self._name.value.decode("utf-8", "replace"), data


def read_alone(name: str, data: bytes) -> str:
    """How a file ends as the bot reads it: in a child of its own, within the limits."""
    pool = ReaderPool(LIMITS)
    try:
        if name.endswith(PICTURES):
            asyncio.run(pool.picture(name, data))
        else:
            pool.read_bytes(name, data, readers=READERS)
    except Unreadable as error:
        return error.why
    finally:
        pool.close()
    return "read"


def batch(samples: Mapping[str, bytes], number: int, told: Connection, current: Current) -> None:
    """Read so many bent files in this process, which is held to limits, and tell how they ended."""
    prepare()
    ends: Counter[str] = Counter()
    told.send((0, {}, ""))
    lock_down(300, open_files=64)
    allow_processor_seconds(SECONDS)

    @seeded(number)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(sorted(samples)), BENDS)
    def bent(name: str, bends: list[Bend]) -> None:
        data = bend(samples[name], bends)
        current.show(name, data)
        ends[read(name, data)] += 1

    run: Callable[[], None] = bent
    try:
        run()
    except Exception:  # noqa: BLE001 - this is what is looked for
        told.send((ends.total(), dict(ends), traceback.format_exc()))
    else:
        told.send((ends.total(), dict(ends), ""))


def fuzz(samples: Mapping[str, bytes], seed: int, seconds: float, keep: Path | None = None) -> int:
    """Run batches until the time is over; how many found what may not be.

    What killed a process is written to the folder `keep`.
    """
    ends: Counter[str] = Counter()
    until, number, found = time.monotonic() + seconds, seed, 0
    while time.monotonic() < until:
        here, there = multiprocessing.Pipe(duplex=False)
        drawn = random.Random(number).sample(sorted(samples.items()), min(len(samples), DRAWN))  # noqa: S311
        some = plain_files() | dict(drawn)
        current = Current()
        process = multiprocessing.get_context("spawn").Process(
            target=batch, args=(some, number, there, current)
        )
        process.start()
        there.close()
        try:
            here.recv()
            _count, ended, raised = here.recv()
        except EOFError:
            process.join()
            name, data = current.shown()
            alone = read_alone(name, data)
            ends[f"killed by {-(process.exitcode or 0)}, alone {alone}"] += 1
            print(f"batch {number}: killed at {name} of {len(data)} bytes, which alone is: {alone}")
            if keep:
                (keep / f"{number}-{Path(name).name}").write_bytes(data)
            number += 1
            continue
        process.join()
        ends.update(ended)
        if raised:
            found += 1
            print(f"batch {number}:\n{raised}", file=sys.stderr)
        number += 1
    print(f"{number - seed} batches, {ends.total()} files: {dict(ends.most_common())}")
    return found


def samples_of(folder: Path | None) -> dict[str, bytes]:
    """What is bent beside plain files: the small ones of our hostile files, and a folder's."""
    small = {name: data for name, data in hostile_files().items() if 0 < len(data) < LARGEST}
    for path in sorted(folder.rglob("*")) if folder else ():
        if path.is_file() and 0 < path.stat().st_size < LARGEST:
            small[path.name] = path.read_bytes()
    return small


def main() -> int:
    """Fuzz for a while; 1 where something else than a named reason was raised."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=MINUTES)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--folder", type=Path, help="more samples")
    asked.add_argument("--keep", type=Path, help="a folder for files that killed their process")
    chosen = asked.parse_args()
    found = fuzz(samples_of(chosen.folder), chosen.seed, chosen.minutes * 60, chosen.keep)
    print(f"{found} raised what is no named reason.")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
