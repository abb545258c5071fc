"""Tools that a message wants used, known by their descriptions and schemas alone.

A tool fits when every argument that it requires can be read out of the message or, for a follow-up,
out of the thread: by pattern, by `enum`, or as an order number. Each value is a use of its own, all
at once. One that requires nothing is used where its description has something of the message. What
one tool has found, another may be asked with, in a further round.
"""

import re
from collections.abc import Iterator

from emulator.claude import entities
from emulator.claude.concepts import concepts
from emulator.claude.errors import Json
from emulator.claude.matching import Features, features
from emulator.claude.quoting import cited_block
from emulator.claude.reading import Reading
from emulator.claude.request import Passage, blocks
from emulator.claude.text import Lexicon, fold, stem, words

MOST = 4
# The shape of what a question is after, where it does not name the field.
SHAPES = (
    (
        Lexicon(
            *("when", "date", "day", "how long", "arrive", "rest", "bao giờ", "khi nào"),
            *("ngày nào", "bao lâu", "hôm nào"),
        ),
        re.compile(r": \d{4}-\d{2}-\d{2}$"),
    ),
    (
        Lexicon(
            *("how much", "total", "amount", "pay", "paid", "money", "bao nhiêu", "tổng tiền"),
            *("mấy tiền",),
        ),
        re.compile(r": [\d.,]{5,}\b"),
    ),
    (
        Lexicon("who", "which company", "by whom", "bên nào", "đơn vị nào", "ai giao"),
        re.compile(r": [A-Z]\D*$"),
    ),
)
# A figure by itself, grouped or not; no part of a code, a date or a time.
AMOUNT = re.compile(
    r"(?<![\w.,:/-])\d{1,3}(?:[.,]\d{3})+(?![\d:/-])|(?<![\w.,:/-])\d{2,}(?![\d.,]*\d|[:/-])"
)
# The share of a tool's own weight that a message has to have, to be asked without arguments.
NEAR = 0.12


def wanted(body: Json, reading: Reading) -> list[Json]:
    """The uses that help, each `name` and `input`; none when there is enough, or no way."""
    choice = (body.get("tool_choice") or {}).get("type", "auto")
    tools = [tool for tool in body.get("tools") or [] if "input_schema" in tool]
    if choice == "none" or not tools or reading.small_talk or reading.creative:
        return []
    done = list(_done(body))
    fresh = [use for use in _fitting(tools, reading, done) if use not in done]
    alone = (body.get("tool_choice") or {}).get("disable_parallel_tool_use")
    return fresh[: 1 if alone else MOST]


def answer(reading: Reading, passages: list[Passage]) -> list[Json]:
    """What tools said, told line by line: of each result what it is, and what was asked for."""
    told: list[Json] = []
    for passage in passages:
        parts = enumerate(passage.blocks)
        lines = [(place, line) for place, part in parts for line in _lines(part)]
        for place, line in _telling(lines, reading):
            if told:
                told.append({"type": "text", "text": " "})
            ended = line if line.endswith((".", "!", "?")) else f"{line}."
            told.append({"type": "text", "text": _capital(ended)} | cited_block(passage, place))
    return told


def results(body: Json, reading: Reading) -> list[Passage]:
    """The passages that tools brought, in their order."""
    brought = {
        inner["source"]
        for turn in body["messages"]
        for block in blocks(turn["content"])
        if block.get("type") == "tool_result"
        for inner in blocks(block.get("content"))
        if inner.get("type") == "search_result"
    }
    return [each for each in reading.request.passages if each.source in brought]


def _fitting(tools: list[Json], reading: Reading, done: list[Json]) -> Iterator[Json]:
    """Uses with arguments that were said first; those without any only where there are none."""
    tools = _meant(tools, reading)
    filled = [use for tool in tools for use in _filled(tool, reading)]
    if filled:
        yield from filled
        return
    if done:
        yield from _further(tools, reading, done)
        return
    plain = [tool for tool in tools if not _required(tool)]
    best = max(plain, key=lambda tool: _near(tool, reading), default=None)
    if best is not None and _near(best, reading) >= NEAR:
        yield {"name": best["name"], "input": {}}


def _meant(tools: list[Json], reading: Reading) -> list[Json]:
    """A tool that does something by its first word, where the message wants that; else the rest."""
    doing = {tool["name"]: _deed(tool) for tool in tools}
    wanted = [tool for tool in tools if doing[tool["name"]] in reading.concepts]
    return wanted or [tool for tool in tools if doing[tool["name"]] is None]


def _deed(tool: Json) -> str | None:
    first = words(str(tool.get("description", "")))[:1]
    return next(iter(concepts([stem(word) for word in first])), None)


