"""Thanks and okay for what was done: settled by a rule, where a rule can be sure."""

from bot.answers.answer import Answer
from bot.answers.gate import Verdict
from bot.pipeline.record import MessageContext
from bot.text.phrases import phrase
from bot.triage.classifier import Triaged
from bot.triage.courtesies import courtesy_in
from storage.answers import posted
from storage.db.database import Database


async def assess_courtesy(store: Database, context: MessageContext, text: str) -> Triaged | None:
    """What a message is that only says thanks or okay for what was done; None asks the model.

    An okay may be the answer to a question, so it closes only an answer that asked none.
    """
    ticket = context.ticket
    found = courtesy_in(text) if ticket.waiting and not context.inbound.files else None
    if found is None:
        return None
    kind, language = found
    if kind == "okay":
        said = await store.read(posted.last_answer, ticket.ticket_id)
        if said is None or "?" in said:
            return None
    return Triaged(text=text, polite=kind, language=ticket.language or language)


def courtesy_answer(context: MessageContext) -> Answer | None:
    """The desk's own polite words; None where the bot says nothing."""
    chosen, triaged = context.route, context.triaged
    if chosen is None or triaged is None or triaged.polite is None or chosen.publish == "nowhere":
        return None
    drafts = chosen.publish == "draft"
    verdict = Verdict(outcome="suggest" if drafts else "send", reason="thanks want no facts")
    return Answer(text=phrase(triaged.polite, context.language), verdict=verdict)
