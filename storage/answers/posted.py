"""The bot's own answers, as they stand in customers' threads."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.tickets.tables import Message, Post


def last_answer(session: Session, ticket_id: int) -> str | None:
    """The bot's answer, if it was the last thing that the desk said on a ticket; or None."""
    query = (
        select(Message)
        .where(col(Message.ticket_id) == ticket_id, col(Message.author) != "customer")
        .order_by(col(Message.ts).desc())
        .limit(1)
    )
    last = session.scalars(query).first()
    if last is None:
        return None
    answers = select(col(Post.ts)).where(
        col(Post.ticket_id) == ticket_id, col(Post.kind) == "answer"
    )
    return last.text if last.ts in set(session.scalars(answers)) else None


def find_answer(session: Session, about: str) -> Post | None:
    """The answer to the message with the key `about`, or None."""
    return session.get(Post, f"{about}:answer")


def answer_at(session: Session, about: str, channel: str, ts: str) -> Post | None:
    """The same, if that is what stands there."""
    post = find_answer(session, about)
    return post if post is not None and (post.channel_id, post.ts) == (channel, ts) else None
