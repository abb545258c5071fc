"""What runs, by subject: the parts that `build` joins and everybody else is handed."""

from dataclasses import dataclass

from bot.answers.streaming import AnswerStreams
from bot.app.resources import Resources
from bot.costs.budget_watch import BudgetWatch
from bot.costs.monitor import Monitor
from bot.costs.spending import SpendGuard
from bot.health.illness import IllnessNotices
from bot.knowledge.rerank import Reranker
from bot.knowledge.search import KnowledgeSearch
from bot.knowledge.sync import KnowledgeSync
from bot.messages.channel_modes import ChannelModes
from bot.nightly.drafts import ArticleDrafts
from bot.nightly.run import NightlyRun
from bot.notices import Alarms, Notices
from bot.pipeline.account_codes import AccountCodes
from bot.pipeline.forms import FormTickets
from bot.pipeline.intake import Intake
from bot.pipeline.pipeline import Pipeline
from bot.pipeline.revisions import Revisions
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
from handlers.slack.agents import AgentRoster
from handlers.slack.files import SlackFiles
from handlers.slack.people import People
from handlers.slack.permalinks import Permalinks
from handlers.slack.permissions import Permissions
from handlers.slack.private_channels import PrivateChannels
from handlers.slack.status import AgentStatus
from handlers.slack.workspace import SlackWorkspace


@dataclass(frozen=True)
class WorkspaceServices:
    """The workspace as the desk sees it, and who may do what there."""

    workspace: SlackWorkspace
    files: SlackFiles
    agent_status: AgentStatus
    people: People
    roster: AgentRoster
    permissions: Permissions
    private_channels: PrivateChannels
    permalinks: Permalinks


@dataclass(frozen=True)
class KnowledgeServices:
    """The articles: kept in step with their sources, and searched.

    Websites are followed apart from what is on this machine, because they take minutes.
    """

    sync: KnowledgeSync
    websites: KnowledgeSync
    search: KnowledgeSearch
    reranker: Reranker | None


@dataclass(frozen=True)
class CostServices:
    """The guard of the money, and what people are told of it."""

    notices: Notices
    alarms: Alarms
    illness: IllnessNotices
    budget_watch: BudgetWatch
    spend_guard: SpendGuard
    digest_publisher: DigestPublisher
    shelf_news: ShelfNews


@dataclass(frozen=True)
class TicketServices:
    """Tickets: their cards, what is said in them, what people and time do to them."""

    modes: ChannelModes
    streams: AnswerStreams
    cards: CardKeeper
    signs: SignKeeper
    outbox: Outbox
    proposals: Proposals
    private_files: PrivateFiles
    timers: TicketTimers
    actions: TicketActions
    feedback: AnswerFeedback
    webhooks: Webhooks
    issues: Issues


@dataclass(frozen=True)
class MessageServices:
    """What makes tickets: messages, and forms."""

    catch_up: CatchUp
    intake: Intake
    revisions: Revisions
    pipeline: Pipeline
    forms: FormTickets
    codes: AccountCodes


@dataclass(frozen=True)
class NightlyServices:
    """What looks after the desk by itself: the nightly run, its drafts, the monitor."""

    article_drafts: ArticleDrafts
    run: NightlyRun
    monitor: Monitor


@dataclass(frozen=True)
class Services:
    """Everything that runs, joined."""

    opened: Resources
    workflows: Workflows
    scheduler: Scheduler
    workspace: WorkspaceServices
    knowledge: KnowledgeServices
    costs: CostServices
    tickets: TicketServices
    messages: MessageServices
    nightly: NightlyServices
