"""The terminal's streams as they really are: closed, full, or of few letters."""

import codecs
import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

# What stands for our signs where a terminal has no letters for them; for all others, a question.
PLAIN = {
    "✓": "+", "✗": "x", "…": "...", "·": "-", "→": "->", "↳": "->", "–": "-", "—": "-",
    "“": '"', "”": '"', "«": '"', "»": '"', "’": "'",
}  # fmt: skip
# Why a file, or what is printed, cannot be written: nothing that is wrong with the command.
UNWRITTEN = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG}
)


def prepare_streams() -> None:
    """Make all three streams fit to be used, whoever began this process and however."""
    codecs.register_error("deskhand", _in_plain_signs)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            # It was closed: what is said is for nobody, and nobody is there to ask.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
        elif mode == "w" and not letters_for_all(stream) and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="deskhand")


@contextmanager
def ending_quietly() -> Iterator[None]:
    """Ctrl-C ends the process as a signal does; behind the block it is an interruption again.

    While modules are imported, an interruption could come out of any of them, as anything.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def letters_for_all(stream: TextIO) -> bool:
    """Whether a stream takes any letter."""
    return "utf" in (stream.encoding or "utf-8").lower()


def forget_output() -> None:
    """What Python still holds for a reader or a disk must not raise again when it ends."""
    for stream in (sys.stdout, sys.stderr):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _in_plain_signs(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(PLAIN.get(each, "?") for each in signs), error.end
