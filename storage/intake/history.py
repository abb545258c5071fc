"""What was said in a thread before it became a ticket, kept with the ticket."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db.insert import insert_new
from storage.tickets import bursts, messages, text_index
from storage.tickets.bursts import BurstMessages
from storage.tickets.tables import Message, Revision

HISTORY = "history"  # the outcome of a message that was said before the desk was called


def keep_history(session: Session, key: str, text: str, said: Sequence[Message]) -> BurstMessages:
    """Put what was said before a call into its ticket; what is in one already stays there.

    The call itself gets the words that it is about, unless it was edited; answers how it reads.

    Raises:
        NoResultFound: the call is not stored.
    """
    fresh = insert_new(session, said)
    text_index.index_text(session, [(each.ticket_id, each.key, each.text) for each in fresh])
    call = messages.find_message(session, key)
    if call is None:
        raise NoResultFound(key)
    edited = exists().where(col(Revision.message_key) == key)
    if call.text != text and not session.scalar(select(edited)):
        text_index.reindex_text(session, call.ticket_id, key, call.text, text)
        call.text = text
    return bursts.burst_of_message(session, call)
