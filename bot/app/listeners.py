"""Who opens to what comes in from Slack: the services, as `handlers` takes them."""

from bot.app.build import Services
from handlers import Listeners
from handlers.actions.answer_feedback import AnswerFeedbackActions
from handlers.actions.article_drafts import ArticleDraftActions
from handlers.actions.budgets import BudgetLifting
from handlers.actions.forms import Forms
from handlers.actions.home import Home
from handlers.actions.shortcuts import Shortcuts
from handlers.actions.ticket_card import TicketCardActions
from handlers.commands.lists import TicketLists
from handlers.commands.thread_commands import ThreadCommands
from handlers.commands.ticket import TicketCommands
from handlers.commands.usage import UsageCommand
from handlers.events.agent_pane import AgentPane, AgentSessions
from handlers.events.agents import AgentEvents
from handlers.events.messages import MessageEvents


def listeners(services: Services) -> Listeners:
    """Every listener, joined to what it works with."""
    opened, workspace, tickets = services.opened, services.workspace, services.tickets
    desk, store, client, tasks = opened.desk, opened.store, opened.slack.client, opened.tasks
    access, status, bot_user = workspace.permissions, workspace.agent_status, opened.bot_user
    pipeline, drafts = services.messages.pipeline, services.nightly.article_drafts
    thread_commands = ThreadCommands(tickets.actions, access.works, desk.zone)
    agent_events = AgentEvents(client, store, access, tickets.actions, thread_commands)
    lists = TicketLists(store, access, desk, tasks)
    return Listeners(
        inbox=MessageEvents(pipeline, workspace.roster, access, agent_events, bot_user),
        agent_events=agent_events,
        commands=TicketCommands(client, store, access, thread_commands, lists, tasks),
        lists=lists,
        home=_home(services),
        actions=TicketCardActions(client, store, access, tickets.actions, desk),
        forms=Forms(store, access, tickets.actions, services.messages.forms, desk),
        shortcuts=Shortcuts(client, store, access, tickets.actions, pipeline, bot_user),
        usage=_usage(services),
        budget_lifting=BudgetLifting(services.costs.budget_watch, desk.desk.admins),
        answer_feedback_actions=AnswerFeedbackActions(client, store, access, tickets.feedback),
        agent_pane=AgentPane(status, desk.agent, tasks),
        sessions=AgentSessions(status, pipeline, tasks),
        article_draft_actions=ArticleDraftActions(client, access, drafts, desk.nightly.approve),
    )


def _home(services: Services) -> Home:
    opened = services.opened
    return Home(
        opened.slack.client,
        opened.store,
        services.workspace.permissions,
        services.tickets.modes,
        services.costs.budget_watch,
        opened.tasks,
    )


def _usage(services: Services) -> UsageCommand:
    opened, costs = services.opened, services.costs
    return UsageCommand(
        opened.slack.client,
        opened.store,
        opened.desk,
        costs.digest_publisher,
        costs.budget_watch,
        opened.tasks,
    )
