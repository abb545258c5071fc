"""The letters of a page as a person reads them, where PDFium gives them otherwise.

PDFium parts words by the room between letters and now and then misses it, gives a letter that is
drawn twice (that is how some programs make type bold) twice, leaves an accent that is drawn beside
its letter beside it, and turns the order of Arabic and Hebrew letters that were written one by one.
"""

import ctypes
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

# Room between two letters, in heights of a line: more parts words for sure; less does where it is
# so many times what is between the other letters of the word.
SURELY_APART, APART, TIMES = 0.8, 0.12, 3.0
# How far, in heights, a letter is drawn from where it was drawn before, at most; and the share of
# an accent that stands over its letter.
ASIDE, UPON = 0.12, 0.6
# Letters of a document that are looked at to learn whether its producer leaves something to mend,
# and those that are mended at most: to ask for the room of each takes microseconds. It is worth
# that where this share of the pages that were looked at had words to mend.
FIRST, MOST, OFTEN = 20_000, 300_000, 0.05
UNKNOWN = "\ufffd"
FEW_WORDS = 0.005  # the share of a page's words that may have a letter without a name
# Accents as letters of their own, and the marks that they are upon a letter.
MARKS = {
    "`": "\u0300", "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306",
    "˙": "\u0307", "¨": "\u0308", "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327",
    "˛": "\u0328",
}  # fmt: skip
# What PDFium puts where a word was parted at the end of a line.
PARTING = "\ufffe\u0002"
PARTED = re.compile(f"[{PARTING}](?:\r?\n)?")
# All that it puts where nothing is drawn.
MADE = frozenset(" \r\n" + PARTING)
# What shows in the text itself that a page has something to mend.
SIGNS = re.compile("[\0\ufffd\ue000-\uf8ff´ˆ˜¯˘˙¨˚˝ˇ¸˛\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(slots=True)
class Letter:
    """A letter and the room that it takes; `made` is one that PDFium put in: a space, a line."""

    char: str
    made: bool
    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    top: float = 0.0

    @property
    def height(self) -> float:
        """How high its line is."""
        return self.top - self.bottom

    def beside(self, other: "Letter") -> bool:
        """Whether both stand on one line."""
        shared = min(self.top, other.top) - max(self.bottom, other.bottom)
        return shared > min(self.height, other.height) / 2

    def over(self, other: "Letter") -> float:
        """Which share of the narrower of two letters lies under the other."""
        shared = min(self.right, other.right) - max(self.left, other.left)
        return shared / max(min(self.right - self.left, other.right - other.left), 0.01)


def letters_of(words: pypdfium2.PdfTextPage) -> list[Letter]:
    """All letters of a page in PDFium's order."""
    page, box = words.raw, pdfium.FS_RECTF()
    where = ctypes.byref(box)
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    letters: list[Letter] = []
    for place in range(words.count_chars()):
        char = chr(min(unicode_of(page, place), 0x10FFFF))
        if char in MADE and pdfium.FPDFText_IsGenerated(page, place) == 1:
            letters.append(Letter(char, made=True))
        elif "\udc00" <= char <= "\udfff" and letters:
            # PDFium counts in UTF-16, and gives what takes two of its units as two letters.
            letters[-1].char = _joined(letters[-1].char, char)
        else:
            box_of(page, place, where)
            letters.append(Letter(char, False, box.left, box.bottom, box.right, box.top))
    return letters


def _joined(high: str, low: str) -> str:
    return (high + low).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class LetterReader:
    """Reads the pages of one document, letter by letter as long as that is worth its time."""

    def __init__(self) -> None:
        self._looked = 0
        self._pages = self._mended = 0

    def text(self, words: pypdfium2.PdfTextPage) -> tuple[str, bool]:
        """The text of a page, and whether words of it have letters that nobody can name."""
        plain: str = words.get_text_range()
        if not self._is_worth(plain):
            return plain, False
        letters = letters_of(words)
        self._looked += len(letters)
        lost, count = lost_words(letters)
        text = text_of_letters(letters)
        self._pages += 1
        self._mended += _words(text) != _words(plain)
        return text, lost > FEW_WORDS * count

    def _is_worth(self, plain: str) -> bool:
        if self._looked > MOST:
            return False
        if self._looked < FIRST or self._mended >= OFTEN * self._pages:
            return True
        return SIGNS.search(plain) is not None


def _words(text: str) -> list[str]:
    """The words of a text, without ornaments and however they are parted at the ends of lines."""
    return [each for each in PARTED.sub("", text).split() if any(map(str.isalnum, each))]


def text_of_letters(letters: Sequence[Letter]) -> str:
    """The letters as text: parted, composed and in order."""
    chars = {each.char for each in letters}
    mended = _single(letters)
    if not chars.isdisjoint(MARKS):
        mended = _composed(mended)
    if any(map(_is_leftward, chars)):
        mended = _ordered(mended)
    return "".join(each.char for each in _parted(mended))


def lost_words(letters: Sequence[Letter]) -> tuple[int, int]:
    """How many words have a letter that nobody can name, and how many words there are."""
    words = "".join(UNKNOWN if _is_unknown(each) else each.char for each in letters).split()
    return sum(UNKNOWN in each and any(map(str.isalnum, each)) for each in words), len(words)


def _is_unknown(letter: Letter) -> bool:
    """Whether nobody can name a letter; what takes no room is none."""
    char = letter.char
    if letter.made or char in PARTING or char in "\r\n\t":
        return False
    return letter.right > letter.left and (
        char < " " or "\x7f" <= char <= "\x9f" or char == UNKNOWN or "\ue000" <= char <= "\uf8ff"
    )


def _single(letters: Sequence[Letter]) -> Iterator[Letter]:
    """The letters without those that are drawn over themselves; a sign for those without a name."""
    zeros = sum(each.char == "\0" for each in letters)
    # Where there is a zero beside most letters, they are halves of codes and stand for nothing.
    halves = zeros * 3 > len(letters)
    last = last_but_one = Letter("", made=True)
    for each in letters:
        char = each.char
        if each.made or char in PARTING or char.isspace():
            yield each
        elif char < " " or "\x7f" <= char <= "\x9f":
            if _is_unknown(each) and not (halves and char == "\0"):
                yield replace(each, char=UNKNOWN)
        elif not (
            (char == last.char and _is_same(each, last))
            or (char == last_but_one.char and _is_same(each, last_but_one))
        ):
            last, last_but_one = each, last
            yield each


def _is_same(letter: Letter, other: Letter) -> bool:
    """Whether the same letter is drawn again a little aside; in the same room it is half a one."""
    return (
        letter.left != other.left
        and abs(letter.left - other.left) < ASIDE * letter.height
        and abs(letter.bottom - other.bottom) < ASIDE * letter.height
        and not _is_leftward(letter.char)
    )


def _composed(letters: Iterator[Letter]) -> Iterator[Letter]:
    """Letters with the accents that are drawn upon them: Sepp¨al¨a, and Seppa¨la¨."""
    kept: Letter | None = None
    for each in letters:
        if kept is not None:
            whole = _whole(kept, each) or _whole(each, kept)
            if whole:
                base = each if kept.char in MARKS else kept
                kept = Letter(whole, False, base.left, base.bottom, base.right, base.top)
                continue
            yield kept
        kept = each
    if kept is not None:
        yield kept


def _whole(accent: Letter, base: Letter) -> str:
    """A letter with its accent, where there is such a letter and the accent is drawn upon it."""
    mark = MARKS.get(accent.char)
    if mark is None or accent.made or base.made or not base.char.isalpha():
        return ""
    whole = unicodedata.normalize("NFC", base.char.replace("ı", "i") + mark)
    return whole if len(whole) == 1 and accent.over(base) > UPON else ""


def _ordered(letters: Iterator[Letter]) -> Iterator[Letter]:
    """Runs of Arabic and Hebrew letters turned where they stand from left to right."""
    run: list[Letter] = []
    for each in letters:
        if _is_leftward(each.char) or (run and each.char in " \u00a0"):
            run.append(each)
            continue
        yield from _turned(run)
        run = []
        yield each
    yield from _turned(run)


def _turned(run: list[Letter]) -> Iterator[Letter]:
    drawn = [each for each in run if not each.made and each.char.strip()]
    rightward = sum(one.left < other.left for one, other in pairwise(drawn))
    if len(drawn) < 2 or rightward * 2 <= len(drawn):
        return iter(run)
    tail = len(run) - len("".join(each.char for each in run).rstrip())
    words, spaces = (run[:-tail], run[-tail:]) if tail else (run, [])
    return iter([*reversed(words), *spaces])


def _is_leftward(char: str) -> bool:
    return "\u0590" <= char <= "\ufefc" and unicodedata.bidirectional(char) in {"R", "AL"}


def _parted(letters: Iterator[Letter]) -> Iterator[Letter]:
    """Letters with a space where there is the room of one and PDFium has put none."""
    word: list[Letter] = []
    for each in letters:
        if each.made or each.char.isspace():
            yield from _apart(word)
            word = []
            yield each
        else:
            word.append(each)
    yield from _apart(word)


def _apart(word: list[Letter]) -> Iterator[Letter]:
    rooms = [_room(one, other) for one, other in pairwise(word)]
    if not rooms or max(rooms) <= APART:
        yield from word
        return
    usual = max(median(rooms), 0.01) if len(rooms) > 2 else SURELY_APART
    for letter, room in zip(word, [0.0, *rooms], strict=False):
        if room > SURELY_APART or (room > APART and room > usual * TIMES):
            yield Letter(" ", made=True)
        yield letter


def _room(one: Letter, other: Letter) -> float:
    """What is between two letters of a line, in its heights; 0 for others, and for no room."""
    room = other.left - one.right
    if room <= 0 or not one.beside(other):
        return 0.0
    height = min(one.height, other.height)
    return room / height if height > 0 else 0.0
