"""The brackets, signs and strings of a JSON text, one after the other, with their lines."""

import re
from typing import TextIO

CHUNK = 64 * 1024
# Characters of a string that are kept as a possible name of a field.
LONGEST_NAME = 200
_STRING = re.compile(r'(?:[^"\\\n]|\\.)*+', re.DOTALL)
_SIGN = re.compile(r'["{}\[\],:]')


class JsonScanner:
    """Walks over a text whose lines end in LF, holding no more of it than what is kept.

    Places are counted in characters from the beginning. After `sign` the text from `start` to
    `place` is what was found; `name` is what a string says, `torn` whether it never closed, and
    `passed` whether something else than blanks stood before.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._base = 0
        self._at = 0
        self._kept: int | None = None
        self._ended = False
        self.line = 1
        self.start = 0
        self.name = ""
        self.torn = False
        self.passed = False

    @property
    def place(self) -> int:
        """How far it has come."""
        return self._base + self._at

    def keep(self, place: int | None) -> None:
        """Hold the text from a place on, which is still there; nothing with None."""
        self._kept = place

    def text(self) -> str:
        """What is kept, up to here."""
        return "" if self._kept is None else self._buffer[self._kept - self._base : self._at]

    def lead(self) -> str:
        """What stands before the last sign on its line, as far as it is still there."""
        here = self.start - self._base
        return self._buffer[self._buffer.rfind("\n", 0, here) + 1 : here]

    def sign(self) -> str:
        """The next of `{}[],:`, or a quote for a whole string; empty at the end of the text."""
        self.passed = False
        while True:
            found = _SIGN.search(self._buffer, self._at)
            end = found.start() if found else len(self._buffer)
            self.passed = self.passed or bool(self._buffer[self._at : end].strip(" \t\r\n\0\ufeff"))
            self._go(end)
            if found:
                break
            if not self._more():
                self.start = self.place
                return ""
        self.start = self.place
        self._at += 1
        if found.group() == '"':
            self._string()
        return found.group()

    def back(self, place: int) -> None:
        """Go back to a place in what is kept."""
        here = place - self._base
        self.line -= self._buffer.count("\n", here, self._at)
        self._at = here

    def skip_to(self, pattern: re.Pattern[str]) -> bool:
        """Go on to where a pattern matches, of which the last character is not passed."""
        while True:
            found = pattern.search(self._buffer, self._at)
            if found:
                self._go(found.end() - 1)
                return True
            # A match may begin in the last characters.
            self._go(max(self._at, len(self._buffer) - LONGEST_NAME))
            if not self._more():
                self._go(len(self._buffer))
                return False

    def _string(self) -> None:
        begun = self.place
        self.name, self.torn = "", False
        while True:
            self._at = self._matched()
            if len(self.name) <= LONGEST_NAME:
                self.name = self._buffer[max(begun - self._base, 0) : self._at]
            if self._at < len(self._buffer) and self._buffer[self._at] in '"\n':
                break
            if not self._more():
                self.torn = True
                return
        self.torn = self._buffer[self._at] == "\n"
        self._at += not self.torn

    def _matched(self) -> int:
        found = _STRING.match(self._buffer, self._at)
        return found.end() if found else self._at

    def _go(self, to: int) -> None:
        self.line += self._buffer.count("\n", self._at, to)
        self._at = to

    def _more(self) -> bool:
        """Read on; whether there was more. What is neither kept nor still to come is let go."""
        if self._ended:
            return False
        hold = self._at if self._kept is None else min(self._kept - self._base, self._at)
        hold = max(min(hold, self._at - LONGEST_NAME), 0)
        chunk = self._text.read(max(CHUNK, len(self._buffer) - hold))
        self._ended = not chunk
        self._buffer = self._buffer[hold:] + chunk
        self._base += hold
        self._at -= hold
        return bool(chunk)
