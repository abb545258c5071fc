"""Every way in from Slack."""

import re
from collections.abc import Awaitable, Callable, Iterable
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
    app.event("app_home_opened")(_looked(doors))
    app.shortcut(Shortcut.CREATE)(doors.shortcuts.create)
    app.shortcut(Shortcut.CLOSE)(doors.shortcuts.close)
    app.shortcut(Shortcut.WHY)(doors.shortcuts.why)
    _presses(app, doors)
    _forms(app, doors)
    app.options(Field.TARGET)(doors.forms.targets)
    app.error(failed)


def _presses(app: AsyncApp, doors: Doors) -> None:
    opinions = (Press.SOLVED_IT, Press.NEED_HUMAN)
    ratings = (Press.RATE_GOOD, Press.RATE_BAD)
    apart = {*opinions, *ratings, Press.FEEDBACK}
    app.action(_one_of(press for press in Press if press not in apart))(doors.actions.pressed)
    app.action(_one_of(ratings))(doors.actions.rated)
    app.action(_one_of(opinions))(doors.opinions.chosen)
    app.action(Press.FEEDBACK)(doors.opinions.pressed)
    app.action(_one_of(Article))(doors.editing.pressed)
    app.action(_one_of(ACTIONS))(doors.lists.turned)
    app.action(IN_THE_HOME)(doors.home.used)
    app.action(LIFT)(doors.lifting.pressed)


def _forms(app: AsyncApp, doors: Doors) -> None:
    apart = {Form.NEW_TICKET, Form.RATING, Form.FEEDBACK}
    app.view(_one_of(form for form in Form if form not in apart))(doors.forms.sent)
    app.view(Form.NEW_TICKET)(doors.forms.new_ticket)
    app.view(Form.RATING)(doors.forms.rating)
    app.view(Form.FEEDBACK)(doors.opinions.reason)
    app.view(_one_of(ArticleForm))(doors.editing.sent)


def _one_of(names: Iterable[str]) -> re.Pattern[str]:
    """Bolt asks each listener in turn, so that one for all of a kind is found sooner."""
    return re.compile(rf"\A(?:{'|'.join(map(re.escape, names))})\Z")


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
