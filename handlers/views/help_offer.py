"""«Shall I help?», for one person's eyes."""

from typing import Any

from bot.text.phrases import phrase
from bot.workspace.posts import HelpOffer
from handlers.views.blocks import section
from handlers.views.elements import button
from handlers.views.ids import OFFER_HELP


def help_offer(offer: HelpOffer) -> dict[str, Any]:
    """The arguments of `chat.postEphemeral`; the button's value is the ts of the message."""
    asked = phrase("nudge", offer.language)
    accept = button(OFFER_HELP, phrase("nudge_button", offer.language), offer.ts)
    place = {"thread_ts": offer.thread_ts} if offer.thread_ts else {}
    return {
        "channel": offer.channel,
        "user": offer.user,
        "text": asked,
        "blocks": [section(asked), {"type": "actions", "elements": [accept]}],
        **place,
    }
