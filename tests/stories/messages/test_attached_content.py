"""What stands in a message's files by Slack's own doing: Lists, long clips, files of e-mails."""

import json

import pytest

from emulator.slack import sharing
from storage.intake.notes import notes_of_ticket
from tests.support import blocks
from tests.support.questions import PERSON, WARRANTY
from tests.support.workspace import Workspace


async def test_a_list_is_read_by_its_title_and_its_rows(desk: Workspace) -> None:
    """Slack keeps records of ids; the rows stand in a sheet that it gives."""
    rows = [["Product", "Problem"], ["Rice cooker", "I want to talk to a real person"]]
    asked = await desk.linh.share_list(desk.orders, "Broken parcels", rows)
    await desk.settled()

    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.reason == "the customer asked for a person"
    (card,) = desk.cards()
    assert "Broken parcels" in blocks.shown(card.blocks)


async def test_a_list_whose_rows_cannot_be_had_is_named(desk: Workspace) -> None:
    """The twin: it goes to a person with its title, and is not silent."""
    file = sharing.listed(desk.slack.workspace, desk.linh.id, "Broken parcels", [["Pan"]])
    file |= {"list_csv_download_url": None}
    ts = desk.slack.workspace.clock.ts()
    desk.slack.send_event(
        {"type": "message", "subtype": "file_share", "user": desk.linh.id, "text": "",
         "files": [file], "ts": ts, "event_ts": ts, "channel": desk.orders.id,
         "channel_type": "channel"}
    )  # fmt: skip
    await desk.settled()

    (card,) = desk.cards()
    assert "Broken parcels" in blocks.shown(card.blocks)
    assert desk.slack.messages(desk.orders)


@pytest.mark.parametrize("more", ["It is the copper saucepan.", ""])
async def test_a_long_clip_is_read_to_its_end(desk: Workspace, more: str) -> None:
    """The event shows how its transcript begins; the rest stands in the captions."""
    await desk.linh.record(desk.orders, WARRANTY, more)
    await desk.settled()

    assert ("copper saucepan" in told(desk)) == bool(more)


@pytest.mark.parametrize("told", [True, False])
async def test_a_clip_is_read_when_slack_has_written_it_down(place: Workspace, told: bool) -> None:
    """That takes seconds, be there an event of it or not: nobody has to step in for that."""
    await place.start(slack_moment=0.5)
    asked = await place.linh.record(place.orders, None)
    await place.until(lambda: "files.info" in [each.method for each in place.slack.calls])
    await place.slack.write_down(asked, WARRANTY, told=told)
    await place.settled()

    assert ["24 months" in each for each in place.replies(asked)] == [True]
    assert place.cards() == []


async def test_the_agents_see_a_clip_once_that_nobody_wrote_down(desk: Workspace) -> None:
    """The twin: its words are looked for in vain, and are no file of their own."""
    asked = await desk.linh.record(desk.orders, None)
    await desk.settled()

    (card,) = desk.cards()
    assert "📎 audio_message.m4a\n" in blocks.shown(card.blocks)
    assert any("can't listen to audio_message.m4a" in each for each in desk.replies(asked))


async def test_what_an_agent_records_as_a_note_is_named_once(desk: Workspace) -> None:
    """Under the card, while Slack is still writing it down."""
    asked = await desk.hears(desk.linh, PERSON)
    (card,) = desk.cards()
    clip = sharing.clip(desk.slack.workspace, desk.mai.id, None)
    ts = desk.slack.workspace.clock.ts()
    desk.slack.send_event(
        {"type": "message", "subtype": "file_share", "user": desk.mai.id, "text": "",
         "files": [clip], "ts": ts, "event_ts": ts, "channel": desk.agents.id,
         "channel_type": "channel", "thread_ts": card.ts}
    )  # fmt: skip
    await desk.settled()

    ticket = await desk.ticket(asked)
    assert ticket is not None
    (note,) = await desk.running.store.read(notes_of_ticket, ticket.ticket_id)
    assert note.text == "📎 audio_message.m4a"


def told(desk: Workspace) -> str:
    """All that the model was told."""
    return json.dumps([call.body for call in desk.claude.calls], ensure_ascii=False)


async def test_an_agents_clip_travels_without_its_captions(desk: Workspace) -> None:
    """The customer gets what she recorded."""
    asked = await desk.hears(desk.linh, PERSON)
    (card,) = desk.cards()
    clip = await desk.mai.record(desk.agents, "We looked into it.", "Your parcel is on its way.")
    await desk.mai.reply(card, "> listen")
    await desk.mai.edit(clip, "")
    said = desk.agents.messages[clip.ts]
    said.thread_ts = card.ts
    desk.slack.workspace.publish(
        {**said.event(), "text": "&gt; here", "channel": desk.agents.id, "channel_type": "channel",
         "event_ts": said.ts, "ts": desk.slack.workspace.clock.ts(), "thread_ts": card.ts}
    )  # fmt: skip
    await desk.settled()

    shared = [each["name"] for one in desk.slack.thread(asked) for each in one.files]
    assert shared == ["audio_message.m4a"]


@pytest.fixture
async def mailed(place: Workspace) -> Workspace:
    """A desk that takes e-mails to #orders for requests."""
    await place.start(f'[[channels]]\nid = "{place.orders.id}"\nrequests_from = ["@example.com"]\n')
    return place


async def test_the_files_of_an_e_mail_are_looked_at(mailed: Workspace) -> None:
    """They have no ids of their own; what stands in one is asked like what stands in the body."""
    asked = await mailed.slack.send_email(
        mailed.orders,
        name="An",
        address="an@example.com",
        subject="My question",
        text="It is in the file.",
        files=[("question.txt", WARRANTY.encode()), ("letter.exe", b"MZ")],
    )
    await mailed.settled()

    assert WARRANTY in told(mailed)
    assert "letter.exe" in "\n".join(mailed.replies(asked))


async def test_an_e_mail_without_files_is_read_as_before(mailed: Workspace) -> None:
    """The twin."""
    asked = await mailed.slack.send_email(
        mailed.orders, name="An", address="an@example.com", subject="Warranty", text=WARRANTY
    )
    await mailed.settled()

    assert ["24 months" in each for each in mailed.replies(asked)] == [True]
