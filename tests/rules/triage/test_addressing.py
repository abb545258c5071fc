"""Whom a message is for, where rules can tell: a table of what people write."""

import re

import pytest

from bot.triage.addressing import (
    COLLEAGUE,
    SOMEBODY_ELSE,
    TALK,
    THANKS,
    UNCLEAR,
    Mention,
    Named,
    Part,
    Talk,
    left_alone_by_rule,
    surely_for_desk,
)

WHO: dict[str, Named] = {
    "@desk": "desk",
    "@mai": "agent",
    "@tom": "person",
    "@ann": "person",
    "@group": "group",
    "@here": "crowd",
}
OWN = Talk(ticket=True, own=True, last="desk")
OTHERS = Talk(ticket=True, last="desk")


def parts(text: str) -> list[Part]:
    """A text with its mentions, written as the keys of WHO."""
    pieces = re.split(rf"({'|'.join(WHO)})\b", text)
    return [Mention(WHO[piece]) if piece in WHO else piece for piece in pieces if piece]


@pytest.mark.parametrize(
    "text",
    [
        "@tom can you check the printer?",
        "@tom",
        "@tom 👍",
        "Hi @tom, did you see this?",
        "hey @tom and @ann are you coming?",
        "good morning @ann! how was the trip",
        ":wave: @tom lunch?",
        "@tom was it you who moved the boxes?",
        "@tom is there a meeting today?",
        "@ann have a look please",
        "> when do we meet?\n@tom at five",
        "&gt; when do we meet?\n@tom at five",
        "cc @tom",
        "ok thanks @tom, see you there",
        "@group who takes the late shift?",
        "@mai please call the courier",
        "@tom: the delivery is here",
        "@tom – did it work?",
        "chào anh @tom, mai họp mấy giờ?",
        "@tom ơi đi ăn trưa không",
        "anh @tom với chị @ann ơi xem giúp em file này",
        "nhờ @tom kiểm tra kho giúp",
        "@tom có phải bạn gửi không?",
    ],
)
def test_a_message_that_calls_somebody_else_first_is_left_alone(text: str) -> None:
    """In a channel, and in a thread that nobody asked the desk to follow."""
    assert left_alone_by_rule(parts(text), None) == SOMEBODY_ELSE
    assert not surely_for_desk(parts(text), None)


@pytest.mark.parametrize(
    "text",
    [
        "How long does delivery take?",
        "@tom said that I can ask here: where is my order?",
        "@tom told me to write to you, my parcel is broken",
        "@tom's order never arrived",
        "@tom and I ordered a cooker and nothing came",
        "@tom can't log in to his account",
        "@tom has not got his refund",
        "Where is my order? @tom ordered it for me",
        "Hi team, @tom asked me to send this",
        "Hi Anna from support, where is my order?",
        "Thanks to @tom I found this channel. How long is the warranty?",
        "@here does anybody know how long delivery takes?",
        "My order 88121 was for @ann, can I change the address?",
        "@tom bảo em hỏi shop: giao hàng mất bao lâu?",
        "@tom đã đặt hàng mà chưa nhận được",
        "em là bạn của @tom",
        "@desk where is my order?",
        "@tom have you tried @desk?",
        "",
    ],
)
def test_a_name_in_a_question_loses_no_question(text: str) -> None:
    """What is only told of somebody is no word to them; the desk's own mention settles it."""
    assert left_alone_by_rule(parts(text), None) is None


def test_whoever_names_the_desk_or_its_group_speaks_to_it() -> None:
    """Wherever the name stands, and whoever else is named."""
    for text in ("@desk help", "@tom have you tried @desk?"):
        assert surely_for_desk(parts(text), None)
        assert surely_for_desk(parts(text), OTHERS)


@pytest.mark.parametrize("text", ["thanks @tom", "Thank you so much @ann!", "ok @tom", "@tom tks"])
def test_thanks_with_a_name_are_for_that_person(text: str) -> None:
    """Before the name and behind it."""
    assert left_alone_by_rule(parts(text), OWN) in (THANKS, SOMEBODY_ELSE)


