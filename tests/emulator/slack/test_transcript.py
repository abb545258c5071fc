"""What a person would see."""

from typing import Any

from tests.emulator.slack.conftest import Desk


async def test_the_transcript_shows_what_a_person_would_see(desk: Desk) -> None:
    """Threads indented, names for ids, buttons, reactions, edits, deletions, whispers."""
    button = {"type": "button", "text": {"type": "plain_text", "text": "Solved"}, "action_id": "s"}
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"For <@{desk.linh.id}> &amp; you"}},
        {"type": "actions", "elements": [button]},
    ]
    question = await desk.linh.post(desk.orders, "Where is it?")
    await desk.client.chat_postMessage(
        channel=desk.orders.id, thread_ts=question.ts, text="fallback", blocks=blocks
    )
    await desk.linh.edit(question, "Where is order 1042?")
    await desk.client.reactions_add(channel=desk.orders.id, timestamp=question.ts, name="eyes")
    slip = await desk.linh.post(desk.orders, "oops")
    await desk.linh.delete(slip)
    await desk.linh.post(desk.orders, "see", files=["shot.png"])
    await desk.client.chat_postEphemeral(channel=desk.orders.id, user=desk.linh.id, text="just you")

    assert desk.slack.transcript(desk.orders) == (
        "#orders\n"
        "  linh: Where is order 1042?  (edited)  :eyes: deskhand\n"
        "      deskhand: For @linh & you\n"
        "        [Solved]\n"
        "  linh: (deleted)\n"
        "  linh: see\n"
        "    (file: shot.png)\n"
        "  deskhand: just you  (only linh sees this)\n"
    )


async def test_direct_messages_have_their_own_heading(desk: Desk) -> None:
    """All conversations one under the other, empty ones too."""
    await desk.linh.dm("xin chào")

    assert desk.slack.transcript() == "#orders\n\n@ linh and deskhand\n  linh: xin chào\n"
