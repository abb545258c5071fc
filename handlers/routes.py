"""Every way in from Slack: the routing table.

A row says what comes in, who hears it, and who may. A listener acknowledges, reads its payload once
and does its work; what it raises is answered by `errors`. The verbs that people type have a table
of their own, `commands.verbs`. `manifest` declares to Slack what is listed here.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from slack_bolt.async_app import AsyncApp

from handlers.actions.answer_feedback import AnswerFeedbackActions
from handlers.actions.article_drafts import ArticleDraftActions
from handlers.actions.budgets import BudgetLifting
from handlers.actions.forms import Forms
from handlers.actions.help_offer import HelpOffers
from handlers.actions.home import HomeActions
from handlers.actions.list_pages import ListPageActions
from handlers.actions.shortcuts import Shortcuts
from handlers.actions.ticket_card import TicketCardActions
from handlers.commands.slash_ticket import TicketCommands
from handlers.commands.slash_usage import UsageCommand
from handlers.errors import listener_failed
from handlers.events.agent_pane import AgentPane, AgentSessions
from handlers.events.gestures import read_tab_opened
from handlers.events.home import HomeTab
from handlers.events.installation import InstallationEvents
from handlers.events.messages import MessageEvents
from handlers.events.reactions import Reactions
from handlers.middleware import agents_only, take_in
from handlers.slack.permissions import Permissions
from handlers.types import Payload
from handlers.views.ids import (
    LIFT_BUDGET,
    OFFER_HELP,
    TURNS,
    ActionId,
    ArticleActionId,
    ArticleFormId,
    FieldId,
    FormId,
    ShortcutId,
)

Listener = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Listeners:
    """Who opens to what comes in, and who is asked whether somebody is an agent."""

    access: Permissions
    inbox: MessageEvents
    reactions: Reactions
    agent_pane: AgentPane
    sessions: AgentSessions
    installed: InstallationEvents
    home_tab: HomeTab
    commands: TicketCommands
    usage: UsageCommand
    shortcuts: Shortcuts
    actions: TicketCardActions
    forms: Forms
    answer_feedback_actions: AnswerFeedbackActions
    article_draft_actions: ArticleDraftActions
    list_pages: ListPageActions
    home: HomeActions
    budget_lifting: BudgetLifting
    help_offers: HelpOffers


@dataclass(frozen=True)
class WayIn:
    """A kind of thing that comes in, which of them, who hears it, and who may."""

    kind: Literal["event", "command", "shortcut", "action", "view", "options"]
    which: str | re.Pattern[str]
    listener: Listener
    who: Literal["anybody", "agents"] = "anybody"


def routes(to: Listeners) -> tuple[WayIn, ...]:
    """The table. Where it says anybody, the listener itself asks who may see or do what."""
    return (
        # What is said, and what agents do about it.
        WayIn("event", "message", to.inbox.message),
        WayIn("event", "app_mention", to.inbox.message),
        WayIn("event", "member_joined_channel", to.inbox.membership),
        WayIn("event", "member_left_channel", to.inbox.membership),
        WayIn("event", "subteam_members_changed", to.inbox.group_changed),
        WayIn("event", "reaction_added", to.reactions.reacted),
        # What Slack says of the app itself.
        WayIn("event", "app_uninstalled", to.installed.doubted),
        WayIn("event", "tokens_revoked", to.installed.doubted),
        # The app's two tabs, and the stop button of a thread.
        WayIn("event", "app_home_opened", _tabs(to)),
        WayIn("event", "agent_session_stopped", to.sessions.stopped),
        # What is typed.
        WayIn("command", "/ticket", to.commands.ticket),
        WayIn("command", "/usage", to.usage.usage),
        # What stands in a message's menu.
        WayIn("shortcut", ShortcutId.CREATE, to.shortcuts.create),
        WayIn("shortcut", ShortcutId.CLOSE, to.shortcuts.close),
        WayIn("shortcut", ShortcutId.WHY, to.shortcuts.why, "agents"),
        # What is pressed: on cards, under answers, under drafts, under lists, in the Home.
        WayIn("action", _one_of(ON_CARDS), to.actions.pressed, "agents"),
        WayIn("action", _one_of(RATINGS), to.actions.rated),
        WayIn("action", _one_of(CHOICES), to.answer_feedback_actions.chosen),
        WayIn("action", ActionId.FEEDBACK, to.answer_feedback_actions.pressed),
        WayIn("action", _one_of(ArticleActionId), to.article_draft_actions.pressed, "agents"),
        WayIn("action", _one_of(TURNS), to.list_pages.turned),
        WayIn("action", IN_THE_HOME, to.home.used),
        WayIn("action", LIFT_BUDGET, to.budget_lifting.pressed),
        WayIn("action", OFFER_HELP, to.help_offers.accepted),
        # What is filled in, and what is searched in a form.
        WayIn("view", _one_of(AGENT_FORMS), to.forms.sent, "agents"),
        WayIn("view", FormId.NEW_TICKET, to.forms.new_ticket),
        WayIn("view", FormId.RATING, to.forms.rating),
        WayIn("view", FormId.FEEDBACK, to.answer_feedback_actions.reason),
        WayIn("view", _one_of(ArticleFormId), to.article_draft_actions.sent, "agents"),
        WayIn("options", FieldId.TARGET, to.forms.targets, "agents"),
    )


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Join the listeners to the app, and what they raise to the one place that answers it."""
    join: dict[str, Callable[..., Any]] = {
        "event": app.event,
        "command": app.command,
        "shortcut": app.shortcut,
        "action": app.action,
        "view": app.view,
        "options": app.options,
    }
    asked_first = {"anybody": [], "agents": [agents_only(listeners.access)]}
    for route in routes(listeners):
        join[route.kind](route.which, middleware=asked_first[route.who])(route.listener)
    # One, not two: for each Bolt gathers all that a listener could ask for.
    app.use(take_in)
    app.error(listener_failed)


def _one_of(names: Iterable[str]) -> re.Pattern[str]:
    """Bolt asks each listener in turn, so that one for all of a kind is found sooner."""
    return re.compile(rf"\A(?:{'|'.join(map(re.escape, names))})\Z")


RATINGS = (ActionId.RATE_GOOD, ActionId.RATE_BAD)
CHOICES = (ActionId.SOLVED_IT, ActionId.NEED_HUMAN)
ON_CARDS = tuple(set(ActionId) - {*RATINGS, *CHOICES, ActionId.FEEDBACK})
AGENT_FORMS = tuple(set(FormId) - {FormId.NEW_TICKET, FormId.RATING, FormId.FEEDBACK})
IN_THE_HOME = re.compile(r"home_\w+")


def _tabs(to: Listeners) -> Listener:
    """Two tabs of the app, one event."""

    async def opened(event: Payload) -> None:
        tab = read_tab_opened(event)
        match tab.tab:
            case "messages":
                to.agent_pane.opened(tab)
            case "home":
                to.home_tab.opened(tab)

    return opened