@pytest.mark.parametrize(
    ("text", "talk", "reason"),
    [
        # The customer and the desk: nothing is left alone.
        ("thanks!", OWN, None),
        ("it still does not work", OWN, None),
        ("@mai can you call me?", OWN, None),
        ("@tom look at this", OWN, SOMEBODY_ELSE),
        # A colleague helps the customer.
        ("thanks Tom!", Talk(ticket=True, own=True, last="other"), THANKS),
        ("cảm ơn anh Tom nhé", Talk(ticket=True, own=True, last="other"), THANKS),
        # The desk has not answered yet, so that thanks are not for it; an agent's are hers.
        ("thanks Tom!", Talk(ticket=True, own=True, last="author"), THANKS),
        ("thanks!", Talk(ticket=True, own=True, last="agent"), None),
        # Outside any thread they answer somebody there.
        ("thanks!", None, THANKS),
        ("👍", None, THANKS),
        ("thanks, and where is my order?", None, None),
        # Nobody has spoken with the desk there: under a notice of an agent's, say.
        ("noted 👍", Talk(reason="agent outside a ticket"), THANKS),
        ("wow, good to know", Talk(), TALK),
        ("wow, where is my order?", Talk(), None),
        ("noted 👍", Talk(answered=True), None),
        # A colleague spoke last in a ticket; after the desk's word a remark may be an answer.
        ("oh wow", Talk(ticket=True, own=True, last="other"), TALK),
        ("oh wow", OWN, None),
        ("wow, and can I track it?", Talk(ticket=True, own=True, last="other"), None),
        ("Thanks, but how do I return it?", Talk(ticket=True, own=True, last="other"), None),
        # Somebody else in the customer's thread.
        ("How long is the warranty?", OTHERS, None),
        ("thanks!", OTHERS, THANKS),
        ("thanks!", Talk(ticket=True, last="desk", answered=True), None),
        ("yes since Monday", Talk(ticket=True, last="other", left_alone=True), TALK),
        ("yes since Monday", Talk(ticket=True, last="other"), None),
        # A thread that is no ticket.
        ("sure, at twelve", Talk(reason=SOMEBODY_ELSE), TALK),
        ("sure, at twelve", Talk(own=True, reason=TALK), TALK),
        ("送料はいくらですか？", Talk(reason=SOMEBODY_ELSE), None),
        ("كم من الوقت يستغرق التوصيل؟", Talk(reason=UNCLEAR), None),
        ("I think it is three days", Talk(reason=UNCLEAR), COLLEAGUE),
        ("I mean the delivery", Talk(own=True, reason=UNCLEAR), None),
        ("How long is the warranty?", Talk(), None),
        ("How long is the warranty?", Talk(reason="agent outside a ticket"), None),
        ("@desk can you answer this?", Talk(reason=SOMEBODY_ELSE), None),
    ],
)
def test_in_a_thread_it_counts_who_spoke_before(
    text: str, talk: Talk | None, reason: str | None
) -> None:
    """A row each: what is said, after what, and why it is left alone if it is."""
    assert left_alone_by_rule(parts(text), talk) == reason


@pytest.mark.parametrize(
    ("talk", "sure"),
    [
        (None, False),
        (OWN, True),
        (OTHERS, False),
        (Talk(ticket=True, last="desk", answered=True), True),
        (Talk(answered=True), True),
        (Talk(ticket=True, own=True, last="author"), True),
        (Talk(ticket=True, own=True, last="author", left_alone=True), False),
        (Talk(ticket=True, own=True, last="other"), False),
        (Talk(own=True), False),
    ],
)
def test_who_was_speaking_with_the_desk_still_does(talk: Talk | None, *, sure: bool) -> None:
    """All else is for triage to say."""
    assert surely_for_desk(parts("and for the fan?"), talk) is sure


@pytest.mark.parametrize(
    "text",
    ["same here tbh", "haha no way", "sorry, wrong channel", "Happy birthday Ines!! 🎂",
     "np, enjoy", "sr gửi nhầm nhóm", "haha đúng rồi", ":partyparrot:", "!!",
     "chúc mừng sinh nhật chị nha 🎉"],
)  # fmt: skip
def test_a_remark_outside_any_thread_is_for_the_people_there(text: str) -> None:
    """In one's own thread it may be an answer to the desk; with a file it is about that."""
    assert left_alone_by_rule(parts(text), None) == TALK
    assert left_alone_by_rule(parts(text), OWN) is None
    assert left_alone_by_rule(parts(text), None, brings=True) is None


@pytest.mark.parametrize(
    "text",
    ["same here, the kettle leaks", "oops I ordered two", "wrong size, what now", "sorry",
     "Hello", "nhầm hàng rồi", "same?", "no problem with the lid, but the base is broken",
     "@desk same here"],
)  # fmt: skip
def test_what_says_more_than_a_remark_is_none(text: str) -> None:
    """The twin: a question or a complaint may begin like one."""
    assert left_alone_by_rule(parts(text), None) is None
