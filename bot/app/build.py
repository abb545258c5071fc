"""Which part gets which: pure wiring, a group for each subject. Nothing is opened or begun here."""

from bot.answers.streaming import AnswerStreams
from bot.app.resources import Resources
from bot.app.services import (
    CostServices,
    KnowledgeServices,
    MessageServices,
    NightlyServices,
    Services,
    TicketServices,
    WorkspaceServices,
)
from bot.app.stages import connections_of, story_stages
from bot.config.desk import Desk
from bot.config.environment import secrets_of
from bot.costs.budget_watch import BudgetWatch
from bot.costs.monitor import Monitor, SpendLimitAlarm
from bot.costs.outage import OutageAlarms
from bot.costs.spending import SpendGuard
from bot.costs.usage import BudgetReader
from bot.health.illness import IllnessNotices
from bot.knowledge.desk_sources import local_sources, websites
from bot.knowledge.rerank import reranker_of
from bot.knowledge.search import KnowledgeSearch
from bot.knowledge.sync import KnowledgeSync
from bot.llm.pricing import Catalogue
from bot.messages.channel_modes import ChannelModes
from bot.nightly.drafts import ArticleDrafts
from bot.nightly.run import NightlyRun
from bot.notices import Alarms, Notices
from bot.pipeline.account_codes import AccountCodes
from bot.pipeline.forms import FormTickets
from bot.pipeline.intake import Intake
from bot.pipeline.pipeline import Pipeline
from bot.pipeline.revisions import Revisions
from bot.readers.pool import ReaderPool
from bot.reports.digest_reader import DigestReader
from bot.reports.publisher import DigestPublisher
from bot.reports.shelf import ShelfNews
from bot.runtime.catch_up import CatchUp
from bot.runtime.scheduler import Scheduler
from bot.runtime.workflows import Workflows
from bot.tickets.actions import TicketActions
from bot.tickets.cards import CardKeeper
from bot.tickets.feedback import AnswerFeedback
from bot.tickets.issues import Issues
from bot.tickets.outbox import Outbox
from bot.tickets.private_files import PrivateFiles
from bot.tickets.proposals import Proposals
from bot.tickets.signs import SignKeeper
from bot.tickets.timers import TicketTimers
from bot.tickets.webhooks import Webhooks
from bot.workspace.port import ThreadReader, Workspace
from handlers.connection.client import SlackConnection
from handlers.events.conversations import Conversations
from handlers.slack.agents import AgentRoster, AgentRule
from handlers.slack.article_drafts import SlackArticleDraftBoard
from handlers.slack.card_board import CardBoard
from handlers.slack.digests import SlackDigestChannel
from handlers.slack.file_copies import FileCopies
from handlers.slack.files import SlackFiles
from handlers.slack.notices import NoticeBoard, PostedNotices
from handlers.slack.people import People
from handlers.slack.permalinks import Permalinks
from handlers.slack.permissions import Permissions
from handlers.slack.private_channels import PrivateChannels
from handlers.slack.status import AgentStatus
from handlers.slack.streaming import Streamer
from handlers.slack.workspace import SlackWorkspace
from storage.db.database import Database


def build(opened: Resources) -> Services:
    """Join the parts of a desk.

    Raises:
        SettingsError: the desk wants an extra that is not installed.
    """
    store, desk = opened.store, opened.desk
    workflows = Workflows(store, grace=opened.settings.stop_grace)
    workflows.replicas.follow(opened.slack.pacer.share)
    workflows.replicas.follow(opened.claude.share)
    workspace = workspace_services(opened)
    knowledge = knowledge_services(store, desk, opened.readers)
    costs = cost_services(
        store, desk, opened.catalogue, opened.slack, workflows, workspace.permalinks
    )
    tickets = ticket_services(opened, workspace, workflows, costs.alarms)
    threads = Conversations(
        opened.slack.client, opened.installation, workspace.people, workspace.roster
    )
    messages = message_services(opened, workflows, workspace, threads, knowledge, costs, tickets)
    return Services(
        opened=opened,
        workflows=workflows,
        scheduler=Scheduler(workflows, desk.zone),
        workspace=workspace,
        knowledge=knowledge,
        costs=costs,
        tickets=tickets,
        messages=messages,
        nightly=nightly_services(opened, workflows, workspace.workspace, knowledge.sync, costs),
    )


def workspace_services(opened: Resources) -> WorkspaceServices:
    """What speaks to Slack for everybody else."""
    slack, bot_user, desk = opened.slack, opened.installation.bot_user, opened.desk.desk
    agent_status = AgentStatus(slack.once)
    people = People(slack.client, opened.installation)
    rule = AgentRule(desk.agents, desk.agents_channel, bot_user)
    roster = AgentRoster(slack.client, people, rule)
    files = SlackFiles(
        slack.client, slack.session, slack.standing, moment=opened.settings.slack_moment
    )
    permalinks = Permalinks(slack.client, opened.installation.url)
    return WorkspaceServices(
        workspace=SlackWorkspace(
            slack.client,
            slack.poster,
            Streamer(slack.once, slack.poster, bot_user),
            agent_status,
            FileCopies(slack.once, files, slack.poster),
            CardBoard(slack.client, slack.poster, permalinks, people, desk.agents_channel),
            people,
            bot_user=bot_user,
        ),
        files=files,
        agent_status=agent_status,
        people=people,
        roster=roster,
        permissions=Permissions(slack.client, roster, desk.admins),
        private_channels=PrivateChannels(slack.client, opened.store),
        permalinks=permalinks,
    )


