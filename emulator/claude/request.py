"""A request as the stand-in reads it: the message to judge, the thread, the passages."""

import html
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from emulator.claude.errors import Json
from emulator.claude.pictures import picture

_MESSAGE = re.compile(r"<message\b[^>]*>(.*?)</message>", re.DOTALL)
_THREAD = re.compile(r"<thread\b[^>]*>(.*?)</thread>", re.DOTALL)
_BEFORE = re.compile(r"<(?P<tag>waiting|answered)>(?P<said>.*?)</(?P=tag)>", re.DOTALL)
_FILE = re.compile(r"<file\b[^>]*>(.*?)</file>", re.DOTALL)
_LANGUAGE = re.compile(r"<language\b[^>]*>\s*([A-Za-z]{2})\b[^<]*</language>")
_SPEAKER = re.compile(r"\s*[\[(<]?(?P<who>[\w .-]{1,40}?)(?:[\])>]:?|:)\s+(?P<said>.+)")
_CUSTOMERS = frozenset({"customer", "user", "requester", "client", "guest"})
_AGENTS = frozenset({"agent", "support", "staff"})
_TAG = re.compile(r"<[^<>]+>")
_NAMED = re.compile(
    r"<(?P<tag>[\w-]+)\s[^<>]*?\bname=\"(?P<name>[^\"]+)\"[^<>]*?(?:/>|>(?P<inner>.*?)</(?P=tag)>)",
    re.DOTALL,
)
_EXAMPLE = re.compile(r"<example\b[^>]*>(.*?)</example>", re.DOTALL)


@dataclass(frozen=True)
class Passage:
    """One search_result block; `index` counts over the whole request."""

    index: int
    source: str
    title: str
    blocks: tuple[str, ...]
    cited: bool

    @property
    def own(self) -> bool:
        """Whether it is a file of the author's, and no article."""
        return self.source.startswith("file:")


@dataclass(frozen=True)
class Described:
    """An element `<tag name="…">description <example>…</example></tag>` of the prompt."""

    tag: str
    name: str
    texts: tuple[str, ...]


@dataclass
class Request:
    """A request body with the questions the stand-in asks of it."""

    body: Json

    @cached_property
    def system(self) -> str:
        """The system prompt as one text."""
        return "\n".join(block["text"] for block in blocks(self.body.get("system") or []))

    @cached_property
    def message(self) -> str:
        """What the customer wrote and shows: the last `<message>`, the pictures, else the files.

        Without any of them it is the last text of the last user turn.
        """
        return self.written or "\n".join(self.files) or _plain(self._asked)

    @cached_property
    def written(self) -> str:
        """The last `<message>`, and the words in the pictures with it."""
        return "\n".join(filter(None, (_last(_MESSAGE, self._asked), *self.pictures)))

    @cached_property
    def pictures(self) -> list[str]:
        """The words that the images of the last user turn carry."""
        turns = _spoken(self.body["messages"])
        shown = blocks(turns[-1]["content"]) if turns else []
        return [picture(each).text for each in shown if each.get("type") == "image"]

    @cached_property
    def files(self) -> list[str]:
        """What stands in the `<file>` elements beside the message, or is given as a source."""
        sources = [" ".join(each.blocks) for each in self.passages if each.own]
        return [text for found in _FILE.findall(self._asked) if (text := _plain(found))] + sources

    @cached_property
    def thread(self) -> str:
        """What was said before, as plain text; empty when nothing was."""
        found = _THREAD.findall(self._asked)
        if found:
            return _plain(found[-1])
        earlier = [turn for turn in self.body["messages"][:-1] if turn["role"] == "user"]
        return "\n".join(_plain(_last_text(turn)) for turn in earlier)

    @cached_property
    def before(self) -> str:
        """What the author of the message wrote a moment before it, answered or not."""
        found = _BEFORE.search(self._asked)
        return html.unescape(found["said"]).strip() if found else ""

    @cached_property
    def waiting(self) -> str:
        """The same where it still waits for its answer."""
        found = _BEFORE.search(self._asked)
        return self.before if found and found["tag"] == "waiting" else ""

    @cached_property
    def earlier(self) -> str:
        """What the customer said last before the message; the last line if nobody is named."""
        lines = [_SPEAKER.match(line) for line in self.thread.splitlines()]
        said = [line["said"] for line in lines if line and line["who"].lower() in _CUSTOMERS]
        return said[-1] if said else (self.thread.splitlines() or [""])[-1]

    @cached_property
    def agents(self) -> list[str]:
        """What agents said in the thread, a line each."""
        lines = [_SPEAKER.match(line) for line in self.thread.splitlines()]
        return [line["said"] for line in lines if line and line["who"].lower() in _AGENTS]

    @cached_property
    def language(self) -> str | None:
        """The language the request says to answer in, outside the message and the thread."""
        found = _LANGUAGE.search(self._instructions)
        return found[1].lower() if found else None

    @cached_property
    def passages(self) -> list[Passage]:
        """Every search_result of the request, tool results included, in order."""
        found = [
            block
            for turn in self.body["messages"]
            for outer in blocks(turn["content"])
            for block in (outer, *_inner(outer))
            if block.get("type") == "search_result"
        ]
        return [_passage(index, block) for index, block in enumerate(found)]

    @property
    def described(self) -> tuple[Described, ...]:
        """The named elements of the system prompt, then those of the question itself."""
        return described(self.system) + described(self._instructions)

    @cached_property
    def _instructions(self) -> str:
        asked = _BEFORE.sub("", self._asked)
        return _FILE.sub("", _THREAD.sub("", _MESSAGE.sub("", asked)))

    @property
    def asked(self) -> str:
        """The last text of the last user turn, as it was sent."""
        return self._asked

    @cached_property
    def _asked(self) -> str:
        turns = _spoken(self.body["messages"])
        return _last_text(turns[-1]) if turns else ""


def blocks(content: object) -> list[Json]:
    """Content as a list of blocks; a plain string is one text block."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return content if isinstance(content, list) else []


@lru_cache(maxsize=256)
def described(prompt: str) -> tuple[Described, ...]:
    """The named elements of a prompt; cached, since a prompt serves thousands of calls."""
    return tuple(_described(match) for match in _NAMED.finditer(prompt))


def _described(match: re.Match[str]) -> Described:
    inner = match["inner"] or ""
    examples = [_plain(text) for text in _EXAMPLE.findall(inner)]
    meaning = _plain(_EXAMPLE.sub(" ", inner))
    texts = [text for text in (meaning, *examples) if text]
    return Described(match["tag"], html.unescape(match["name"]), tuple(texts))


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text)).strip()


def _last(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.findall(text)
    return html.unescape(found[-1]).strip() if found else ""


def _spoken(messages: list[Json]) -> list[Json]:
    """The turns in which somebody says something: not those that only bring results of tools."""
    users = [turn for turn in messages if turn["role"] == "user"]
    return [turn for turn in users if not _brings(turn)] or users


def _brings(turn: Json) -> bool:
    kinds = {block.get("type") for block in blocks(turn["content"])}
    return "tool_result" in kinds and "text" not in kinds


def _last_text(turn: Json) -> str:
    texts = [block["text"] for block in blocks(turn["content"]) if block.get("type") == "text"]
    return texts[-1] if texts else ""


def _inner(block: Json) -> list[Json]:
    return blocks(block.get("content")) if block.get("type") == "tool_result" else []


def _passage(index: int, block: Json) -> Passage:
    return Passage(
        index,
        block["source"],
        block["title"],
        tuple(part["text"] for part in block["content"]),
        bool((block.get("citations") or {}).get("enabled")),
    )