def _further(tools: list[Json], reading: Reading, done: list[Json]) -> Iterator[Json]:
    """What was found first by another tool, asked about more closely."""
    found = "\n".join(part for each in reading.request.passages for part in each.blocks[:1])
    used = {use["name"] for use in done}
    for tool in tools:
        required = _required(tool)
        if tool["name"] in used or len(required) != 1:
            continue
        values = _values(required[0], _node(tool, required[0]), found)
        if values:
            yield {"name": tool["name"], "input": {required[0]: values[0]}}


# Between the parts of a number: a hyphen that stands in no class, and what people write for it.
_HYPHEN = re.compile(r"-(?![^\[]*\])")
_BETWEEN = "[-\u2010-\u2015_./ ]?"


def _filled(tool: Json, reading: Reading) -> list[Json]:
    """A use for each value of the one argument that names things; none where one is missing."""
    required = _required(tool)
    if not required:
        return []
    said = (reading.request.message, reading.request.thread)
    options = [_first(name, _node(tool, name), said) for name in required]
    if not all(options):
        return []
    longest = max(range(len(options)), key=lambda place: len(options[place]))
    uses = []
    for value in options[longest]:
        arguments = {name: option[0] for name, option in zip(required, options, strict=True)}
        uses.append({"name": tool["name"], "input": arguments | {required[longest]: value}})
    return uses


def _first(name: str, node: Json, said: tuple[str, str]) -> list[object]:
    """What the message says of an argument, else the thread: there the latest."""
    message, thread = said
    return _values(name, node, message) or _values(name, node, thread)[-1:]


def _values(name: str, node: Json, text: str) -> list[object]:
    """The values for an argument that a text holds, each once."""
    pattern = node.get("pattern") or _told_pattern(node)
    if "enum" in node:
        return [each for each in node["enum"] if fold(str(each)) in fold(text)][:1]
    if node.get("type") == "string" and pattern:
        return _spelled(pattern.strip("^$"), text)
    if node.get("type") in ("integer", "number") and {"amount", "sum"} & set(words(name)):
        return [int(re.sub(r"\D", "", each)) for each in AMOUNT.findall(text)]
    if node.get("type") == "string" and {"number", "order", "id", "code"} & set(words(name)):
        return [*entities.order_ids(text)]
    return []


def _spelled(pattern: str, text: str) -> list[object]:
    """What a text holds of a pattern, spelled as that wants it: «dh 20311» as DH-20311."""
    parts = [f"({each})" for each in _HYPHEN.split(pattern)]
    written = re.compile(rf"(?<![\w-]){_BETWEEN.join(parts)}(?![\w-])", re.IGNORECASE)
    whole = re.compile(pattern)
    found = []
    for match in written.finditer(text):
        spelled = "-".join(match.groups()[: len(parts)])
        fits = (each for each in (match[0], spelled, spelled.upper()) if whole.fullmatch(each))
        found += [each for each in [next(fits, None)] if each is not None]
    return list(dict.fromkeys(found))


def _told_pattern(node: Json) -> str:
    """A pattern that the schema's description tells of, as clients write what the API lacks."""
    found = re.search(r"pattern: (\S+?)[,}]", str(node.get("description", "")))
    return found[1] if found else ""


def _near(tool: Json, reading: Reading) -> float:
    """How much of a tool's description the message has; 0 to 1."""
    told = features(f"{tool['name'].replace('_', ' ')} {tool.get('description', '')}")
    asked = features(reading.text)
    whole = sum(weight for feature, weight in told.items() if feature[0] in "wc")
    shared = sum(told[each] for each in told if each in asked and each[0] in "wc")
    return shared / whole if whole else 0.0


def _required(tool: Json) -> list[str]:
    return list(tool["input_schema"].get("required") or ())


def _node(tool: Json, name: str) -> Json:
    node: Json = tool["input_schema"]["properties"][name]
    return node


def _done(body: Json) -> Iterator[Json]:
    for turn in body["messages"]:
        for block in blocks(turn["content"]) if turn["role"] == "assistant" else []:
            if block.get("type") == "tool_use":
                yield {"name": block["name"], "input": block["input"]}


def _lines(part: str) -> list[str]:
    return [line.strip() for line in part.splitlines() if line.strip()]


def _telling(lines: list[tuple[int, str]], reading: Reading) -> list[tuple[int, str]]:
    """The first two lines of a result, which say how what stands, and those that were asked for."""
    asked = features(reading.text)
    named = {number for number, (_, line) in enumerate(lines) if _label_in(line, asked)}
    for question, shape in SHAPES:
        if reading.text in question:
            named |= {number for number, (_, line) in enumerate(lines) if shape.search(line)}
    return [each for number, each in enumerate(lines) if number < 2 or number in named]


def _label_in(line: str, asked: Features) -> bool:
    """Whether what a line is about is asked for by its name."""
    label = features(line.partition(":")[0])
    return sum(label[each] for each in label if each in asked and each[0] in "wcp") >= 1


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]
