"""Where agents go on with a ticket elsewhere: links made of what the card knows."""

import re
from urllib.parse import quote

from bot.workspace.card import Card, CardLink
from handlers.views.blocks import Block, context
from handlers.views.mrkdwn import mrkdwn_link

# Characters of all links together: a context block holds no more.
ROOM = 1_500
# Characters of a title in an address: nine of it for a letter of another script.
LINKED = 60


def card_links(ticket: Card, title: str, permalink: str | None) -> list[Block]:
    """Where agents go on with it elsewhere, as many as there is room for."""
    found = [
        mrkdwn_link(_filled(each, ticket, title, permalink), each.name)
        for each in ticket.links
        if not ticket.link
    ]
    while len(told := " · ".join(found)) > ROOM:
        found.pop()
    return [context(f"↗️ {told}")] if found else []


def _filled(link: CardLink, ticket: Card, title: str, permalink: str | None) -> str:
    """The address of a link for this ticket; whatever goes into it stays one value there."""
    facts = {
        "number": ticket.number,
        "title": title[:LINKED],
        "category": ticket.category or "",
        "priority": ticket.priority,
        "requester": ticket.requester,
        "thread": permalink or "",
    }
    return re.sub(
        r"\{([a-z]+)\}", lambda found: quote(facts.get(found[1], ""), safe=""), link.template
    )
