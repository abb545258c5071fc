"""A message is all that its reader sees: what people put into one besides typing is read whole."""

from typing import Any

import pytest

from emulator.slack import Channel, storage
from storage.tickets import messages
from tests.support import blocks
from tests.support.questions import DELIVERY, PERSON, WARRANTY
from tests.support.workspace import Workspace


@pytest.fixture
async def sales(place: Workspace) -> Channel:
    """Where a customer told Tom something; the bot is at work elsewhere."""
    tom = place.slack.add_user("tom", real_name="Tom Hardy")
    sales = place.slack.add_channel("sales", members=[tom, place.linh, place.mai], bot=False)
    await tom.post(sales, WARRANTY)
    await place.start()
    return sales


def answers(said: str, *texts: str) -> bool:
    """Whether one answer came that holds a text."""
    return [said in each for each in texts] == [True]


@pytest.mark.parametrize("comment", ["", "Can you help with this one please?"])
async def test_a_forwarded_message_is_answered(
    place: Workspace, sales: Channel, comment: str
) -> None:
    """With a word of one's own or none; the books keep who said it, and where."""
    (told,) = place.slack.messages(sales)
    asked = await place.linh.forward(told, place.orders, comment)
    await place.settled()

    assert answers("24 months", *place.replies(asked))
    row = await place.row(asked)
    assert row is not None
    assert "Forwarded from Tom Hardy" in row.text
    assert (await place.tickets())[0].requester_id == place.linh.id


async def test_what_is_forwarded_without_a_word_is_brought_to_the_desk(place: Workspace) -> None:
    """Also where it was said to somebody else and asks nothing: its file may tell."""
    tom = place.slack.add_user("tom", real_name="Tom Hardy")
    elsewhere = place.slack.add_channel("sales", members=[tom, place.linh], bot=False)
    letter = [("letter.txt", f"My fan is broken. {PERSON}".encode())]
    told = await tom.post(elsewhere, "Please see the letter", files=letter)
    await place.start()
    asked = await place.linh.forward(told, place.orders)
    await place.settled()

    assert place.replies(asked)
    assert (await place.balance()).ignored == {}


async def test_a_forward_to_the_desk_alone_is_answered(place: Workspace, sales: Channel) -> None:
    """In a direct message."""
    (told,) = place.slack.messages(sales)
    direct = await place.linh.dm("")
    asked = await place.linh.forward(told, place.slack.workspace.channels[direct.channel])
    await place.settled()

    assert answers("24 months", *place.replies(asked))


async def test_the_files_of_a_forward_are_looked_at(place: Workspace, sales: Channel) -> None:
    """And named on the card when a person has to."""
    with_file = await place.mai.post(sales, "see inside", files=[("list.txt", b"an empty list")])
    asked = await place.linh.forward(with_file, place.orders, PERSON)
    await place.settled()

    (card,) = place.cards()
    assert "list.txt" in blocks.shown(card.blocks)
    assert "Forwarded from Mai Trần" in blocks.shown(card.blocks)
    assert len(place.replies(asked)) == 1


async def test_what_an_agent_forwards_into_a_thread_is_her_word(
    place: Workspace, sales: Channel
) -> None:
    """The bot keeps quiet from there, as after words that she typed."""
    asked = await place.hears(place.linh, DELIVERY)
    (told,) = place.slack.messages(sales)
    await place.mai.forward(told, place.orders, thread=asked)
    await place.settled()
    before = place.replies(asked)
    await place.linh.reply(asked, WARRANTY)
    await place.settled()

    assert place.replies(asked) == before


async def test_half_an_emoji_loses_no_message(desk: Workspace) -> None:
    """No store takes it, nor NUL: in the words, in an edit, in the name of a file."""
    files = [("list\ud83d.txt", b"an empty list")]
    asked = await desk.hears(desk.linh, f"{WARRANTY} \ud83d\x00", files=files)
    assert answers("24 months", *desk.replies(asked))
    row = await desk.row(asked)
    assert row is not None
    assert row.text == f"{WARRANTY} \ufffd"

    await desk.linh.edit(asked, f"{PERSON} \udc00")
    await desk.settled()
    (card,) = desk.cards()
    assert f"{PERSON} \ufffd" in blocks.shown(card.blocks)
    assert (await desk.balance()).failed == 0


