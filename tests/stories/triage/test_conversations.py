"""Whole conversations of several people: each line is heard, or it is none of our business."""

import pytest

from emulator.slack import Message, Person
from tests.support.questions import DELIVERY, PERSON, WARRANTY
from tests.support.workspace import Workspace

Line = tuple[str, str, bool]
"""Who says it, what, and whether the desk is to hear it. The first begins a thread."""

CONVERSATIONS: dict[str, tuple[Line, ...]] = {
    "talk from beginning to end": (
        ("tom", "anyone else's laptop fan super loud?", False),
        ("ann", "mine too, IT said they'd look", False),
        ("linh", "same", False),
        ("tom", "ok I'll live with it then", False),
    ),
    "advice of colleagues, and then the question again": (
        ("linh", "my rice cooker keeps tripping the fuse", True),
        ("tom", "had the same with mine, just get another brand", False),
        ("linh", "lol", False),
        ("linh", "ok so what do I do now?", True),
    ),
    "a question amid a talk": (
        ("tom", "@ann did the new pans arrive at the warehouse?", False),
        ("ann", "yes this morning", False),
        ("linh", "can customers order them already? and how long is the warranty on them", True),
    ),
    "somebody else goes on with the question": (
        ("linh", WARRANTY, True),
        ("tom", "does that hold for the kettle too?", True),
    ),
    "under a notice of the agents": (
        ("mai", "We are closed on 2 September.", False),
        ("linh", "noted 👍", False),
        ("ann", "good to know", False),
        ("tom", "vậy giao hàng mất bao lâu ạ?", True),
    ),
    "what a colleague asks back": (
        ("linh", "my kettle does not turn on any more", True),
        ("tom", "@linh did you try another socket?", False),
        ("linh", "yes, same there", False),
        ("linh", "so can I get it repaired under warranty?", True),
    ),
    "an arrangement with a question at its end": (
        ("tom", "tối nay ai đi nhậu", False),
        ("ann", "t đi", False),
        ("linh", "cho t đi với, mà đơn hàng của t chưa thấy giao, hỏi ai vậy?", True),
    ),
    "what happened to a colleague, and the customer's next question": (
        ("linh", DELIVERY, True),
        ("tom", "took a week for me", False),
        ("linh", "oh wow", False),
        ("linh", "and can I track it somewhere?", True),
    ),
    "colleagues beside a question": (
        ("linh", "is it ok to put the pan into the oven", True),
        ("tom", "I do it all the time", False),
        ("ann", "the handle melts, careful", False),
    ),
    "the same matter with a number of one's own": (
        ("linh", PERSON, True),
        ("ann", "same with my order 5513, two lids missing", True),
    ),
}


@pytest.fixture
async def people(desk: Workspace) -> dict[str, Person]:
    """Linh and the agent Mai, and two colleagues in the channel."""
    tom, ann = (desk.slack.add_user(name, real_name=name.title()) for name in ("tom", "ann"))
    for each in (tom, ann):
        await each.join(desk.orders)
    return {"linh": desk.linh, "mai": desk.mai, "tom": tom, "ann": ann}


@pytest.mark.parametrize("lines", CONVERSATIONS.values(), ids=CONVERSATIONS)
async def test_each_line_is_heard_or_left_alone(
    desk: Workspace, people: dict[str, Person], lines: tuple[Line, ...]
) -> None:
    """By what the desk says to it, and by what the books say."""
    first: Message | None = None
    for who, words, meant in lines:
        before = len(desk.replies(first)) if first else 0
        said = await _say(desk, people[who], words, first)
        first = first or said
        await desk.settled()
        row = await desk.row(said)

        assert (len(desk.replies(first)) > before) == meant, words
        assert (row is not None and row.outcome not in (None, "left_alone")) == meant, words


async def _say(desk: Workspace, person: Person, words: str, first: Message | None) -> Message:
    if first is None:
        return await person.post(desk.orders, words)
    return await person.reply(first, words)
