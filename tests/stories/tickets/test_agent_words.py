"""What an agent says to a customer: its looks, its mentions, its files, and second thoughts."""

import pytest

from emulator.slack import Message
from tests.stories.tickets.conftest import COMPLAINT, Agents
from tests.support.blocks import shown


async def sent(
    agents: Agents, asked: Message, text: str, *, files: list[tuple[str, bytes]] | None = None
) -> Message:
    """An agent's message under the card, with files."""
    message = await agents.mai.reply(await agents.card(asked), text, files=files or [])
    await agents.place.settled()
    return message


def last(agents: Agents, asked: Message) -> str:
    """The bot's last words to the customer, as they look."""
    standing = [
        each
        for each in agents.place.slack.thread(asked)
        if each.user == agents.place.slack.bot_user_id
    ]
    return shown(standing[-1].blocks)


def files_in(agents: Agents, message: Message) -> list[tuple[str, bytes]]:
    """The files that stand in a thread, with what is in them."""
    contents = agents.place.slack.workspace.contents
    return [
        (each["title"], contents[each["id"]])
        for one in agents.place.slack.thread(message)
        if one.user == agents.place.slack.bot_user_id
        for each in one.files
    ]


def under(agents: Agents, card: Message) -> list[str]:
    return [each.text for each in agents.place.slack.thread(card) if each is not card]


async def test_an_answer_looks_as_the_agent_wrote_it(agents: Agents) -> None:
    """Mentions of people and channels ping, links and emphasis stay; a group is only named."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.add_group("support", [agents.mai, agents.duc])
    text = (
        f"> Hi {agents.linh.mention}, {agents.duc.mention} will call you; ask in "
        f"<#{agents.place.orders.id}>, cc @support.\n"
        "> See [our page](https://help.example.com/returns). *Bold*, _it_, ~gone~, `x < y`"
    )
    await sent(agents, asked, text)

    said = last(agents, asked)
    assert f"Hi <@{agents.linh.id}>, <@{agents.duc.id}> will call you" in said
    assert f"ask in <#{agents.place.orders.id}>, cc @support." in said
    assert "<https://help.example.com/returns|our page>. *Bold*, _it_, ~gone~" in said
    assert "subteam" not in said
    assert agents.place.slack.broadcasts == []
    kept = (await agents.said(asked))[-1][1]
    assert kept.startswith("Hi @linh, @duc will call you; ask in #orders, cc @support.")
    assert "our page (https://help.example.com/returns)" in kept


@pytest.mark.parametrize("crowd", ["<!channel>", "@channel", "@here", "@everyone", "@support"])
async def test_no_crowd_is_called(agents: Agents, crowd: str) -> None:
    """Whichever way it is written."""
    agents.place.slack.add_group("support", [agents.mai, agents.duc])
    asked = await agents.asks(COMPLAINT)
    await sent(agents, asked, f"> {crowd} sorry")

    assert agents.place.slack.broadcasts == []
    assert "sorry" in last(agents, asked)


async def test_a_long_answer_with_a_link_is_cut_beside_it(agents: Agents) -> None:
    """A section holds 3,000 characters; no link falls apart at their end."""
    asked = await agents.asks(COMPLAINT)
    link = "[our page on how to return things](https://help.example.com/returns)"
    await sent(agents, asked, f"> {'word ' * 590}{link} and more")

    told = last(agents, asked)
    assert "<https://help.example.com/returns|our page on how to return things>" in told


async def test_files_go_with_the_words(agents: Agents) -> None:
    """What the agent attached stands in the customer's thread, by its name, once."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.faults.events("twice", times=1)
    agents.place.slack.faults.add("files.completeUploadExternal", "drop_after", times=1)
    await sent(agents, asked, "> Here is your label", files=[("label.pdf", b"PDF of a label")])

    assert "*mai:* Here is your label" in agents.place.replies(asked)
    assert files_in(agents, asked) == [("label.pdf", b"PDF of a label")]


async def test_a_file_alone_goes_under_its_name(agents: Agents) -> None:
    """`>` and a file is an answer, too."""
    asked = await agents.asks(COMPLAINT)
    await sent(agents, asked, ">", files=[("label.pdf", b"PDF of a label")])

    assert "*mai:* 📎 label.pdf" in agents.place.replies(asked)
    assert files_in(agents, asked) == [("label.pdf", b"PDF of a label")]


async def test_a_file_among_agents_stays_there(agents: Agents) -> None:
    """Without the mark it is a note that names the file."""
    asked = await agents.asks(COMPLAINT)
    await sent(agents, asked, "the invoice", files=[("invoice.pdf", b"secret")])

    assert files_in(agents, asked) == []
    assert [each.text for each in await agents.notes(asked)] == ["the invoice\n📎 invoice.pdf"]


