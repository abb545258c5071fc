"""What an article must not say: who asked, and by which numbers and addresses they can be found.

The prompt asks the model to leave such things out; this is the check that it did. What belongs to
the customer is refused. What only looks like it (a telephone number that no customer wrote may be
the desk's own) is shown to the person who decides.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from storage.text.folding import fold, words

PrivacyKind = Literal["order number", "e-mail address", "phone number", "name"]

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# As numbers are written that can be called: +84 91…, 091 234 5678, 415-555-0123.
PHONE = re.compile(
    r"(?<![\w#.,-])(?:\+\d(?:[ .()-]{0,2}\d){7,14}|\(?0\d(?:[ .()-]{0,2}\d){7,12}"
    r"|\d{3}[ .-]\d{3}[ .-]\d{4})(?![\w-])"
)
# #10482, LB-10482, DH10482, and bare digits.
CODE = re.compile(r"(?<![\w.,-])#?\s?[A-Za-z]{0,6}-?\d{4,}(?![\w-]|[.,]\d)")
# What a thread calls an order, so that it is one: «order 10482», «đơn hàng số LB-10482», «#10482».
CALLED = re.compile(
    r"(?:\b(?:orders?|đơn|don|invoice|parcel|tracking)"
    r"(?:\s+(?:hàng|hang|number|no\.?|code|số|so|là|la|is))*\s*[:#]?\s*|#\s?)"
    r"([A-Za-z]{0,6}-?\d{4,})",
    re.IGNORECASE,
)
LEAST_NAME = 2


@dataclass(frozen=True)
class PrivacyFinding:
    """Something personal that stands in a text. A `certain` one keeps it from being published."""

    kind: PrivacyKind
    text: str
    certain: bool


@dataclass(frozen=True)
class TicketPerson:
    """Whose ticket it was: their names as the workspace shows them, and everything they wrote.

    `thread` is all that was said, by agents too; `orders` what triage took for order numbers in it.
    """

    names: tuple[str, ...] = ()
    wrote: str = ""
    thread: str = ""
    orders: tuple[str, ...] = ()


def check_privacy(text: str, person: TicketPerson) -> tuple[PrivacyFinding, ...]:
    """Everything personal in a text, what is certain first."""
    found = dict.fromkeys([*_numbers(text, person), *_names(text, person.names)])
    return tuple(sorted(found, key=lambda each: not each.certain))


def _numbers(text: str, person: TicketPerson) -> Iterator[PrivacyFinding]:
    for address in EMAIL.findall(text):
        yield PrivacyFinding("e-mail address", address, address.lower() in person.wrote.lower())
    rest = EMAIL.sub(" ", text)
    theirs = _digits(PHONE.findall(person.wrote))
    for number in PHONE.findall(rest):
        yield PrivacyFinding("phone number", number.strip(), bool(_digits([number]) & theirs))
    orders = {_bare(each) for each in (*person.orders, *CALLED.findall(person.thread))}
    orders |= {_tail(each) for each in orders}
    for code in dict.fromkeys(each.strip() for each in CODE.findall(PHONE.sub(" ", rest))):
        if _bare(code) in orders or _tail(code) in orders:
            yield PrivacyFinding("order number", code, certain=True)
        elif not code.isdecimal():
            yield PrivacyFinding("order number", code, certain=False)


def _bare(code: str) -> str:
    return re.sub(r"[^a-z0-9]", "", code.lower())


def _tail(code: str) -> str:
    """The digits of an order number; people leave out the letters before them."""
    return re.sub(r"\D", "", code)


def _digits(numbers: Iterable[str]) -> set[str]:
    """Telephone numbers by their last nine digits, so that +84 91… and 091… are one."""
    return {re.sub(r"\D", "", each)[-9:] for each in numbers}


def _names(text: str, names: Iterable[str]) -> Iterator[PrivacyFinding]:
    """A whole name is certain; a single part of it may be a common word."""
    folded = [fold(word) for word in words(text)]
    for name in names:
        parts = [fold(word) for word in words(name)]
        if len(parts) > 1 and _stands(parts, folded):
            yield PrivacyFinding("name", name, certain=True)
            continue
        capitalised = set(re.findall(r"(?<!\w)[^\W\d_]\w+", text))
        for word in words(name):
            if len(word) > LEAST_NAME and _as_name(word, capitalised):
                yield PrivacyFinding("name", word.capitalize(), certain=len(parts) == 1)


def _as_name(word: str, written: set[str]) -> bool:
    """Whether the word stands there as a name is written, accents or none."""
    return any(each[:1].isupper() and fold(each) == fold(word) for each in written)


def _stands(parts: list[str], folded: list[str]) -> bool:
    size = len(parts)
    return any(folded[start : start + size] == parts for start in range(len(folded) - size + 1))
