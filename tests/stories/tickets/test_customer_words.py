"""What customers say later, and what they attach, as it reaches the agents."""

from datetime import timedelta
from typing import Any

from emulator.slack import Message
from storage.db.columns import utc_now
from tests.stories.tickets.conftest import COMPLAINT, QUESTION, Agents
from tests.support.questions import PERSON

LONG = "My parcel is late. " + "It was promised for Monday, and nobody answers. " * 30
PHOTO = ("photo.png", b"\x89PNG of a broken box")


def under(agents: Agents, card: Message) -> list[Message]:
    return [each for each in agents.place.slack.thread(card) if each is not card]


def copies(agents: Agents, card: Message) -> list[dict[str, Any]]:
    """The files that stand under a card."""
    return [each for one in under(agents, card) for each in one.files]


async def test_later_words_reach_the_agents_whole(agents: Agents) -> None:
    """A person has the ticket: what the customer adds stands under the card to its last word."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Take")
    await agents.in_thread(agents.linh, asked, f"{LONG}The number is 4471.")

    assert "The number is 4471." in under(agents, await agents.card(asked))[-1].text


async def test_words_too_long_for_a_note_are_cut_with_a_link(agents: Agents) -> None:
    """The note says that it was cut, and where all of it stands."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Take")
    more = await agents.in_thread(agents.linh, asked, f"{'word ' * 2_500}the end.")

    told = under(agents, await agents.card(asked))[-1].text
    assert "…" in told
    assert "the end." not in told
    assert f"/archives/{more.channel}/p{more.ts.replace('.', '')}" in told
    assert told.endswith("|read all of it>")


async def test_a_photo_without_words_is_named_with_a_link(agents: Agents) -> None:
    """It is not nothing."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Take")
    photo = await agents.linh.reply(asked, "", files=[PHOTO])
    await agents.place.settled()

    told = under(agents, await agents.card(asked))[-1].text
    assert f"<@{agents.linh.id}> added:" in told
    assert "📎 photo.png" in told
    assert f"p{photo.ts.replace('.', '')}" in told
    assert told.endswith("|open the message>")


async def test_a_long_message_is_cut_on_its_card_with_a_link(agents: Agents) -> None:
    """The card shows the beginning, its end is one click away."""
    asked = await agents.asks(f"{PERSON}. {LONG}The number is 4471.")

    told = await agents.shown(asked)
    assert "…" in told
    assert "The number is 4471." not in told
    assert "read all of it>" in told


async def test_a_short_message_is_not_cut(agents: Agents) -> None:
    """Nor is a link needed."""
    asked = await agents.asks(f"{PERSON}. {LONG[:600]}")

    assert LONG[560:600].strip() in await agents.shown(asked)
    assert "read all of it" not in await agents.shown(asked)


async def test_the_files_of_a_direct_message_are_shown_to_the_agents(agents: Agents) -> None:
    """A link into a direct message opens for no agent: the file itself stands under the card."""
    place = agents.place
    asked = await agents.linh.dm(PERSON, files=[PHOTO])
    await place.settled()

    (copy,) = copies(agents, await agents.card(asked))
    assert (copy["title"], place.slack.workspace.contents[copy["id"]]) == PHOTO


async def test_private_files_come_along_when_a_person_is_called_later(agents: Agents) -> None:
    """The bot answered, and no card stood: with the card come the files of what was said before."""
    agents.place.cards_for = "people"
    await agents.place.stop()
    await agents.place.start()
    asked = await agents.linh.dm(QUESTION, files=[PHOTO])
    await agents.place.settled()
    assert agents.cards() == []
    await agents.linh.reply(asked, PERSON)
    await agents.place.settled()

    assert [each["title"] for each in copies(agents, await agents.card(asked))] == ["photo.png"]


async def test_private_files_are_looked_for_each_minute(agents: Agents) -> None:
    """A card may come by a press as well; each file is shown once."""
    agents.place.cards_for = "people"
    await agents.place.stop()
    await agents.place.start()
    asked = await agents.linh.dm(QUESTION, files=[PHOTO])
    await agents.place.settled()
    (answer,) = [each for each in agents.place.slack.thread(asked) if "working days" in each.text]
    await agents.linh.click(answer, "I need a human")
    await agents.place.settled()
    for minute in (0, 1):
        await agents.place.strikes("files", utc_now() + timedelta(minutes=minute))

    assert [each["title"] for each in copies(agents, await agents.card(asked))] == ["photo.png"]


async def test_a_long_direct_message_stands_whole_under_its_card(agents: Agents) -> None:
    """The card cuts it, and the agents cannot open the link."""
    asked = await agents.linh.dm(f"{PERSON}. {LONG}The number is 4471.")
    await agents.place.settled()

    assert "The number is 4471." in under(agents, await agents.card(asked))[0].text


async def test_a_file_that_cannot_be_handed_on_is_told(agents: Agents) -> None:
    """The agents read which one, and why."""
    agents.place.slack.faults.add(
        "files.completeUploadExternal", "error", times=1, code="file_not_found"
    )
    asked = await agents.linh.dm(PERSON, files=[PHOTO])
    await agents.place.settled()

    told = under(agents, await agents.card(asked))[-1].text
    assert "did not get here: photo.png" in told
    assert "file_not_found" in told


async def test_what_is_deleted_goes_from_under_the_card_too(agents: Agents) -> None:
    """Words and files that the agents were shown are taken away with the message."""
    place = agents.place
    asked = await agents.linh.dm(PERSON)
    await place.settled()
    secret = await agents.linh.reply(asked, "My card number is PARROT-42", files=[PHOTO])
    await place.settled()
    card = await agents.card(asked)
    assert "PARROT-42" in str([each.text for each in under(agents, card)])
    await agents.linh.delete(secret)
    await place.settled()

    left = under(agents, card)
    assert "PARROT-42" not in str([each.text for each in left])
    assert [each for one in left for each in one.files] == []
    assert "deleted a message" in left[-1].text


async def test_ids_are_names_in_notes(agents: Agents) -> None:
    """Agents read who is meant, and nobody is pinged by a customer's words."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Take")
    await agents.in_thread(
        agents.linh, asked, f"{agents.duc.mention} said so in <#{agents.place.orders.id}>"
    )

    told = under(agents, await agents.card(asked))[-1].text
    assert ">@duc said so in #orders" in told
