"""Who hears what comes in from Slack: the services, as `handlers` takes them."""

from bot.app.services import Services
from handlers.actions.answer_feedback import AnswerFeedbackActions
from handlers.actions.article_drafts import ArticleDraftActions
from handlers.actions.budgets import BudgetLifting
from handlers.actions.forms import Forms
from handlers.actions.help_offer import HelpOffers
from handlers.actions.home import HomeActions
from handlers.actions.list_pages import ListPageActions
from handlers.actions.shortcuts import Shortcuts
from handlers.actions.ticket_card import TicketCardActions
from handlers.commands.asked import TicketDesk
from handlers.commands.lists import TicketLists
from handlers.commands.slash_ticket import TicketCommands
from handlers.commands.slash_usage import UsageCommand
from handlers.events.addressing import Addressing
from handlers.events.agent_pane import AgentPane, AgentSessions
from handlers.events.agents import AgentEvents
from handlers.events.home import HomeTab
from handlers.events.installation import InstallationEvents
from handlers.events.lateness import Lateness
from handlers.events.machines import Machines
from handlers.events.messages import MessageEvents
from handlers.events.pull_in import PullIn
from handlers.events.reactions import Reactions
from handlers.routes import Listeners


def listeners(services: Services) -> Listeners:
    """Every listener, joined to what it works with."""
    opened, tickets, costs = services.opened, services.tickets, services.costs
    desk, store, client, background = (
        opened.desk, opened.store, opened.slack.client, opened.background,
    )  # fmt: skip
    slack, at = services.workspace, opened.installation
    access, status = slack.permissions, slack.agent_status
    intake, drafts = services.messages.intake, services.nightly.article_drafts
    lists = TicketLists(store, access, desk)
    ticket_desk = TicketDesk(
        client=client,
        store=store,
        access=access,
        work=tickets.actions,
        outbox=tickets.outbox,
        proposals=tickets.proposals,
        issues=tickets.issues,
        signs=tickets.signs,
        lists=lists,
    )
    agent_events = AgentEvents(ticket_desk, at)
    machines = Machines(desk, slack.people)
    pull_in = PullIn(ticket_desk, intake, at, slack.people, machines)
    home_tab = HomeTab(
        client,
        store,
        access,
        tickets.modes,
        costs.budget_watch,
        costs.alarms,
        background,
        standing=opened.slack.standing,
        illness=costs.illness,
    )
    return Listeners(
        access=access,
        inbox=MessageEvents(
            at=at,
            intake=intake,
            revisions=services.messages.revisions,
            roster=slack.roster,
            access=access,
            people=slack.people,
            machines=machines,
            addressing=Addressing(store, intake, slack.roster, at.bot_user),
            private_channels=slack.private_channels,
            agent_events=agent_events,
            catch_up=services.messages.catch_up,
            late=Lateness(desk.life.answer_late),
            codes=services.messages.codes,
        ),
        reactions=Reactions(ticket_desk, at.team, pull_in, desk.desk.ticket_emoji),
        agent_pane=AgentPane(status, desk.agent, background),
        sessions=AgentSessions(status, tickets.streams, background),
        installed=InstallationEvents(opened.slack.standing, background),
        home_tab=home_tab,
        commands=TicketCommands(ticket_desk, background),
        usage=UsageCommand(
            client, store, desk, costs.digest_publisher, costs.budget_watch, background
        ),
        shortcuts=Shortcuts(ticket_desk, pull_in, at, slack.people),
        actions=TicketCardActions(ticket_desk),
        forms=Forms(
            store,
            access,
            tickets.actions,
            tickets.proposals,
            services.messages.forms,
            desk,
            at.team,
        ),
        answer_feedback_actions=AnswerFeedbackActions(client, store, access, tickets.feedback),
        article_draft_actions=ArticleDraftActions(client, access, drafts, desk.nightly.approve),
        list_pages=ListPageActions(lists, background),
        home=HomeActions(ticket_desk, tickets.modes, home_tab, background),
        help_offers=HelpOffers(pull_in),
        budget_lifting=BudgetLifting(costs.budget_watch, desk.desk.admins),
    )
