"""What a message is about is found in it, whatever else people write around it."""

import pytest

from emulator.slack import Message
from tests.support.questions import WILL_COME
from tests.support.workspace import Workspace

BEFORE = (
    "Hello dear team, I hope you are all doing well and enjoy the sunshine! My mother and I "
    "spent the whole morning in the garden with her tomatoes, and she sends you her best."
)
AFTER = "Sorry for writing so much again. Have a lovely evening!\nWarm regards,\nHelen Marsh"
BEFORE_VI = (
    "Em chào cả nhà ạ, chúc mọi người buổi sáng nhiều niềm vui nhé! Sáng nay em với mẹ ngồi "
    "tưới cây ngoài vườn, nắng đẹp lắm luôn, mẹ em gửi lời thăm mọi người."
)
AFTER_VI = "Em nói hơi dài, mong anh chị bỏ qua cho.\nTrân trọng,\nThu Hà"


async def sources(desk: Workspace, asked: Message) -> set[str]:
    decision = await desk.decision(asked)
    assert decision is not None
    return {source["source"] for source in decision.sources}


async def test_a_chatty_message_is_answered(desk: Workspace) -> None:
    """In both languages, with accents and without."""
    for text, article in (
        (f"{BEFORE} How long does delivery to Hanoi take? {AFTER}", "delivery-en.md"),
        (f"{BEFORE} How long is the warranty on a rice cooker? {AFTER}", "warranty-en.md"),
        (f"{BEFORE_VI} Giao hàng đến Hà Nội mất bao lâu ạ? {AFTER_VI}", "delivery-vi.md"),
        (f"{BEFORE_VI}\nbao lau thi giao hang den Ha Noi\n{AFTER_VI}", "delivery-vi.md"),
    ):
        asked = await desk.hears(desk.linh, text)
        assert article in await sources(desk, asked), text


async def test_a_chatty_message_about_nothing_here_is_handed_over(desk: Workspace) -> None:
    """Friendly words are no reason to answer something."""
    asked = await desk.hears(desk.linh, f"{BEFORE} Which trumpet mutes fit a flugelhorn? {AFTER}")

    assert await sources(desk, asked) == set()
    assert WILL_COME in desk.replies(asked)[0]


async def test_each_of_several_matters_finds_its_own(desk: Workspace) -> None:
    """The model is shown passages of both articles, though one matter has many more words."""
    await desk.hears(
        desk.linh,
        "How long does delivery to Hanoi take and what does delivery cost there? "
        "And is the steel bottle dishwasher safe?",
    )

    shown = str([call.body for call in desk.claude.calls if "search_result" in str(call.body)])
    assert "delivery-en.md" in shown
    assert "bottles-en.md" in shown


async def test_a_follow_up_is_complete_with_the_thread(desk: Workspace) -> None:
    """«And the Sen Pro?» asks what was asked before."""
    asked = await desk.hears(desk.linh, "How many people is the Sen 1.0 rice cooker for?")
    await desk.linh.reply(asked, "And the Sen Pro?")
    await desk.settled()

    answering = [call.body for call in desk.claude.calls if "search_result" in str(call.body)]
    assert "Sen Pro 1.8" in str(answering[-1])
    assert "rice-cookers-en.md" in str(answering[-1])


@pytest.mark.parametrize(
    "texts",
    [
        ("Please cancel order DH10234", "please cancel order DH10871", "cancel order DH10999"),
        ("I want to cancel my order", "I'd like to cancel my order", "want to cancel my order"),
    ],
)
async def test_what_everybody_asks_for_themselves_is_no_incident(
    desk: Workspace, texts: tuple[str, ...]
) -> None:
    """Three people who cancel three orders have nothing in common."""
    for number, text in enumerate(texts):
        person = desk.slack.add_user(f"customer{number}")
        await person.join(desk.orders)
        await desk.hears(person, text)

    assert {each.incident_id for each in await desk.tickets()} == {None}


async def test_what_the_bot_settles_is_no_part_of_an_incident(desk: Workspace) -> None:
    """A question that its articles answer may be asked by as many as like."""
    for number in range(3):
        person = desk.slack.add_user(f"customer{number}")
        await person.join(desk.orders)
        await desk.hears(person, "How long is the warranty on a rice cooker?")

    assert {each.incident_id for each in await desk.tickets()} == {None}
