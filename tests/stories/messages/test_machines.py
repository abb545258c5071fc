"""Machines that speak for people: forms, apps and e-mails that the channel takes for requests."""

import pytest

from emulator.slack import Message, OtherBot, timeline
from tests.support.questions import DELIVERY, WARRANTY
from tests.support.workspace import Workspace


@pytest.fixture
async def form(place: Workspace) -> OtherBot:
    """A workflow that posts requests into #orders, where it is named; and the bot at work."""
    form = place.slack.add_bot("form")
    await place.start(
        f'[[channels]]\nid = "{place.orders.id}"\n'
        f'requests_from = ["{form.bot_id}", "@example.com"]\n'
    )
    return form


async def posts(place: Workspace, form: OtherBot, text: str) -> Message:
    """The form says something, as workflows do: without a user."""
    message = await form.post(place.orders, text, classic=True, workflow="Wf01")
    await place.settled()
    return message


@pytest.mark.parametrize("called", [False, True])
async def test_a_form_asks_for_the_person_whom_it_names(
    place: Workspace, form: OtherBot, called: bool
) -> None:
    """Once, be the desk called in it or not."""
    name = f"<@{place.slack.bot_user_id}> " if called else ""
    asked = await posts(place, form, f"{name}New request of {place.linh.mention}: {WARRANTY}")

    assert ["24 months" in each for each in place.replies(asked)] == [True]
    (ticket,) = await place.tickets()
    assert ticket.requester_id == place.linh.id


async def test_the_labels_of_a_form_are_no_part_of_the_question(
    place: Workspace, form: OtherBot
) -> None:
    """What the form writes around it does not hide what is asked."""
    asked = await posts(
        place, form, f"*New support request* from {place.linh.mention}\n*Question:* {WARRANTY}"
    )

    assert ["24 months" in each for each in place.replies(asked)] == [True]


async def test_an_agent_answers_below_a_form_and_the_bot_keeps_quiet(
    place: Workspace, form: OtherBot
) -> None:
    """As in any other ticket."""
    asked = await posts(place, form, f"Request of {place.linh.mention}: {WARRANTY}")
    await place.mai.reply(asked, "I'll look into it")
    await place.settled()
    before = place.replies(asked)
    await place.linh.reply(asked, DELIVERY)
    await place.settled()

    assert place.replies(asked) == before


@pytest.mark.usefixtures("form")
async def test_an_e_mail_that_an_app_posts_is_a_request_of_its_sender(place: Workspace) -> None:
    """Some workspaces have an app bring their e-mails: the file says from whom they are."""
    sender = {"address": "Tom@Example.com", "name": "Tom"}
    for ts, address in (("1", sender), ("2", {**sender, "address": "tom@example.org"})):
        mail = {"id": f"F0{ts}", "mode": "email", "filetype": "email", "title": "A question"}
        stamp = f"{int(place.orders.created) + int(ts)}.000100"
        place.slack.send_event(
            {"type": "message", "subtype": "bot_message", "bot_id": "B0MAIL", "text": "",
             "ts": stamp, "event_ts": stamp, "channel": place.orders.id, "channel_type": "channel",
             "files": [{**mail, "plain_text": WARRANTY, "from": [address]}]}
        )  # fmt: skip
    await place.settled()

    assert [each.requester_id for each in await place.tickets()] == ["tom@example.com"]
    assert (await place.balance()).ignored == {"bot": 1}


@pytest.mark.usefixtures("form")
async def test_an_e_mail_to_the_channel_is_a_request_of_its_sender(place: Workspace) -> None:
    """Whom Slack knows by the address; else the address itself asks."""
    place.slack.workspace.scopes.add("users:read.email")
    known = await place.slack.send_email(
        place.orders, name="Linh", address="linh@example.com", subject="Hello", text=WARRANTY
    )
    unknown = await place.slack.send_email(
        place.orders, name="An", address="an@example.com", subject="Hello", text=WARRANTY
    )
    await place.settled()

    assert ["24 months" in each for each in place.replies(known)] == [True]
    assert ["24 months" in each for each in place.replies(unknown)] == [True]
    requesters = {each.thread_ts: each.requester_id for each in await place.tickets()}
    assert requesters == {known.ts: place.linh.id, unknown.ts: "an@example.com"}


