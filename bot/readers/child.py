"""`python -m bot.readers.child`: reads files of strangers, one at a time, and can do little else.

It is started by `bot.readers.pool`, is told its limits, and ends when nobody asks it anything.
"""

import gc
import importlib
import json
import pkgutil
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from PIL import Image

from bot.readers.asciidoc import read_asciidoc
from bot.readers.document import CannotRead, Document
from bot.readers.framing import BEGUN, BadFrame, Frame, read_frame, write_frame
from bot.readers.last_resort_font import use_last_resort_font
from bot.readers.notebook import read_notebook
from bot.readers.page import read_page
from bot.readers.pdf import read_pdf
from bot.readers.picture import Picture, read_picture
from bot.readers.plain import read_plain
from bot.readers.reader_limits import ReaderLimits
from bot.readers.restructured import prepare_restructured, read_restructured
from bot.readers.sandbox import allow_processor_seconds, lock_down
from bot.readers.word import read_word

# Seconds without a file after which a child ends, to give its memory back.
IDLE = 60
# Bytes of a file after which memory is looked through for what can be given back.
MUCH = 1_000_000

READ: Mapping[str, Callable[[bytes, ReaderLimits], Document]] = {
    "text": read_plain,
    "page": read_page,
    "canvas": read_page,
    "pdf": read_pdf,
    "word": read_word,
    "restructured": read_restructured,
    "asciidoc": read_asciidoc,
    "notebook": read_notebook,
}
"""The function that reads each kind of the registry."""


def read_document(kind: str, data: bytes, limits: ReaderLimits) -> Document:
    """The document that bytes of a kind are, with the ends of lines that Markdown has.

    Raises:
        CannotRead: whatever is wrong with them.
    """
    document = READ[kind](data, limits)
    text = document.text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if not text.strip():
        raise CannotRead("empty")
    if len(text) > limits.characters:
        raise CannotRead("large", "more text than is read")
    return Document(text, document.front, document.left_out)


def answer(about: Mapping[str, Any], data: bytes, limits: ReaderLimits) -> Frame:
    """What is said to a request: a document, a picture, or why it is none."""
    try:
        if about["kind"] == "picture":
            return _picture(read_picture(data, limits))
        return _document(read_document(about["kind"], data, limits))
    except CannotRead as error:
        return _refused(error)
    except MemoryError:
        return _refused(CannotRead("large", "more memory than a file may take"))
    except Exception as error:  # noqa: BLE001 - nobody lists what libraries raise on hostile bytes
        return _refused(CannotRead("damaged", f"unexpected {type(error).__name__}: {error}"))


def _document(document: Document) -> Frame:
    about = {"front": dict(document.front), "left_out": dict(document.left_out)}
    return about, document.text.encode("utf-8", "replace")


def _picture(prepared: Picture) -> Frame:
    return {"media_type": prepared.media_type}, prepared.data


def _refused(error: CannotRead) -> Frame:
    return {"why": error.why, "detail": error.detail}, b""


def serve(requests: BinaryIO, replies: BinaryIO, limits: ReaderLimits) -> None:
    """Answer requests until there are no more, or none for a while."""
    while True:
        signal.alarm(IDLE)
        try:
            about, data = read_frame(requests, limits.file_bytes)
        except BadFrame:
            return
        signal.alarm(0)
        replies.write(BEGUN)
        replies.flush()
        allow_processor_seconds(limits.processor_seconds)
        write_frame(replies, *answer(about, data, limits))
        if len(data) > MUCH:
            del data
            gc.collect()


def prepare() -> None:
    """Import what libraries import when they need it: later no file can be opened."""
    Image.init()
    use_last_resort_font()
    prepare_restructured()
    for each in pkgutil.iter_modules(importlib.import_module("encodings").__path__):
        if each.name not in {"mbcs", "oem", "cp65001"}:
            importlib.import_module(f"encodings.{each.name}")


def run_child() -> None:
    """Serve standard input with the limits that the first argument holds."""
    limits = ReaderLimits(**json.loads(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare()
    gc.freeze()
    lock_down(limits.memory_mb)
    serve(sys.stdin.buffer, sys.stdout.buffer, limits)


if __name__ == "__main__":
    run_child()
