"""The stages of the story, wired to what they need."""

from bot.answers.answerer import Answerer
from bot.answers.reuse import AnswerReuse
from bot.answers.streaming import AnswerStreams
from bot.attachments.reader import AttachmentReader
from bot.config.desk import Desk
from bot.costs.spending import SpendGuard
from bot.knowledge.search import KnowledgeSearch
from bot.pipeline.act import Publisher
from bot.pipeline.answer import Composer
from bot.pipeline.assess import Assessor
from bot.pipeline.gather import Gatherer
from bot.pipeline.pipeline import Stages
from bot.pipeline.read import ReadStage
from bot.pipeline.record import Recorder
from bot.runtime.workflows import Workflows
from bot.tickets.cards import CardKeeper
from bot.tickets.outbox import Outbox
from bot.triage.classifier import Classifier
from bot.workspace.port import ThreadReader, Workspace
from storage.db.database import Database


def build_stages(  # noqa: PLR0913 - called in one place, by name
    *,
    workflows: Workflows,
    store: Database,
    desk: Desk,
    workspace: Workspace,
    threads: ThreadReader,
    streams: AnswerStreams,
    attachments: AttachmentReader,
    classifier: Classifier,
    reuse: AnswerReuse,
    knowledge_search: KnowledgeSearch,
    answerer: Answerer,
    cards: CardKeeper,
    outbox: Outbox,
    spend_guard: SpendGuard,
) -> Stages:
    """Give each stage what it needs, and nothing else."""
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
            reuse=reuse,
            spend_guard=spend_guard,
            attachments=attachments,
            classifier=classifier,
        ),
        answer=Composer(
            workflows=workflows,
            desk=desk,
            spend_guard=spend_guard,
            knowledge_search=knowledge_search,
            answerer=answerer,
            attachments=attachments,
            streams=streams,
        ),
        act=Publisher(store, workspace, cards),
        record=Recorder(
            store=store,
            desk=desk,
            workspace=workspace,
            cards=cards,
            outbox=outbox,
            spend_guard=spend_guard,
        ),
    )
