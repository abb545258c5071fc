"""Every way in from Slack."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp

from handlers.actions import Actions
from handlers.agent import Pane, Sessions
from handlers.backstage import Backstage
from handlers.bulletins import LIFT, Lifting
from handlers.commands import Commands
from handlers.errors import failed
from handlers.forms import Forms
from handlers.home import Home
from handlers.inbox import Inbox
from handlers.lists import ACTIONS, Lists
from handlers.manuscripts import Editing
from handlers.opinions import Opinions
from handlers.shortcuts import Shortcuts
from handlers.usage import Usage
from handlers.verbs import Article, ArticleForm, Field, Form, Press, Shortcut

Listener = Callable[..., Awaitable[None]]

IN_THE_HOME = re.compile(r"home_\w+")


@dataclass(frozen=True)
class Doors:
    """Who opens to what comes in."""

    inbox: Inbox
    backstage: Backstage
    commands: Commands
    actions: Actions
    forms: Forms
    shortcuts: Shortcuts
    lists: Lists
    home: Home
    usage: Usage
    lifting: Lifting
    opinions: Opinions
    pane: Pane
    sessions: Sessions
    editing: Editing


def register(app: AsyncApp, doors: Doors) -> None:
    """Join the listeners to the app. `manifest.json` names the same events and commands."""
    _events(app, doors)
    app.command("/ticket")(doors.commands.ticket)
    app.command("/usage")(doors.usage.usage)
    app.action(LIFT)(doors.lifting.pressed)
    app.event("app_home_opened")(_looked(doors))
    app.action(IN_THE_HOME)(doors.home.used)
    for action in ACTIONS:
        app.action(action)(doors.lists.turned)
    app.shortcut(Shortcut.CREATE)(doors.shortcuts.create)
    app.shortcut(Shortcut.CLOSE)(doors.shortcuts.close)
    app.shortcut(Shortcut.WHY)(doors.shortcuts.why)
    for press in Press:
        app.action(press)(_pressed(doors, press))
    for form in Form:
        app.view(form)(_submitted(doors, form))
    for article in Article:
        app.action(article)(doors.editing.pressed)
    for article_form in ArticleForm:
        app.view(article_form)(doors.editing.sent)
    app.options(Field.TARGET)(doors.forms.targets)
    app.error(failed)


def _pressed(doors: Doors, press: Press) -> Listener:
    match press:
        case Press.RATE_GOOD | Press.RATE_BAD:
            return doors.actions.rated
        case Press.SOLVED_IT | Press.NEED_HUMAN:
            return doors.opinions.chosen
        case Press.FEEDBACK:
            return doors.opinions.pressed
        case _:
            return doors.actions.pressed


def _submitted(doors: Doors, form: Form) -> Listener:
    match form:
        case Form.NEW_TICKET:
            return doors.forms.new_ticket
        case Form.RATING:
            return doors.forms.rating
        case Form.FEEDBACK:
            return doors.opinions.reason
        case _:
            return doors.forms.sent


def _looked(doors: Doors) -> Listener:
    """Two tabs of the app, one event."""

    async def looked(event: dict[str, Any]) -> None:
        if event.get("tab", "home") == "messages":
            await doors.pane.opened(event)
        else:
            await doors.home.opened(event)

    return looked


def _events(app: AsyncApp, doors: Doors) -> None:
    app.event("message")(doors.inbox.message)
    app.event("app_mention")(doors.inbox.message)
    app.event("member_joined_channel")(doors.inbox.membership)
    app.event("member_left_channel")(doors.inbox.membership)
    app.event("reaction_added")(doors.backstage.reacted)
    app.event("agent_session_stopped")(doors.sessions.stopped)
