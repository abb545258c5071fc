"""The agent's pane: first questions, titles, and direct messages as tickets like any other."""

import pytest

from tests.support.questions import DELIVERY, DELIVERY_VI
from tests.support.workspace import Workspace

OWN = """
[agent]
description = "Ask us."

[[agent.prompts.de]]
title = "Wo ist mein Paket?"
message = "Wo ist mein Paket?"
"""


async def test_who_opens_the_messages_finds_questions_in_their_language(desk: Workspace) -> None:
    """Linh uses Slack in Vietnamese, Mai in English."""
    for person in (desk.linh, desk.mai):
        await person.open_home("messages")
    panes = [desk.slack.dm(person) for person in (desk.linh, desk.mai)]
    await desk.until(lambda: all(desk.slack.agent(pane) for pane in panes))

    vietnamese, english = (desk.slack.agent(pane) for pane in panes)
    assert vietnamese["prompts_title"] == "Chúng tôi giúp gì được cho bạn?"
    assert vietnamese["prompts"][0]["message"] == "Giao hàng mất bao lâu?"
    assert english["prompts"][0]["message"] == "How long does delivery take?"


async def test_a_desk_has_questions_of_its_own(place: Workspace) -> None:
    """And where it has none in a language, its first ones are shown."""
    await place.start(OWN)
    await place.linh.open_home("messages")
    await place.until(lambda: place.slack.agent(place.slack.dm(place.linh)))

    prompts = place.slack.agent(place.slack.dm(place.linh))["prompts"]
    assert [each["title"] for each in prompts] == ["Wo ist mein Paket?"]


async def test_a_direct_message_is_a_private_ticket_with_its_title(desk: Workspace) -> None:
    """Named after what it is about, once there is something; a greeting names nothing."""
    hello = await desk.linh.dm("Hello!")
    await desk.settled()
    greeted = desk.slack.agent(desk.slack.dm(desk.linh), hello.ts)
    await desk.linh.reply(hello, DELIVERY)
    await desk.settled()

    ticket = await desk.ticket(hello)
    assert ticket is not None
    assert ticket.private
    assert greeted == {}
    assert desk.slack.agent(desk.slack.dm(desk.linh), hello.ts) == {"title": ticket.title}
    assert DELIVERY in ticket.title


async def test_a_channel_thread_gets_no_title(desk: Workspace) -> None:
    """Titles are for the pane."""
    await desk.hears(desk.linh, DELIVERY)

    assert "assistant.threads.setTitle" not in {call.method for call in desk.slack.calls}


@pytest.mark.parametrize("method", ["assistant.threads.setStatus", "assistant.threads.setTitle"])
async def test_a_workspace_without_agents_has_a_desk_all_the_same(
    desk: Workspace, method: str
) -> None:
    """What the pane cannot show costs nobody the answer."""
    desk.slack.faults.add(method, "error", times=None, code="not_agent_app")
    asked = await desk.linh.dm(DELIVERY_VI)
    await desk.settled()

    (answer,) = desk.replies(asked)
    assert "ngày làm việc" in answer


async def test_prompts_that_slack_refuses_are_no_failure(desk: Workspace) -> None:
    """The event is acknowledged, and the Home goes on working."""
    desk.slack.faults.add("assistant.threads.setSuggestedPrompts", "error", code="not_agent_app")
    await desk.linh.open_home("messages")
    await desk.linh.open_home()
    await desk.settled()
    await desk.until(lambda: desk.slack.home(desk.linh))
    tried = "assistant.threads.setSuggestedPrompts"
    await desk.until(lambda: tried in {call.method for call in desk.slack.calls})

    assert desk.slack.agent(desk.slack.dm(desk.linh)) == {}
