"""Modals and the Home tab, with a real Bolt app."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulator.slack.conftest import Desk

Body = dict[str, Any]
BUTTON = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Solved"},
    "action_id": "solve",
    "value": "T-1",
}
CARD: list[Body] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "A ticket"}},
    {"type": "actions", "block_id": "b", "elements": [BUTTON]},
]


def modal(title: str = "Note", **more: Any) -> Body:
    field = {"type": "plain_text_input", "action_id": "text"}
    label = {"type": "plain_text", "text": "Text"}
    return {
        "type": "modal",
        "callback_id": "note",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [{"type": "input", "block_id": "note", "label": label, "element": field}],
        **more,
    }


def home(text: str) -> Body:
    return {
        "type": "home",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}],
    }


async def test_a_form_shows_errors_and_then_closes(desk: Desk, app: AsyncApp) -> None:
    """view_submission acknowledged with errors keeps the modal; an empty one closes it."""
    notes: list[str] = []

    @app.action("solve")
    async def ask(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    @app.view("note")
    async def note(ack: AsyncAck, view: Body) -> None:
        text = view["state"]["values"]["note"]["text"]["value"]
        if text == "bad":
            await ack(response_action="errors", errors={"note": "too short"})
            return
        notes.append(text)
        await ack()

    await desk.client.chat_postMessage(channel=desk.orders.id, text="A ticket", blocks=CARD)
    await desk.linh.click(desk.slack.messages(desk.orders)[0], "solve")
    await desk.slack.until(lambda: desk.slack.views(desk.linh))
    view = desk.slack.views(desk.linh)[-1]
    refused = await desk.linh.submit(view, {"note": "bad"})
    still_open = desk.slack.views(desk.linh)
    await desk.linh.submit(view, {"text": "called back"})

    assert (refused.response_action, refused.errors) == ("errors", {"note": "too short"})
    assert still_open == [view]
    assert (notes, desk.slack.views(desk.linh)) == (["called back"], [])
    with pytest.raises(ValueError, match="required"):
        await desk.linh.submit(view, {"note": ""})


async def test_views_stack_three_deep_and_triggers_work_once(desk: Desk) -> None:
    """The fourth is refused; so are a used, an unknown and a malformed request."""
    trigger = desk.slack.workspace.trigger
    used = trigger(desk.linh.id)
    await desk.client.views_open(trigger_id=used, view=modal("One"))
    for title in ("Two", "Three"):
        await desk.client.views_push(trigger_id=trigger(desk.linh.id), view=modal(title))

    assert [view.title for view in desk.slack.views(desk.linh)] == ["One", "Two", "Three"]
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await desk.client.views_push(trigger_id=trigger(desk.linh.id), view=modal())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await desk.client.views_open(trigger_id=used, view=modal())
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await desk.client.views_open(trigger_id="1.2.3", view=modal())
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await desk.client.views_open(trigger_id=trigger(desk.linh.id), view=modal("x" * 25))


async def test_an_old_hash_is_a_conflict(desk: Desk) -> None:
    """views.publish and views.update accept the hash of what is shown, and no older one."""
    first = await desk.client.views_publish(user_id=desk.linh.id, view=home("one"))
    await desk.client.views_publish(
        user_id=desk.linh.id, view=home("two"), hash=first["view"]["hash"]
    )

    with pytest.raises(SlackApiError, match="hash_conflict"):
        await desk.client.views_publish(
            user_id=desk.linh.id, view=home("three"), hash=first["view"]["hash"]
        )
    shown = desk.slack.home(desk.linh)
    assert shown is not None
    assert desk.slack.render(shown) == "== Home ==\ntwo\n"


async def test_opening_the_home_tab_tells_the_app(desk: Desk, app: AsyncApp) -> None:
    """app_home_opened, answered by views.publish."""

    @app.event("app_home_opened")
    async def show(event: Body, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=home("Welcome"))

    await desk.linh.open_home()
    view = await desk.slack.until(lambda: desk.slack.home(desk.linh))

    assert view is not None
    assert "Welcome" in desk.slack.render(view)


async def test_a_form_can_lead_to_another(desk: Desk, app: AsyncApp) -> None:
    """response_action update and push change what is open; clear closes everything."""
    answers: list[dict[str, Any]] = [
        {"response_action": "update", "view": modal("Changed")},
        {"response_action": "push", "view": modal("On top")},
        {"response_action": "clear"},
    ]
    titles: list[list[str]] = []

    @app.view("note")
    async def note(ack: AsyncAck) -> None:
        await ack(**answers.pop(0))

    trigger = desk.slack.workspace.trigger(desk.linh.id)
    await desk.client.views_open(trigger_id=trigger, view=modal("First"))
    while views := desk.slack.views(desk.linh):
        await desk.linh.submit(views[-1], {"note": "x"})
        titles.append([view.title for view in desk.slack.views(desk.linh)])

    assert titles == [["Changed"], ["Changed", "On top"], []]


async def test_closing_a_form_is_heard_only_on_request(desk: Desk, app: AsyncApp) -> None:
    """view_closed needs notify_on_close."""
    closed: list[str] = []

    @app.view_closed("note")
    async def note(ack: AsyncAck, view: Body) -> None:
        closed.append(view["title"]["text"])
        await ack()

    for view in (modal("Quiet"), modal("Loud", notify_on_close=True)):
        trigger = desk.slack.workspace.trigger(desk.linh.id)
        await desk.client.views_open(trigger_id=trigger, view=view)
        await desk.linh.close(desk.slack.views(desk.linh)[-1])

    assert closed == ["Loud"]
    assert desk.slack.views(desk.linh) == []
