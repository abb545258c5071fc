"""How much of a document its reader keeps, how long it takes, and how much memory.

Each file is read as the bot reads it, by a child process of its own. The words of a Word file are
compared with its XML, those of a PDF with pdftotext (poppler-utils), where that is installed.
"""

import argparse
import re
import resource
import shutil
import subprocess
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from lxml import etree

from bot.readers.pool import ReaderPool
from bot.readers.registry import READERS
from bot.readers.unreadable import Unreadable

ENOUGH = 0.995
PATIENCE = 30  # seconds for pdftotext, which has no limits of its own
WORD = re.compile(r"[^\W_]+")
WORDS_OF = re.compile(r"word/(document|footnotes|endnotes)\d*\.xml")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
HYPHEN = re.compile("[\u00ad-]\\n")


@dataclass(frozen=True)
class Measured:
    """What came of one file. `kept` is a share of `words`; None where nothing tells the words.

    `letters` is the share of their letters: programs part words otherwise, «H2O» or «H 2 O».
    """

    name: str
    size: int
    outcome: str
    words: int
    kept: float | None
    letters: float | None
    seconds: float
    peak_mb: float

    @property
    def line(self) -> str:
        """A row of the table."""
        kept = " | " if self.kept is None else f"{self.kept:.2%} | {self.letters:.2%}"
        return (
            f"| {self.name} | {self.size / 1000:,.0f} | {self.outcome} | {self.words:,} | {kept} "
            f"| {self.seconds:.2f} | {self.peak_mb:.0f} |"
        )


def measure(path: Path) -> Measured:
    """Read one file; call it in a process that reads no other."""
    data = path.read_bytes()
    pool, started = ReaderPool(), time.monotonic()
    text, outcome = "", ""
    try:
        if path.suffix.lower() in PICTURES:
            pool._picture(path.name, data, started + pool.limits.seconds)  # noqa: SLF001
            outcome = "a picture"
        else:
            document = pool.read_bytes(path.name, data, readers=READERS)
            text = document.text
            outcome = ", ".join(f"{count} {what}" for what, count in document.left_out.items())
    except Unreadable as error:
        outcome = error.why
    seconds = time.monotonic() - started
    pool.close()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    seen = seen_words(path, data) if text else None
    kept = None if not seen else share(seen, Counter(words(text)))
    letters = None if not seen else share(letters_of(seen), letters_of(Counter(words(text))))
    count = 0 if seen is None else seen.total()
    return Measured(path.name[-50:], len(data), outcome, count, kept, letters, seconds, peak)


def share(seen: Counter[str], read: Counter[str]) -> float:
    """Which part of the words that are seen was read."""
    return sum(min(count, read[word]) for word, count in seen.items()) / seen.total()


def letters_of(counted: Counter[str]) -> Counter[str]:
    """The letters of so many words."""
    letters: Counter[str] = Counter()
    for word, count in counted.items():
        for letter in word:
            letters[letter] += count
    return letters


def words(text: str) -> list[str]:
    """The words of a text, alike however their letters are composed and their lines broken."""
    return WORD.findall(unicodedata.normalize("NFKC", HYPHEN.sub("", text)))


def seen_words(path: Path, data: bytes) -> Counter[str] | None:
    """The words that a person sees in a file, as somebody else tells them."""
    if data.startswith(b"PK"):
        return _in_xml(data)
    if b"%PDF-" in data[:1024] and shutil.which("pdftotext"):
        command = ["pdftotext", "-enc", "UTF-8", str(path), "-"]
        try:
            told = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            return None
        return Counter(words(told.stdout.decode("utf-8", "replace")))
    return None


def _in_xml(data: bytes) -> Counter[str] | None:
    counted: Counter[str] = Counter()
    try:
        with ZipFile(BytesIO(data)) as parts:
            for name in filter(WORDS_OF.fullmatch, parts.namelist()):
                root = etree.fromstring(parts.read(name), etree.XMLParser(resolve_entities=False))
                for old in root.iter("{*}Fallback"):
                    old.clear()
                for paragraph in root.iter("{*}p"):
                    counted.update(words("".join(_shown(paragraph))))
    except (BadZipFile, etree.LxmlError):
        return None
    return counted


def _shown(parent: Any) -> Iterator[str]:
    """The text of a paragraph but of the paragraphs within it and of what was deleted."""
    for each in parent:
        name = str(each.tag).rpartition("}")[2]
        if name in {"p", "tab", "br", "cr"}:
            yield " "
        elif name == "t":
            equation = "math" in str(each.tag)
            yield f" {each.text or ''} " if equation else each.text or ""
        elif name not in {"del", "moveFrom"}:
            yield from _shown(each)


def main() -> None:
    """Print the table of the files in a folder, and how many keep too little."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--below", action="store_true", help="only files that keep too little")
    chosen = asked.parse_args()
    print("| file | KB | left out, or why not read | words | kept | letters | s | peak MB |")
    print("|---|---:|---|---:|---:|---:|---:|---:|")
    paths = sorted(each for each in chosen.folder.rglob("*") if each.is_file())
    compared = few = silent = fewer = 0
    with ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as processes:
        for found in processes.map(measure, paths):
            lacking = found.kept is not None and found.kept < ENOUGH
            compared, few = compared + (found.kept is not None), few + lacking
            silent += lacking and not found.outcome
            fewer += found.letters is not None and found.letters < ENOUGH and not found.outcome
            if lacking or not chosen.below:
                print(found.line, flush=True)
    print(
        f"\n{compared} of {len(paths)} files compared; {few} keep less than {ENOUGH:.1%} of the "
        f"words, {silent} of them without saying so, and {fewer} less of the letters without "
        "saying so."
    )


if __name__ == "__main__":
    main()