@pytest.mark.parametrize(
    ("method", "fault", "why"),
    [
        ("files.getUploadURLExternal", "error", "could not be reached"),
        ("files.completeUploadExternal", "error", "is_archived"),
    ],
)
async def test_an_agent_is_told_which_file_did_not_go(
    agents: Agents, method: str, fault: str, why: str
) -> None:
    """The words are said; under the card stands which file the customer has not."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.faults.add(method, fault, times=1, code="is_archived")  # type: ignore[arg-type]
    await sent(agents, asked, "> Your label", files=[("label.pdf", b"PDF of a label")])

    assert "*mai:* Your label" in agents.place.replies(asked)
    told = under(agents, await agents.card(asked))[-1]
    assert "did not get the customer: label.pdf" in told
    assert why in told


async def test_what_an_agent_forwards_goes_with_the_words(agents: Agents) -> None:
    """A colleague's message is quoted to the customer, without the place where it was said."""
    place = agents.place
    asked = await agents.asks(COMPLAINT)
    secret = place.slack.add_channel("warehouse-private", members=[agents.mai])
    said = await agents.mai.post(secret, "Carriers are on strike; 10 days this week")
    await agents.mai.forward(said, place.agents, "> See this:", thread=await agents.card(asked))
    await place.settled()

    told = last(agents, asked)
    assert "See this:" in told
    assert ">Carriers are on strike; 10 days this week" in told
    assert "warehouse" not in told


async def test_a_bare_forward_under_a_card_is_a_note(agents: Agents) -> None:
    """Nothing marks it as meant for the customer."""
    asked = await agents.asks(COMPLAINT)
    said = await agents.mai.post(agents.place.agents, "Carriers are on strike")
    await agents.mai.forward(said, agents.place.agents, thread=await agents.card(asked))
    await agents.place.settled()

    assert "Carriers" not in str(agents.place.replies(asked))
    assert "Carriers are on strike" in (await agents.notes(asked))[0].text


async def test_an_edited_answer_is_edited_where_the_customer_has_it(agents: Agents) -> None:
    """One message, which reads as the agent has left it; the ticket remembers the same."""
    asked = await agents.asks(COMPLAINT)
    reply = await sent(agents, asked, "> Your refund is 500 dollars")
    before = len(agents.place.replies(asked))
    agents.place.slack.faults.events("twice", times=1)
    await agents.mai.edit(reply, "> Your refund is *50* dollars")
    await agents.place.settled()

    assert last(agents, asked) == "*mai:* Your refund is *50* dollars"
    assert len(agents.place.replies(asked)) == before
    assert ("agent", "Your refund is *50* dollars") in await agents.said(asked)
    assert "500" not in str(await agents.said(asked))
    assert agents.told(agents.mai) == []


async def test_the_last_of_several_edits_is_what_the_customer_has(agents: Agents) -> None:
    """Also when the first is still on its way, and Slack breaks off."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.faults.add("chat.postMessage", "delay", times=1, seconds=0.3)
    reply = await agents.mai.reply(await agents.card(asked), "> one")
    await agents.mai.edit(reply, "> two")
    agents.place.slack.faults.add("chat.update", "server_error", times=1)
    await agents.mai.edit(reply, "> three")
    await agents.place.settled()

    assert last(agents, asked) == "*mai:* three"
    assert sum("*mai:*" in each for each in agents.place.replies(asked)) == 1


async def test_a_deleted_answer_is_taken_back_with_its_files(agents: Agents) -> None:
    """The customer finds neither; the agent is told, and no prompt holds it any more."""
    asked = await agents.asks(COMPLAINT)
    reply = await sent(agents, asked, "> Wrong one", files=[("label.pdf", b"of somebody else")])
    await agents.mai.delete(reply)
    await agents.place.settled()

    assert not any("Wrong one" in each for each in agents.place.replies(asked))
    assert files_in(agents, asked) == []
    assert "Taken back" in agents.told(agents.mai)[-1]


async def test_an_answer_deleted_before_it_was_said_is_not_said(agents: Agents) -> None:
    """Or it is gone again by the time all is quiet."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.faults.add("chat.postMessage", "delay", times=1, seconds=0.3)
    reply = await agents.mai.reply(await agents.card(asked), "> Too soon")
    await agents.mai.delete(reply)
    await agents.place.settled()

    assert not any("Too soon" in each for each in agents.place.replies(asked))


@pytest.mark.parametrize("edited", ["a note after all", "> half\nof it"])
async def test_an_answer_edited_into_a_note_stays_with_the_customer(
    agents: Agents, edited: str
) -> None:
    """Nobody can tell what is meant, so nothing is changed and the agent is told."""
    asked = await agents.asks(COMPLAINT)
    reply = await sent(agents, asked, "> On its way.")
    await agents.mai.edit(reply, edited)
    await agents.place.settled()

    assert last(agents, asked) == "*mai:* On its way."
    assert "still has what you sent" in agents.told(agents.mai)[-1]


