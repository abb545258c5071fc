"""Every way in from Slack."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp

from handlers.actions.answer_feedback import AnswerFeedbackActions
from handlers.actions.article_drafts import ArticleDraftActions
from handlers.actions.budgets import BudgetLifting
from handlers.actions.forms import Forms
from handlers.actions.home import Home
from handlers.actions.shortcuts import Shortcuts
from handlers.actions.ticket_card import TicketCardActions
from handlers.commands.lists import TicketLists
from handlers.commands.ticket import TicketCommands
from handlers.commands.usage import UsageCommand
from handlers.errors import listener_failed
from handlers.events.agent_pane import AgentPane, AgentSessions
from handlers.events.agents import AgentEvents
from handlers.events.messages import MessageEvents
from handlers.views.ids import (
    ACTIONS,
    LIFT_BUDGET,
    ActionId,
    ArticleActionId,
    ArticleFormId,
    FieldId,
    FormId,
    ShortcutId,
)

Listener = Callable[..., Awaitable[None]]

IN_THE_HOME = re.compile(r"home_\w+")


@dataclass(frozen=True)
class Listeners:
    """Who opens to what comes in."""

    inbox: MessageEvents
    agent_events: AgentEvents
    commands: TicketCommands
    actions: TicketCardActions
    forms: Forms
    shortcuts: Shortcuts
    lists: TicketLists
    home: Home
    usage: UsageCommand
    budget_lifting: BudgetLifting
    answer_feedback_actions: AnswerFeedbackActions
    agent_pane: AgentPane
    sessions: AgentSessions
    article_draft_actions: ArticleDraftActions


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Join the listeners to the app. `manifest.json` names the same events and commands."""
    _events(app, listeners)
    app.command("/ticket")(listeners.commands.ticket)
    app.command("/usage")(listeners.usage.usage)
    app.event("app_home_opened")(_looked(listeners))
    app.shortcut(ShortcutId.CREATE)(listeners.shortcuts.create)
    app.shortcut(ShortcutId.CLOSE)(listeners.shortcuts.close)
    app.shortcut(ShortcutId.WHY)(listeners.shortcuts.why)
    _presses(app, listeners)
    _forms(app, listeners)
    app.options(FieldId.TARGET)(listeners.forms.targets)
    app.error(listener_failed)


def _presses(app: AsyncApp, listeners: Listeners) -> None:
    answer_feedback_actions = (ActionId.SOLVED_IT, ActionId.NEED_HUMAN)
    ratings = (ActionId.RATE_GOOD, ActionId.RATE_BAD)
    apart = {*answer_feedback_actions, *ratings, ActionId.FEEDBACK}
    app.action(_one_of(press for press in ActionId if press not in apart))(
        listeners.actions.pressed
    )
    app.action(_one_of(ratings))(listeners.actions.rated)
    app.action(_one_of(answer_feedback_actions))(listeners.answer_feedback_actions.chosen)
    app.action(ActionId.FEEDBACK)(listeners.answer_feedback_actions.pressed)
    app.action(_one_of(ArticleActionId))(listeners.article_draft_actions.pressed)
    app.action(_one_of(ACTIONS))(listeners.lists.turned)
    app.action(IN_THE_HOME)(listeners.home.used)
    app.action(LIFT_BUDGET)(listeners.budget_lifting.pressed)


def _forms(app: AsyncApp, listeners: Listeners) -> None:
    apart = {FormId.NEW_TICKET, FormId.RATING, FormId.FEEDBACK}
    app.view(_one_of(form for form in FormId if form not in apart))(listeners.forms.sent)
    app.view(FormId.NEW_TICKET)(listeners.forms.new_ticket)
    app.view(FormId.RATING)(listeners.forms.rating)
    app.view(FormId.FEEDBACK)(listeners.answer_feedback_actions.reason)
    app.view(_one_of(ArticleFormId))(listeners.article_draft_actions.sent)


def _one_of(names: Iterable[str]) -> re.Pattern[str]:
    """Bolt asks each listener in turn, so that one for all of a kind is found sooner."""
    return re.compile(rf"\A(?:{'|'.join(map(re.escape, names))})\Z")


def _looked(listeners: Listeners) -> Listener:
    """Two tabs of the app, one event."""

    async def looked(event: dict[str, Any]) -> None:
        if event.get("tab", "home") == "messages":
            await listeners.agent_pane.opened(event)
        else:
            await listeners.home.opened(event)

    return looked


def _events(app: AsyncApp, listeners: Listeners) -> None:
    app.event("message")(listeners.inbox.message)
    app.event("app_mention")(listeners.inbox.message)
    app.event("member_joined_channel")(listeners.inbox.membership)
    app.event("member_left_channel")(listeners.inbox.membership)
    app.event("reaction_added")(listeners.agent_events.reacted)
    app.event("agent_session_stopped")(listeners.sessions.stopped)