async def test_whole_emoji_stay_as_they_are(desk: Workspace) -> None:
    """The twin: joined ones and flags too."""
    asked = await desk.hears(desk.linh, f"{WARRANTY} 👩‍👩‍👧 🇻🇳 😀")
    row = await desk.row(asked)
    assert row is not None
    assert row.text == f"{WARRANTY} 👩‍👩‍👧 🇻🇳 😀"


async def test_a_pasted_table_is_shown_to_the_agents(desk: Workspace) -> None:
    """Every cell of it."""
    rows = [["Order", "Due"], ["77113", "3 Dec"]]
    asked = await desk.linh.paste_table(desk.orders, rows, PERSON)
    await desk.settled()

    (card,) = desk.cards()
    assert "77113 | 3 Dec" in blocks.shown(card.blocks)
    assert len(desk.replies(asked)) == 1


async def test_a_table_alone_is_no_empty_message(desk: Workspace) -> None:
    """It is heard, whatever the desk makes of it."""
    await desk.linh.paste_table(desk.orders, [["Order", "Due"], ["77113", "3 Dec"]])
    await desk.settled()

    assert (await desk.balance()).ignored.get("empty") is None


async def test_words_that_only_stand_in_blocks_are_read(desk: Workspace) -> None:
    """Some clients and apps leave `text` out."""
    said = {"type": "text", "text": DELIVERY}
    section = {"type": "rich_text_section", "elements": [said]}
    block = {"type": "rich_text", "block_id": "b1", "elements": [section]}
    await sent(desk, text="", blocks=[block])

    (answer,) = (each.text for each in desk.slack.messages(desk.orders))
    assert "working days" in answer


async def test_a_snippet_is_read(desk: Workspace) -> None:
    """By its content, without any words beside it."""
    asked = await desk.linh.write_snippet(desk.orders, WARRANTY)
    await desk.settled()

    assert answers("24 months", *desk.replies(asked))


async def test_a_canvas_is_read_by_title_and_content(desk: Workspace) -> None:
    """What it says is what is asked."""
    asked = await desk.linh.share_canvas(desk.orders, "Rice cooker", PERSON)
    await desk.settled()

    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.reason == "the customer asked for a person"
    (card,) = desk.cards()
    assert "Rice cooker" in blocks.shown(card.blocks)


async def test_a_voice_clip_is_read_by_slacks_transcript(desk: Workspace) -> None:
    """Where there is one."""
    asked = await desk.linh.record(desk.orders, WARRANTY)
    await desk.settled()

    assert answers("24 months", *desk.replies(asked))


async def test_a_clip_that_nobody_wrote_down_goes_to_a_person(desk: Workspace) -> None:
    """The twin: it is said, and never silent."""
    asked = await desk.linh.record(desk.orders, None)
    await desk.settled()

    assert desk.replies(asked)
    assert len(desk.cards()) == 1


async def test_a_forward_can_be_made_a_ticket(place: Workspace, sales: Channel) -> None:
    """By the shortcut, in a channel that nobody watches."""
    (told,) = place.slack.messages(sales)
    await place.stop()
    await place.start('[[channels]]\nid = "C0ELSEWHERE"\n')
    asked = await place.linh.forward(told, place.orders)
    await place.settled()
    assert await place.tickets() == []
    await place.mai.shortcut("create_ticket", asked)
    await place.settled()

    assert answers("24 months", *place.replies(asked))


async def test_slacks_mark_up_is_what_a_person_reads(desk: Workspace) -> None:
    """Names for people, channels and groups; links with their text; telephone numbers; dates."""
    tom = desk.slack.add_user("tom", real_name="Tom Hardy")
    group = desk.slack.add_group("packers", [tom])
    await sent(
        desk,
        text=f"{PERSON}: <@{tom.id}> and <!subteam^{group}> in <#{desk.agents.id}> said so, call "
        "<tel:+84901112223|+84 90 111 2223>, see <https://shop.example.com/o?a=1&amp;b=2|my "
        "order>, since <!date^1795000000^{date_short}|Nov 18>, typed &amp;lt;b&amp;gt;",
    )

    row, *_ = await stored(desk)
    assert row.startswith(f"{PERSON}: @tom and @packers in #desk said so, call +84 90 111 2223")
    assert "my order (https://shop.example.com/o?a=1&b=2), since" in row
    assert "18" in row
    assert row.endswith("typed &lt;b&gt;")


async def stored(desk: Workspace) -> list[str]:
    """What the store holds of the ticket's messages."""
    (ticket,) = await desk.tickets()
    said = await desk.running.store.read(messages.messages_of_ticket, ticket.ticket_id)
    return [each.text for each in said]


