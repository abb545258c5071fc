"""`python -m benchmarks.sync`: how long a shelf of many files takes to be read, and read again."""

import argparse
import asyncio
import shutil
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from bot.config.desk_file import desk_for_files
from bot.config.settings import StoreSettings
from bot.knowledge.sources import Folder
from bot.knowledge.sync import sync_source
from bot.runtime.store import open_store
from storage.db.database import Store

KNOWLEDGE = Path(__file__).parents[1] / "demo" / "articles"


def main() -> None:
    """Sync a folder, or the sample articles so often that there are as many files as asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.sync", description=__doc__)
    parser.add_argument("--files", type=int, default=2_000, help="default: %(default)s")
    parser.add_argument("--folder", type=Path, help="a folder of yours in place of the samples")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or _copies(Path(scratch) / "help", chosen.files)
        asyncio.run(_measure(folder, Path(scratch) / "desk.db"))


def _copies(folder: Path, count: int) -> Path:
    """So many files; each has words of its own, so that none is the same as another."""
    folder.mkdir()
    originals = sorted(KNOWLEDGE.glob("*.md"))
    for number, original in enumerate(islice(cycle(originals), count)):
        copied = folder / f"{number:05}-{original.name}"
        shutil.copy(original, copied)
        with copied.open("a", encoding="utf-8") as file:
            file.write(f"\nNumber {number} of the shelf.\n")
    return folder


async def _measure(folder: Path, database: Path) -> None:
    settings = StoreSettings(_env_file=None, database_url=f"sqlite:///{database}")
    async with open_store(settings, desk_for_files(Path("no-desk.toml"))) as store:
        await _sync("first", store, folder)
        await _sync("again", store, folder)


async def _sync(name: str, store: Store, folder: Path) -> None:
    wall, processor = time.perf_counter(), time.process_time()
    synced = await sync_source(store, Folder(folder))
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{name}: {wall:.1f} s, {processor:.1f} s of the processor, {synced.report}")


if __name__ == "__main__":
    main()
