"""Files that are written together or not at all."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write_together(files: Mapping[Path, tuple[str, int]]) -> None:
    """Put each text in its place, with its mode. Nothing is half written, whatever interrupts.

    All texts are on the disk under other names before the first takes its place; when one then
    cannot, those that were new are taken away again.

    Raises:
        OSError: a folder cannot be written to.
    """
    staged: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for place, (text, mode) in files.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            staged[place] = _staged(place, text, mode)
        for place, other in staged.items():
            if not place.exists():
                placed.append(place)
            other.replace(place)
    except BaseException:
        for each in placed:
            each.unlink(missing_ok=True)
        raise
    finally:
        for other in staged.values():
            other.unlink(missing_ok=True)


def _staged(place: Path, text: str, mode: int) -> Path:
    number, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    staged = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        staged.chmod(mode)
    except BaseException:
        with suppress(OSError):
            staged.unlink()
        raise
    return staged
