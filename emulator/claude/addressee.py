"""Whom a message is for: the desk, or somebody among the people who talk there.

By cues that hold anywhere: who is called, what colleagues talk about, how people answer each other,
and against that what a customer has to do with a desk; and by how its words are used elsewhere
(`leaning`). Each counts; the difference decides.
"""

import re
from collections.abc import Sequence

from emulator.claude.addressee_cues import (
    ALL,
    AMONG,
    ANSWERS,
    ANYONE_THERE,
    ASKED_BY_NAME,
    ASKING,
    ASKS,
    BIDDEN,
    CALLED,
    COLLEAGUES,
    CROWD,
    DESK,
    ECHOES,
    FAILS,
    FOLLOWS,
    LACKS,
    OF_NOBODY,
    OWN,
    PLACE,
    STRONG,
    TAG,
    THANKED,
    TO_ALL,
    TO_ANYBODY,
    TO_PEOPLE,
    TO_YOU,
    TOGETHER,
    WEAK,
    WISHES,
    WORLD,
)
from emulator.claude.concepts import concepts
from emulator.claude.entities import names, order_ids
from emulator.claude.language import language
from emulator.claude.leaning import leaning
from emulator.claude.text import fold, sentences, stem, words
from emulator.claude.tone import sentiment, wants_person

MARGIN = 0.5
"""The points that the desk has ahead, so that no question is lost."""
DOUBT = 0.3
"""The points by which one side must be ahead."""
USED = 0.35
"""What a unit of `leaning` counts."""
ASKED = 1.0
"""The leaning to people at which a question's words count no more."""
FORM = 0.75
"""What a form of sentence counts where a message names nothing of either side."""
FEW = 3
"""Words below which a remark says too little to tell."""
READ = ("en", "vi")
"""The languages whose forms are known here."""


def addressee(
    message: str, thread: str, *, asks: bool, brings: bool = False, wordless: bool = False
) -> tuple[str, float]:
    """`desk`, `someone_else` or `unclear`, and how sure that is (0 to 1).

    `thread` are the lines before it, `[who] words` each; `asks` says that the message is more than
    a greeting or thanks; `brings` that files come with it, or what others said, `wordless` that its
    author says nothing beside: who asks about that, or only brings it, turns to the desk.
    """
    lines = re.findall(r"^\s*\[(\w+)\](.*)$", thread, re.MULTILINE)
    speakers = [who for who, _ in lines]
    desk, people = _with_the_desk(message, speakers, asks=asks), _among_people(message, speakers)
    people += 2.5 * _goes_on_with_them(message, lines)
    if not lines:
        desk += 1.5 * wordless or float(brings and _questions(fold(message)))
    if not asks or language(message) not in READ:
        ahead = desk + MARGIN - people
    else:
        ahead = desk + MARGIN - people if desk or people else _by_form(message)
        # How words are used that somebody else said says nothing of whoever brings them.
        ahead -= 0.0 if wordless else _used(message, lines)
    sure = min(0.95, 0.7 + 0.08 * abs(ahead))
    if abs(ahead) < DOUBT:
        return "unclear", 0.7
    return ("desk" if ahead > 0 else "someone_else"), round(sure, 2)


def _used(message: str, lines: Sequence[tuple[str, str]]) -> float:
    """What the use of its words counts: nothing in a thread, where it counts what was said before.

    Where a name is called, somebody may be asked whatever the words are about; and a desk may be
    asked what nobody has asked one in the examples, also amid much chatter.
    """
    if lines:
        return 0.0
    asked = [each for each in sentences(message) if _questions(fold(each))]
    leans = min(ASKED, *map(leaning, asked)) if asked else leaning(message)
    return USED * leans / (2 if _calls_somebody(message) else 1)


def speaks_to_people(message: str) -> bool:
    """Whether it names more of what people say to each other than of a desk's business."""
    return _among_people(message, ()) > _with_the_desk(message, (), asks=True) + MARGIN


