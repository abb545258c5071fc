"""What a child process may no longer do once it reads files of strangers.

The kernel holds these limits for the native code of libraries too. No file can be opened and no
socket made, because there is no number left for either; what is written to a file is cut at zero
bytes. What is not held: the child is the same user as the bot, and may signal its processes.
"""

import contextlib
import os
import resource
from pathlib import Path

from bot.readers.reader_limits import MB

# A reader that takes long leaves the processors to the bot.
NICER = 5
UNLIMITED = resource.RLIM_INFINITY


def lock_down(memory_mb: int, open_files: int = 3) -> None:
    """Take from this process what reading bytes does not need; imports nothing afterwards.

    `open_files` are those that it has: its three standard streams.
    """
    os.nice(NICER)
    with contextlib.suppress(OSError):
        # Where the machine runs out of memory, this process goes, not the bot (Linux).
        Path("/proc/self/oom_score_adj").write_text("1000")
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, _address_space() + memory_mb * MB)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, open_files)


def allow_processor_seconds(seconds: int) -> None:
    """Let this process compute so many seconds from now; beyond them it is killed."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _address_space() -> int:
    """The bytes of address space in use, or what readers need at most where nobody says."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 1_000 * MB
    return pages * resource.getpagesize()


def _limit(kind: int, most: int) -> None:
    """Set a limit for good, as far as the system has it."""
    hard = resource.getrlimit(kind)[1]
    lowered = most if hard == UNLIMITED else min(most, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (lowered, lowered))
