"""Every way in from Slack."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from handlers.actions import Actions
from handlers.backstage import Backstage
from handlers.bulletins import LIFT, Lifting
from handlers.commands import Commands
from handlers.errors import failed
from handlers.forms import Forms
from handlers.home import Home
from handlers.inbox import Inbox
from handlers.lists import ACTIONS, Lists
from handlers.manuscripts import Editing
from handlers.shortcuts import Shortcuts
from handlers.usage import Usage
from handlers.verbs import Article, ArticleForm, Field, Form, Press, Shortcut

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
    editing: Editing


def register(app: AsyncApp, doors: Doors) -> None:
    """Join the listeners to the app. `manifest.json` names the same events and commands."""
    _events(app, doors)
    app.command("/ticket")(doors.commands.ticket)
    app.command("/usage")(doors.usage.usage)
    app.action(LIFT)(doors.lifting.pressed)
    app.event("app_home_opened")(doors.home.opened)
    app.action(IN_THE_HOME)(doors.home.used)
    for action in ACTIONS:
        app.action(action)(doors.lists.turned)
    app.shortcut(Shortcut.CREATE)(doors.shortcuts.create)
    app.shortcut(Shortcut.CLOSE)(doors.shortcuts.close)
    app.shortcut(Shortcut.WHY)(doors.shortcuts.why)
    for press in Press:
        rating = press in (Press.RATE_GOOD, Press.RATE_BAD)
        app.action(press)(doors.actions.rated if rating else doors.actions.pressed)
    for form in Form:
        app.view(form)(_submitted(doors.forms, form))
    for article in Article:
        app.action(article)(doors.editing.pressed)
    for article_form in ArticleForm:
        app.view(article_form)(doors.editing.sent)
    app.options(Field.TARGET)(doors.forms.targets)
    app.error(failed)


def _submitted(forms: Forms, form: Form) -> Callable[..., Awaitable[None]]:
    match form:
        case Form.NEW_TICKET:
            return forms.new_ticket
        case Form.RATING:
            return forms.rating
        case _:
            return forms.sent


def _events(app: AsyncApp, doors: Doors) -> None:
    app.event("message")(doors.inbox.message)
    app.event("app_mention")(doors.inbox.message)
    app.event("member_joined_channel")(doors.inbox.membership)
    app.event("member_left_channel")(doors.inbox.membership)
    app.event("reaction_added")(doors.backstage.reacted)