def _by_form(message: str) -> float:
    """How far words are for the desk that name nothing of its matters, nor of anybody else's.

    A plain remark is made among people; what asks, wishes or complains may be for either.
    """
    folded = fold(message)
    if any(each.search(folded) for each in (TO_YOU, FAILS, TO_ANYBODY, ANYONE_THERE)):
        return FORM
    if _tells_of_somebody(message) or TO_PEOPLE.search(folded) or sentiment(message) > 0:
        return -FORM
    wants = WISHES.search(folded) or LACKS.search(folded)
    asks = _questions(folded) or wants is not None or sentiment(message) < 0
    return 0.0 if asks or len(words(message)) < FEW else -FORM


def _among_people(message: str, speakers: Sequence[str]) -> float:
    folded = fold(message)
    points = 2.0 * (_calls_somebody(message) + _asks_by_name(message))
    points += min(len(set(COLLEAGUES.hits(message))), 3)
    points += bool(TOGETHER.search(folded)) + (not words(message))
    points += bool(ALL.search(CROWD.sub(" ", folded))) and ANYONE_THERE.search(folded) is None
    points += 2.0 * bool(TO_ALL.search(folded)) + bool(CROWD.search(folded))
    points += 2.0 * sum(bool(each.search(folded)) for each in AMONG)
    points += 1.5 * bool(BIDDEN.search(folded))
    if "other" in speakers:
        wants = _questions(folded) or any(each.search(folded) for each in (ASKS, WISHES))
        answers = ANSWERS.search(folded) is not None and not wants
        points += 1.5 * answers + 0.5 * (speakers[-1] == "other")
    return points


def _goes_on_with_them(message: str, lines: Sequence[tuple[str, str]]) -> bool:
    """Whether it belongs to what people say to each other in the thread.

    In somebody else's thread that is a remark, and a question to them («which model is it?»); in
    one's own the answer to what somebody else asked. Nothing of that has a matter of its own.
    """
    folded = fold(message)
    if not lines or order_ids(message) or wants_person(message):
        return False
    if ECHOES.search(folded) and not {"bot", "agent"} & {who for who, _ in lines}:
        return True
    if _of_ones_own(message) or (lines[-1][0] == "bot" and FOLLOWS.search(folded)):
        return False
    if message in DESK and _questions(folded):
        return False
    if lines[0][0] == "other":
        return not (_questions(folded) and _is_trade(message))
    return lines[-1][0] == "other" and _questions(fold(lines[-1][1])) and not _questions(folded)


def _of_ones_own(message: str) -> bool:
    """Whether somebody tells of an order of their own, or wants something."""
    folded = fold(message)
    told = OWN.search(folded) or WISHES.search(folded) or order_ids(message)
    return bool(told) or sentiment(message) < 0


def _is_trade(message: str) -> bool:
    return any(each in STRONG for each in concepts([stem(word) for word in words(message)]))


def _questions(folded: str) -> bool:
    return "?" in folded or ASKING.search(folded) is not None


def _with_the_desk(message: str, speakers: Sequence[str], *, asks: bool) -> float:
    named = concepts([stem(word) for word in words(message)]) if asks else []
    strong = sum(each in STRONG for each in named)
    weak = sum(each in WEAK for each in named)
    points = min(strong, 2) + 0.5 * min(weak, 2)
    points += 3.0 * wants_person(message) or 2.0 * (message in DESK)
    points += bool(OWN.search(fold(message))) + 1.5 * bool(order_ids(message))
    points += bool(FAILS.search(fold(message)))
    follows = "other" not in speakers or FOLLOWS.search(fold(message)) is not None
    return points + (speakers[-1:] == ["bot"] and follows)


def _calls_somebody(message: str) -> bool:
    """Whether a name is called that is not the desk's own."""
    said = THANKED.sub("", message)
    found = [match for pattern in CALLED if (match := pattern.search(said))]
    names = [match.groupdict().get("name") for match in found]
    return any(name is None or name.lower() not in OF_NOBODY for name in names)


def _asks_by_name(message: str) -> bool:
    """«Tom, can you …»; about a matter of one's own that may be said to whoever is of the desk."""
    found = None if re.search(r"\bmy\b", message) else ASKED_BY_NAME.search(message)
    return found is not None and found["name"].lower() not in OF_NOBODY


def _tells_of_somebody(message: str) -> bool:
    """Whether a name stands in it that is no place, and nobody is asked about the world."""
    placeless = PLACE.sub(" ", TAG.sub("\n", message))
    people = [each for each in names(placeless) if not each.isupper()]
    return bool(people) and WORLD.search(fold(message)) is None
