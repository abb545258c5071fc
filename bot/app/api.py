"""The API of a running desk: the services, as programs may use them."""

from bot.answers.answerer import Answerer
from bot.api.asking import ProgramQuestions
from bot.api.callers import Callers
from bot.api.connecting import ConnectionPage
from bot.api.service import DeskOperations
from bot.api.site import ApiSite
from bot.app.services import Services
from bot.app.stages import connections_of
from bot.config.environment import secrets_of
from bot.triage.classifier import Classifier


def api_site(services: Services) -> ApiSite | None:
    """The site; None where no port is given for it.

    Raises:
        SettingsError: a token is not set, or no good.
    """
    opened, tickets = services.opened, services.tickets
    store, desk, settings, claude = opened.store, opened.desk, opened.settings, opened.claude
    if settings.api_port is None:
        return None
    names = {each.token for each in desk.api.values()}
    callers = Callers(desk.api, secrets_of(names, settings.env_file))
    search = services.knowledge.search
    questions = ProgramQuestions(
        store=store,
        desk=desk,
        team=opened.installation.team,
        classifier=Classifier(claude, desk, settings, search.languages),
        answerer=Answerer(claude, desk, settings),
        search=search,
        spend_guard=services.costs.spend_guard,
    )
    operations = DeskOperations(
        store=store,
        desk=desk,
        team=opened.installation.team,
        actions=tickets.actions,
        forms=services.messages.forms,
        questions=questions,
        private=services.workspace.permissions.private,
        people=services.workspace.people,
    )
    connections = connections_of(opened)
    page = (
        ConnectionPage(connections, services.workspace.workspace, desk.desk.name)
        if connections
        else None
    )
    categories = [intent.name for intent in desk.intents]
    return ApiSite(operations, callers, desk.desk.name, categories, page)
