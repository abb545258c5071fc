"""The objects of a JSON document, cut out one after the other, however long the document is.

A document is a list of objects, objects one after the other, or an object that holds such a list
under a usual name (`{"tickets": […], "next_page": …}`). An object is found by its brackets and read
by itself, so that a damaged one spoils no other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from bot.ticket_files.json_scanner import JsonScanner
from bot.ticket_files.record import LONGEST

# Under these names objects hold the list that is meant; with the others they are a ticket.
LISTS = frozenset({
    "tickets", "conversations", "issues", "results", "data", "items", "records", "rows", "payload",
    "requests", "cases", "value", "values", "entries", "docs", "ticket", "chats",
    "_results", "nodes",
})  # fmt: skip
# Lists that come along with them and hold no tickets.
ASIDE = frozenset({
    "users", "groups", "organizations", "companies", "contacts", "customers", "agents", "admins",
    "teams", "teammates", "brands", "inboxes", "mailboxes", "tags", "fields", "ticket_forms",
    "metric_sets", "sharing_agreements", "included", "links", "errors",
})  # fmt: skip
OWN = frozenset({
    "id", "subject", "title", "body", "description", "text", "message", "content", "key", "number",
})  # fmt: skip
# How deep in a document such a list may stand.
DEEPEST = 3
# Brackets open within a damaged object; going back into more, one by one, would never end.
MOST_NESTED = 500
AROUND = "of the JSON around the rows"
_PAIRS = {"}": "{", "]": "["}


@dataclass(frozen=True, slots=True)
class JsonElement:
    """A piece of a document: the line it begins on, how many lines are its own, and its text.

    `problem` says why it cannot be read, `skipped` why it is no row.
    """

    line: int
    lines: int
    text: str = ""
    problem: str | None = None
    skipped: str | None = None


class Elements:
    """Cuts a text; its lines end in LF alone."""

    def __init__(self, text: TextIO) -> None:
        self._scanner = JsonScanner(text)
        self._told = 0  # the last line that belongs to an element
        self._open: list[str] = []
        self._items = 0  # how deep the brackets are in which the objects stand
        self._next_row: re.Pattern[str] | None = None

    def __iter__(self) -> Iterator[JsonElement]:
        """Every piece of the document in its order."""
        scanner = self._scanner
        while sign := scanner.sign():
            if scanner.passed or (sign == '"' and len(self._open) == self._items):
                yield from self._scalar(sign)
            elif sign == "{" and len(self._open) == self._items:
                yield from self._element(scanner.line)
            elif sign == "[" and self._items and scanner.name in ASIDE and self._is_between():
                self._pass_over()
            elif sign == "[" and len(self._open) == self._items and self._items:
                yield from self._element(scanner.line, "not a JSON object")
            else:
                self._walk(sign)
        if scanner.passed:
            yield from self._piece(scanner.line, problem="not a JSON object")
        last = scanner.line - (scanner.lead() == "")
        if last > self._told:
            yield JsonElement(self._told + 1, last - self._told, skipped=AROUND)

    def _is_between(self) -> bool:
        """Whether the list that holds the objects has ended, and not what holds the list."""
        return len(self._open) == self._items - 1 and self._open[-1:] == ["{"]

    def _pass_over(self) -> None:
        """Go to the end of a list, which belongs to what is around the objects."""
        deep = 1
        while deep and (sign := self._scanner.sign()):
            deep += (sign in "{[") - (sign in "}]")

    def _walk(self, sign: str) -> None:
        """Follow the brackets around the objects."""
        if sign in "{[":
            if sign == "[" and not self._open:
                self._items = 1
            self._open.append(sign)
        elif sign in "}]" and self._open:
            self._open.pop()
            if not self._open:
                self._items = 0

    def _scalar(self, sign: str) -> Iterator[JsonElement]:
        """Something that is no object where objects stand."""
        if len(self._open) != self._items:
            self._walk(sign)
            return
        line = self._scanner.line
        yield from self._piece(line, problem="not a JSON object")
        if sign == "{":
            yield from self._element(line)
        elif sign != '"':
            self._walk(sign)

    def _element(self, line: int, problem: str | None = None) -> Iterator[JsonElement]:
        """The object or list that has just begun."""
        scanner = self._scanner
        begun, depth = scanner.start, len(self._open)
        lead = scanner.lead()
        scanner.keep(begun)
        self._open.append("[" if problem else "{")
        fate = self._to_end(depth, begun, searching=depth == 0)
        if fate == "list":
            scanner.keep(None)
            return
        if fate == "whole":
            text = scanner.text()
            self._next_row = _beginning(lead, text) or self._next_row
            yield from self._piece(line, "" if problem else text, problem)
        else:
            del self._open[depth:]
            if fate == "damaged":
                scanner.back(begun + 1)
            if self._next_row is not None and depth:
                scanner.skip_to(self._next_row)
            yield from self._piece(line, problem=_told(fate))
        scanner.keep(None)

    def _to_end(self, depth: int, begun: int, *, searching: bool) -> str:
        """Go to the end of an object; what became of it.

        When `searching`, it may turn out to hold the list of those that are meant.
        """
        scanner, name, before, kept = self._scanner, "", "", True
        deepest = depth + MOST_NESTED
        while sign := scanner.sign():
            if sign in "{[":
                self._open.append(sign)
                if searching and sign == "[" and name in LISTS and len(self._open) <= DEEPEST:
                    self._items = len(self._open)
                    return "list"
            elif sign in "}]":
                if self._open.pop() != _PAIRS[sign]:
                    return self._broken(kept, len(self._open) >= deepest)
                if len(self._open) == depth:
                    return "whole" if kept else "too long"
            elif sign == '"' and scanner.torn:
                return self._broken(kept, len(self._open) >= deepest)
            elif sign == ":" and before == '"':
                name = scanner.name
                searching = searching and not (len(self._open) == depth + 1 and name in OWN)
            if kept and scanner.place - begun > LONGEST:
                kept = False
                scanner.keep(None)
            before = sign
        return self._broken(kept, len(self._open) >= deepest) if depth or not kept else "cut off"

    @staticmethod
    def _broken(kept: bool, deep: bool) -> str:
        """What becomes of what is no object, by whether it is held and can be gone back into."""
        if not kept:
            return "too long"
        return "too deep" if deep else "damaged"

    def _piece(
        self, line: int, text: str = "", problem: str | None = None
    ) -> Iterator[JsonElement]:
        """An element that ends here, and before it the lines that belong to none."""
        if line - 1 > self._told:
            yield JsonElement(self._told + 1, line - 1 - self._told, skipped=AROUND)
            self._told = line - 1
        lines = max(self._scanner.line - self._told, 0)
        self._told += lines
        yield JsonElement(line, lines, text, problem)


def _beginning(lead: str, text: str) -> re.Pattern[str] | None:
    """How objects begin in this document: on a line of their own, or with a name."""
    indent = lead[: len(lead) - len(lead.lstrip(" \t"))]
    ways = [] if lead.strip("[, \t") else [rf"\n{re.escape(indent)}\{{"]
    named = re.match(r'\{\s*"[^"]{1,60}"', text)
    if named and (not ways or "[" in lead):
        ways.append(rf"(?={re.escape(named.group())})\{{")
    return re.compile("|".join(ways)) if ways else None


def _told(fate: str) -> str:
    return {
        "damaged": "not JSON",
        "too deep": "not JSON",
        "cut off": "the file ends within this object",
        "too long": f"longer than {LONGEST:,} characters",
    }[fate]
