"""The stages of the story, each joined with what it needs and nothing else."""

from bot.answers.answerer import Answerer
from bot.answers.reuse import AnswerReuse
from bot.app.resources import Resources
from bot.app.services import (
    CostServices,
    KnowledgeServices,
    TicketServices,
    WorkspaceServices,
)
from bot.attachments.reader import AttachmentReader
from bot.config.settings import SettingsError
from bot.pipeline.act import Publisher
from bot.pipeline.answer import Composer
from bot.pipeline.assess import Assessor
from bot.pipeline.gather import Gatherer
from bot.pipeline.pipeline import Stages
from bot.pipeline.read import ReadStage
from bot.pipeline.record import Recorder
from bot.pipeline.research import Researcher
from bot.runtime.workflows import Workflows
from bot.tools.connections import Connections, linking_secret
from bot.tools.customers import Customers
from bot.triage.classifier import Classifier
from bot.workspace.port import ThreadReader


def story_stages(
    opened: Resources,
    workflows: Workflows,
    slack: WorkspaceServices,
    threads: ThreadReader,
    knowledge: KnowledgeServices,
    costs: CostServices,
    tickets: TicketServices,
) -> Stages:
    """What each stage is done by."""
    store, desk, settings, claude = opened.store, opened.desk, opened.settings, opened.claude
    spend_guard, workspace = costs.spend_guard, slack.workspace
    attachments = AttachmentReader(workflows, slack.files, claude, desk, opened.readers)
    answerer = Answerer(claude, desk, settings)
    return Stages(
        gather=Gatherer(workflows, threads),
        read=ReadStage(
            workflows=workflows,
            store=store,
            attachments=attachments,
            spend_guard=spend_guard,
            desk=desk,
            workspace=workspace,
        ),
        assess=Assessor(
            workflows=workflows,
            store=store,
            desk=desk,
            reuse=AnswerReuse(store, desk),
            spend_guard=spend_guard,
            attachments=attachments,
            classifier=Classifier(claude, desk, settings, knowledge.search.languages),
        ),
        answer=Composer(
            workflows=workflows,
            desk=desk,
            spend_guard=spend_guard,
            knowledge_search=knowledge.search,
            answerer=answerer,
            attachments=attachments,
            streams=tickets.streams,
            researcher=Researcher(
                workflows=workflows,
                spend_guard=spend_guard,
                toolbox=opened.toolbox,
                customers=Customers(desk.customers, slack.people, connections_of(opened)),
                answerer=answerer,
                attachments=attachments,
                workspace=workspace,
            ),
        ),
        act=Publisher(store, workspace, desk),
        record=Recorder(
            store=store,
            desk=desk,
            workspace=workspace,
            cards=tickets.cards,
            outbox=tickets.outbox,
            proposals=tickets.proposals,
            spend_guard=spend_guard,
        ),
    )


def connections_of(opened: Resources) -> Connections | None:
    """Who has connected an account, where the desk lets people do so.

    Raises:
        SettingsError: there is no port for the links to lead to, or the secret is short.
    """
    config = opened.desk.customers
    if not config.connect or config.secret is None:
        return None
    if opened.settings.api_port is None:
        raise SettingsError("API_PORT is not set: customers.connect leads people back to it")
    secret = linking_secret(config.secret, opened.secrets)
    return Connections(opened.store, secret, config.connect, config.days)
