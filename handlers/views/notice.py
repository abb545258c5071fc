"""Notices to the agents, and the button under one that lifts a budget: pure builders."""

from typing import Any

from bot.notices import Notice
from handlers.views.blocks import Block, context, section
from handlers.views.digest import budget_reference
from handlers.views.ids import LIFT_BUDGET
from handlers.views.mrkdwn import escape

NOTICE_SIGNS = {"good": ":white_check_mark:", "warning": ":warning:", "alarm": ":rotating_light:"}


def notice_message(notice: Notice) -> dict[str, Any]:
    """What chat.postMessage takes."""
    about = f" · {budget_reference(notice.budget)}" if notice.budget else ""
    by = f" By <@{notice.by}>." if notice.by else ""
    said = f"{NOTICE_SIGNS[notice.tone]} *{escape(notice.title)}*{about}\n{escape(notice.text)}{by}"
    blocks: list[Block] = [section(said)]
    if notice.liftable and notice.budget:
        blocks += _lift(notice.budget)
    return {
        "channel": notice.channel,
        "text": f"{notice.title}{about}: {notice.text}",
        "blocks": blocks,
    }


def _lift(budget: str) -> list[Block]:
    button = {
        "type": "button",
        "action_id": LIFT_BUDGET,
        "text": {"type": "plain_text", "text": "Lift for today"},
        "value": budget,
    }
    return [
        {"type": "actions", "elements": [button]},
        context(f"Or `/usage lift {escape(budget)}`"),
    ]
