"""The Web API's methods, a file per noun; each file ends in its rows of the table."""

from emulator.slack.method import Method
from emulator.slack.methods import (
    apps,
    assistant,
    chat,
    conversations,
    files,
    history,
    reactions,
    streams,
    users,
    views,
)

MODULES = (apps, assistant, chat, conversations, files, history, reactions, streams, users, views)
TABLE: dict[str, Method] = {row.name: row for module in MODULES for row in module.METHODS}
