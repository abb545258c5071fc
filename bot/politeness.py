"""Thanks and okay for what was done: settled by a rule, where a rule can be sure."""

from bot.answering import Answer
from bot.courtesies import courtesy
from bot.gate import Verdict
from bot.journal import Journal
from bot.phrases import phrase
from bot.triage import Triaged
from storage import answers
from storage.database import Database


async def polite(store: Database, journal: Journal, text: str) -> Triaged | None:
    """What a message is that only says thanks or okay for what was done; None asks the model.

    An okay may be the answer to a question, so it closes only an answer that asked none.
    """
    ticket = journal.ticket
    found = courtesy(text) if ticket.waiting and not journal.inbound.files else None
    if found is None:
        return None
    kind, language = found
    if kind == "okay":
        said = await store.read(answers.said_last, ticket.ticket_id)
        if said is None or "?" in said:
            return None
    return Triaged(text=text, polite=kind, language=ticket.language or language)


def thanked(journal: Journal) -> Answer | None:
    """The desk's own polite words; None where the bot says nothing."""
    chosen, triaged = journal.route, journal.triaged
    if chosen is None or triaged is None or triaged.polite is None or chosen.publish == "nowhere":
        return None
    drafts = chosen.publish == "draft"
    verdict = Verdict(outcome="suggest" if drafts else "send", reason="thanks want no facts")
    return Answer(text=phrase(triaged.polite, journal.language), verdict=verdict)
