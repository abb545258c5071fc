"""Links to messages of Slack that stand in a text."""

import re

from bot.messages.inbound import MessageLink

MOST_FOLLOWED = 3
_LINK = re.compile(
    r"https://[\w-]+(?:\.enterprise)?\.slack\.com/archives/(?P<channel>[CGD][A-Z0-9]{2,})"
    r"/p(?P<second>\d{9,11})(?P<fraction>\d{6})"
    r"(?:\?(?:[^\s|>]*?&(?:amp;)?)?thread_ts=(?P<thread>\d{9,11}\.\d{6}))?"
)


def links_in(text: str) -> tuple[MessageLink, ...]:
    """The first few links to messages, each once; `text` is as Slack sent it."""
    found = (
        MessageLink(
            channel=match["channel"],
            ts=f"{match['second']}.{match['fraction']}",
            thread_ts=match["thread"],
        )
        for match in _LINK.finditer(text)
    )
    return tuple(dict.fromkeys(found))[:MOST_FOLLOWED]
