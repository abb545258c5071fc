"""Bulletins in the agents' channel, and the button that lifts a budget."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.bulletins import Bulletin
from bot.till import Till
from handlers.blocks import Block, context, section
from handlers.digestview import reference
from handlers.mrkdwn import escape
from handlers.posting import Poster

LIFT = "budget_lift"
SIGNS = {"good": ":white_check_mark:", "warning": ":warning:", "alarm": ":rotating_light:"}
NOT_ADMIN = "Only an admin may do that; admins are named in `desk.toml` under [desk] admins."


def bulletin_message(bulletin: Bulletin) -> dict[str, Any]:
    """What chat.postMessage takes."""
    about = f" · {reference(bulletin.budget)}" if bulletin.budget else ""
    by = f" By <@{bulletin.by}>." if bulletin.by else ""
    said = f"{SIGNS[bulletin.tone]} *{escape(bulletin.title)}*{about}\n{escape(bulletin.text)}{by}"
    blocks: list[Block] = [section(said)]
    if bulletin.liftable and bulletin.budget:
        blocks += _lift(bulletin.budget)
    return {
        "channel": bulletin.channel,
        "text": f"{bulletin.title}{about}: {bulletin.text}",
        "blocks": blocks,
    }


def _lift(budget: str) -> list[Block]:
    button = {
        "type": "button",
        "action_id": LIFT,
        "text": {"type": "plain_text", "text": "Lift for today"},
        "value": budget,
    }
    return [
        {"type": "actions", "elements": [button]},
        context(f"Or `/usage lift {escape(budget)}`"),
    ]


class BulletinBoard:
    """Posts bulletins once, and lets admins lift budgets."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    async def post(self, bulletin: Bulletin, recovered: bool) -> None:
        """Post a bulletin; raises CannotPost."""
        message = bulletin_message(bulletin)
        await self._poster.post(bulletin.key, message, after="0", recovered=recovered)


class Lifting:
    """The button under a bulletin."""

    def __init__(self, till: Till, admins: frozenset[str]) -> None:
        self._till = till
        self._admins = admins

    async def pressed(
        self,
        ack: Callable[..., Awaitable[Any]],
        body: dict[str, Any],
        action: dict[str, Any],
        respond: Callable[..., Awaitable[Any]],
    ) -> None:
        """An admin lifts the budget; anyone else is told who may."""
        await ack()
        user = str(body["user"]["id"])
        if user not in self._admins:
            await respond(text=NOT_ADMIN, response_type="ephemeral", replace_original=False)
            return
        await self._till.lift(str(action["value"]), user)