async def test_invisible_characters_say_nothing_and_hide_nothing(desk: Workspace) -> None:
    """A message of them is empty; within words they are not there."""
    empty = [await desk.hears(desk.linh, each) for each in ("\u200b", "\u3164", "\u2800", "\u2060")]
    asked = await desk.hears(desk.linh, "How long is the war\u00adranty on a rice\u200b cooker?")

    assert [desk.replies(each) for each in empty] == [[], [], [], []]
    assert (await desk.balance()).ignored == {"empty": 4}
    assert answers("24 months", *desk.replies(asked))


async def test_what_was_a_file_is_nothing(desk: Workspace) -> None:
    """A tombstone has nothing to look at; the words beside it are answered."""
    grave = {"id": "F0GONE", "mode": "tombstone"}
    await sent(desk, text=DELIVERY, subtype="file_share", files=[grave])

    (answer,) = (each.text for each in desk.slack.messages(desk.orders))
    assert "working days" in answer
    assert desk.cards() == []


async def sent(desk: Workspace, **fields: Any) -> None:
    """Let Linh's client send an event that the emulator's people would not, and wait."""
    ts = desk.slack.workspace.clock.ts()
    place = {"channel": desk.orders.id, "channel_type": "channel", "ts": ts, "event_ts": ts}
    desk.slack.send_event({"type": "message", "user": desk.linh.id, **place, **fields})
    await desk.settled()


async def test_a_question_that_stands_in_a_file_alone_is_answered(desk: Workspace) -> None:
    """It is not given back as the answer."""
    asked = await desk.hears(desk.linh, "", files=[("notes.txt", DELIVERY.encode())])

    (answer,) = desk.replies(asked)
    assert "working days" in answer
    assert DELIVERY not in answer


async def test_who_asks_about_a_file_of_somebody_elses_is_not_left_alone(
    place: Workspace, sales: Channel
) -> None:
    """«What now?» asks about what is brought along; a laugh shows it to colleagues."""
    with_file = await place.mai.post(sales, "notes", files=[("list.txt", b"Cooker: scratched")])
    asked = await place.linh.forward(with_file, place.orders, "See below, what now?")
    shown = await place.linh.forward(with_file, place.orders, "haha no way")
    await place.settled()

    assert len(place.replies(asked)) == 1
    assert place.replies(shown) == []


@pytest.mark.parametrize("known", [True, False])
async def test_a_file_that_the_event_only_points_at_is_looked_up(
    desk: Workspace, known: bool
) -> None:
    """In channels shared with others Slack sends an id, and the rest for the asking."""
    file = storage.upload(desk.slack.workspace, desk.linh.id, ("notes.txt", DELIVERY.encode()))
    pointer = {"id": file["id"] if known else "F0NOBODY", "mode": "file_access"}
    await sent(
        desk,
        text="",
        subtype="file_share",
        files=[{**pointer, "file_access": "check_file_info", "created": 0}],
    )

    (said, *_) = (each.text for each in desk.slack.messages(desk.orders))
    assert ("working days" in said, desk.cards() == []) == (known, known)


async def test_the_agents_read_the_name_of_a_file_that_was_looked_up(desk: Workspace) -> None:
    """On the card, and under it when it comes later."""
    for number, name in enumerate(("bill.txt", "letter.txt")):
        file = storage.upload(desk.slack.workspace, desk.linh.id, (name, b"Order 5512"))
        root = desk.slack.messages(desk.orders)[0].ts if number else None
        bare = {"id": file["id"], "mode": "file_access", "file_access": "check_file_info"}
        await sent(desk, text=PERSON, subtype="file_share", files=[bare], thread_ts=root)

    (card,) = desk.cards()
    assert "📎 bill.txt\n" in blocks.shown(card.blocks)
    assert "letter.txt" in "\n".join(each.text for each in desk.slack.thread(card))


async def test_a_file_that_slack_tells_nothing_of_is_called_a_file(desk: Workspace) -> None:
    """And not the message, nor a picture; the message itself is."""
    await sent(desk, text="", files=[{"id": "F0NAMELESS"}], subtype="file_share")

    said = [each.text for each in desk.slack.messages(desk.orders)]
    assert "I couldn't open a file: Slack doesn't let me see it." in said
    (card,) = desk.cards()
    assert "a file was not read" in blocks.shown(card.blocks)
