"""The `deskhand` command as it is installed.

May use: cli.
Used by: nobody.
"""

import signal
import sys


def deskhand() -> int:
    """Run a sub-command. Ctrl-C while it is still being loaded ends it without a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from bot.cli import main  # noqa: PLC0415 - this is what takes a moment

    return main()


if __name__ == "__main__":
    sys.exit(deskhand())