async def test_other_machines_stay_ignored_and_counted(place: Workspace, form: OtherBot) -> None:
    """The twin: another app, a stranger's address, and the same form elsewhere."""
    other = place.slack.add_bot("alerts")
    elsewhere = place.slack.add_channel("random", members=[place.linh])
    said = [
        await other.post(place.orders, WARRANTY),
        await form.post(elsewhere, WARRANTY, classic=True),
        await place.slack.send_email(
            place.orders, name="Bo", address="bo@else.example", subject="Hi", text=WARRANTY
        ),
    ]
    await place.settled()

    assert [place.replies(each) for each in said] == [[], [], []]
    assert await place.tickets() == []
    assert (await place.balance()).ignored == {"bot": 2}


async def test_an_edit_of_a_request_by_a_form_counts_like_a_persons(
    place: Workspace, form: OtherBot
) -> None:
    """Before and after its answer; a status that the form adds elsewhere is none."""
    asked = await posts(place, form, f"Request of {place.linh.mention}: {WARRANTY}")
    timeline.change(
        place.slack.workspace, asked, text=f"Request of {place.linh.mention}: {DELIVERY}"
    )
    await place.settled()

    assert ["working days" in each for each in place.replies(asked)] == [False, True]


@pytest.mark.usefixtures("form")
async def test_an_edit_of_a_machine_that_asks_nothing_is_nothing(place: Workspace) -> None:
    """The twin."""
    other = place.slack.add_bot("alerts")
    said = await other.post(place.orders, "All is well")
    timeline.change(place.slack.workspace, said, text=WARRANTY)
    await place.settled()

    assert place.replies(said) == []
    assert await place.tickets() == []


@pytest.mark.usefixtures("form")
async def test_an_agent_makes_a_ticket_of_any_post(place: Workspace) -> None:
    """By the shortcut, of a machine that nobody named too."""
    other = place.slack.add_bot("alerts")
    said = await other.post(place.orders, f"{place.linh.mention} asks: {WARRANTY}")
    await place.settled()
    await place.mai.shortcut("create_ticket", said)
    await place.settled()

    assert ["24 months" in each for each in place.replies(said)] == [True]
    assert (await place.tickets())[0].requester_id == place.linh.id


async def test_a_form_is_read_as_people_see_it(place: Workspace, form: OtherBot) -> None:
    """Where it has blocks these are shown, and its text is what a notice says."""
    fields = [f"*Who*\n{place.linh.mention}", f"*What*\n{WARRANTY}"]
    block = {"type": "section", "fields": [{"type": "mrkdwn", "text": each} for each in fields]}
    asked = await form.post(place.orders, "New form submission", blocks=[block])
    await place.settled()

    assert ["24 months" in each for each in place.replies(asked)] == [True]
    row = await place.row(asked)
    assert row is not None
    assert "submission" not in row.text
    assert (await place.tickets())[0].requester_id == place.linh.id


@pytest.mark.parametrize(("spare", "asks"), [(WARRANTY, True), ("[no preview available]", False)])
async def test_what_an_old_app_says_for_old_clients_is_read_last(
    place: Workspace, form: OtherBot, spare: str, asks: bool
) -> None:
    """An attachment may have nothing else; Slack's own words for nothing are nothing."""
    asked = await form.post(place.orders, "", attachments=[{"id": 1, "fallback": spare}])
    await place.settled()

    assert ["24 months" in each for each in place.replies(asked)] == [True] * asks


async def test_who_has_an_app_post_for_them_is_the_requester(
    place: Workspace, form: OtherBot
) -> None:
    """Whoever else is named in it."""
    text = f"{WARRANTY} I told {place.mai.mention}"
    asked = await form.post(place.orders, text, on_behalf=place.linh.id)
    await place.settled()

    assert [each.requester_id for each in await place.tickets()] == [place.linh.id]
    assert place.replies(asked)


@pytest.mark.usefixtures("form")
async def test_what_a_person_has_another_app_post_is_no_request(place: Workspace) -> None:
    """The twin: a picture of Giphy's, say, has the person beside the bot's id."""
    giphy = place.slack.add_bot("giphy")
    await giphy.post(place.orders, WARRANTY, on_behalf=place.linh.id)
    await place.settled()

    assert await place.tickets() == []
    assert (await place.balance()).ignored == {"bot": 1}


@pytest.mark.usefixtures("form")
async def test_the_count_of_replies_is_no_message(place: Workspace) -> None:
    """Slack tells of it in an event of its own."""
    asked = await place.hears(place.linh, WARRANTY)
    ts = place.slack.workspace.clock.ts()
    place.slack.send_event(
        {"type": "message", "subtype": "message_replied", "hidden": True, "ts": ts,
         "channel": place.orders.id, "channel_type": "channel", "event_ts": ts,
         "message": asked.payload()}
    )  # fmt: skip
    await place.settled()

    assert (await place.balance()).received == 1