async def test_a_note_edited_into_an_answer_is_not_sent_and_says_so(agents: Agents) -> None:
    """Otherwise the agent would wait for an answer to it."""
    asked = await agents.asks(COMPLAINT)
    before = agents.place.replies(asked)
    note = await sent(agents, asked, "On its way.")
    await agents.mai.edit(note, "> On its way.")
    await agents.place.settled()

    assert agents.place.replies(asked) == before
    assert "An edit sends nothing" in agents.told(agents.mai)[-1]


async def test_an_edit_that_slack_refuses_is_told_under_the_card(agents: Agents) -> None:
    """The customer still has the old words, and the agents know it."""
    asked = await agents.asks(COMPLAINT)
    reply = await sent(agents, asked, "> Your refund is 500 dollars")
    agents.place.slack.faults.add("chat.update", "error", times=None, code="edit_window_closed")
    await agents.mai.edit(reply, "> Your refund is 50 dollars")
    await agents.place.settled()

    told = under(agents, await agents.card(asked))[-1]
    assert "still has your words as they were" in told
    assert "edit_window_closed" in told


async def test_a_file_that_an_edit_adds_to_an_answer_is_shared(agents: Agents) -> None:
    """And only that one: the first is there already."""
    asked = await agents.asks(COMPLAINT)
    reply = await sent(agents, asked, "> Labels", files=[("one.pdf", b"one")])
    await agents.mai.edit(reply, "> Both labels", files=[("two.pdf", b"two")])
    await agents.place.settled()

    assert files_in(agents, asked) == [("one.pdf", b"one"), ("two.pdf", b"two")]


@pytest.mark.parametrize("gone", [False, True])
async def test_an_edit_that_overtakes_its_note_is_what_the_note_says(
    agents: Agents, gone: bool
) -> None:
    """Slack promises no order; a note that was deleted before it came is none."""
    asked = await agents.asks(COMPLAINT)
    card = await agents.card(asked)
    agents.place.slack.faults.events("out_of_order", times=1, type="message")
    note = await agents.mai.reply(card, "call him at noon")
    if gone:
        await agents.mai.delete(note)
    else:
        await agents.mai.edit(note, "call him at three")
    await agents.place.settled()

    assert [each.text for each in await agents.notes(asked)] == (
        [] if gone else ["call him at three"]
    )


async def test_of_two_edits_of_a_note_the_later_counts(agents: Agents) -> None:
    """In whatever order they come."""
    asked = await agents.asks(COMPLAINT)
    note = await agents.under_card(agents.mai, asked, "call him at noon")
    agents.place.slack.faults.events("out_of_order", times=1, type="message")
    await agents.mai.edit(note, "call him at three")
    await agents.mai.edit(note, "call him at four")
    await agents.place.settled()

    assert [each.text for each in await agents.notes(asked)] == ["call him at four"]


async def test_an_agent_hears_that_a_customer_is_gone(agents: Agents) -> None:
    """Whoever was deactivated since they asked reads nothing any more; the card says so, too."""
    asked = await agents.asks(COMPLAINT)
    card = await agents.card(asked)
    assert "deactivated" not in shown(card.blocks)
    agents.linh.member.deleted = True
    await sent(agents, asked, "> We are sorry.")
    await agents.place.running.cards.wait_idle()

    assert last(agents, asked) == "*mai:* We are sorry."
    gone = "The customer will not read this: their account is deactivated."
    assert under(agents, card)[1:] == [f"{agents.mai.mention} {gone}"]
    assert f"{agents.linh.mention} (deactivated) in" in await agents.shown(asked)


@pytest.mark.parametrize("known", [True, False])
async def test_of_a_customer_who_is_there_or_unknown_nothing_is_said(
    agents: Agents, known: bool
) -> None:
    """The twin: also when Slack does not tell who that is. The words are said all the same."""
    asked = await agents.asks(COMPLAINT)
    if not known:
        agents.place.slack.faults.add("users.info", "error", times=None)
    card = await agents.card(asked)
    await sent(agents, asked, "> We are sorry.")

    assert last(agents, asked).endswith(" We are sorry.")
    assert len(under(agents, card)) == 1
    assert "deactivated" not in await agents.shown(asked)


async def test_an_agent_hears_that_a_customer_has_left_the_channel(agents: Agents) -> None:
    """Who is told once that nobody will see it need not ask why nobody answers."""
    asked = await agents.asks(COMPLAINT)
    card = await agents.card(asked)
    await agents.linh.leave(agents.place.orders)
    await sent(agents, asked, "> We are sorry.")

    left = "The customer has left the channel, and may not read this."
    assert under(agents, card)[1:] == [f"{agents.mai.mention} {left}"]


async def test_where_slack_does_not_tell_who_is_there_the_answer_goes_out(agents: Agents) -> None:
    """The twin."""
    asked = await agents.asks(COMPLAINT)
    card = await agents.card(asked)
    agents.place.slack.faults.add("conversations.members", "error", times=None)
    await agents.linh.leave(agents.place.orders)
    await sent(agents, asked, "> We are sorry.")

    assert last(agents, asked) == "*mai:* We are sorry."
    assert len(under(agents, card)) == 1