def knowledge_services(store: Database, desk: Desk, readers: ReaderPool) -> KnowledgeServices:
    """The articles.

    Raises:
        SettingsError: they are to be ranked by meaning, and the extra is not installed.
    """
    reranker = reranker_of(store, desk)
    return KnowledgeServices(
        sync=KnowledgeSync(store, local_sources(desk, readers)),
        websites=KnowledgeSync(store, websites(desk, readers)),
        search=KnowledgeSearch(store, reranker),
        reranker=reranker,
    )


def cost_services(
    store: Database,
    desk: Desk,
    catalogue: Catalogue,
    slack: SlackConnection,
    workflows: Workflows,
    permalinks: Permalinks,
) -> CostServices:
    """The money, and what is told."""
    board, channel = NoticeBoard(slack.poster), desk.desk.agents_channel
    posted = PostedNotices(slack.client, channel)
    notices = Notices(workflows, board.post, channel)
    alarms = Alarms(store, notices)
    usage = BudgetReader(store, desk)
    budget_watch = BudgetWatch(store, desk, usage, notices)
    digest_channel = SlackDigestChannel(slack.client, slack.poster, permalinks)
    return CostServices(
        notices=notices,
        alarms=alarms,
        illness=IllnessNotices(board.post, channel, posted.keys, slack.standing.sentences),
        budget_watch=budget_watch,
        spend_guard=SpendGuard(
            desk, catalogue, usage, budget_watch, SpendLimitAlarm(alarms), OutageAlarms(alarms)
        ),
        digest_publisher=DigestPublisher(
            store, desk, DigestReader(store, desk, usage), digest_channel, alarms=alarms
        ),
        shelf_news=ShelfNews(store, notices, alarms),
    )


def ticket_services(
    opened: Resources, slack: WorkspaceServices, workflows: Workflows, alarms: Alarms
) -> TicketServices:
    """Tickets, and what people see of them.

    Raises:
        SettingsError: a secret of a webhook or a tracker is not set, or no good.
    """
    store, desk, workspace = opened.store, opened.desk, slack.workspace
    hooks = desk.webhooks
    named = {each.secret for each in hooks.values()} | {t.token for t in desk.trackers.values()}
    secrets = secrets_of(named, opened.settings.env_file)
    moment, crowd = opened.settings.slack_moment, opened.settings.claude_in_flight
    modes = ChannelModes(desk, store)
    streams = AnswerStreams(workspace, store, moment)
    signs = SignKeeper(store, workspace, moment, crowd, workflows.replicas)
    cards = CardKeeper(store, workspace, desk, signs, workflows.replicas)
    outbox = Outbox(workflows, store, workspace, cards)
    return TicketServices(
        modes=modes,
        streams=streams,
        cards=cards,
        signs=signs,
        outbox=outbox,
        proposals=Proposals(
            workflows=workflows,
            store=store,
            toolbox=opened.toolbox,
            tools=desk.tools,
            cards=cards,
            outbox=outbox,
        ),
        private_files=PrivateFiles(store, outbox),
        timers=TicketTimers(store, outbox, cards, desk, modes),
        actions=TicketActions(store, cards, outbox, modes, streams),
        feedback=AnswerFeedback(store, cards, outbox, modes),
        issues=Issues(
            store=store,
            trackers=desk.trackers,
            secrets=secrets,
            desk=desk.desk.name,
            private=slack.permissions.private,
            cards=cards,
            outbox=outbox,
        ),
        webhooks=Webhooks(store, hooks, secrets, desk.desk.name, slack.permissions.privacy, alarms),
    )


def message_services(
    opened: Resources,
    workflows: Workflows,
    slack: WorkspaceServices,
    threads: ThreadReader,
    knowledge: KnowledgeServices,
    costs: CostServices,
    tickets: TicketServices,
) -> MessageServices:
    """The story of a message, from its intake on."""
    store, workspace = opened.store, slack.workspace
    catch_up = CatchUp()
    intake = Intake(
        workflows=workflows,
        store=store,
        modes=tickets.modes,
        streams=tickets.streams,
        cards=tickets.cards,
        signs=tickets.signs,
        catch_up=catch_up,
    )
    revisions = Revisions(store, intake, tickets.cards, tickets.outbox)
    stages = story_stages(opened, workflows, slack, threads, knowledge, costs, tickets)
    return MessageServices(
        catch_up=catch_up,
        intake=intake,
        revisions=revisions,
        pipeline=Pipeline(workflows, store, opened.desk, intake, revisions, stages),
        forms=FormTickets(workflows, store, workspace, intake),
        codes=AccountCodes(connections_of(opened), workspace),
    )


def nightly_services(
    opened: Resources,
    workflows: Workflows,
    workspace: Workspace,
    sync: KnowledgeSync,
    costs: CostServices,
) -> NightlyServices:
    """What nobody asks for by a message."""
    store, desk, claude, slack = opened.store, opened.desk, opened.claude, opened.slack
    article_drafts = ArticleDrafts(
        store,
        workspace,
        SlackArticleDraftBoard(slack.client, slack.poster, desk.desk.agents_channel),
        desk.desk.knowledge[0],
        sync.keep,
        workflows.replicas,
    )
    return NightlyServices(
        article_drafts=article_drafts,
        run=NightlyRun(
            store=store,
            desk=desk,
            claude=claude,
            spend_guard=costs.spend_guard,
            alarms=costs.alarms,
            notices=costs.notices,
            workspace=workspace,
            article_drafts=article_drafts,
        ),
        monitor=Monitor(store, desk, claude, costs.alarms, costs.budget_watch),
    )
