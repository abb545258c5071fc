"""What people decide about drafts of articles, each as one transaction that counts once."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from storage.actions.acts import ActKey, AlreadyDone
from storage.db.columns import utc_now
from storage.intake import idempotency
from storage.knowledge import articles
from storage.knowledge.values import Article
from storage.nightly import article_drafts, nights
from storage.nightly.article_drafts import ArticleDraftText
from storage.tickets import changes
from storage.tickets.tables import Message


def approve_once(session: Session, key: ActKey, number: int) -> None:
    """Let a draft become an article.

    Raises:
        AlreadyDone: the act was carried out before.
        NoArticleDraft, AlreadyDecided: it no longer waits.
        PersonalDataFound: something of the customer's stands in it.
    """
    _count(session, key)
    article_drafts.approve_article_draft(session, number, key.by.who, utc_now())


def reject_once(session: Session, key: ActKey, number: int, reason: str) -> None:
    """Let a draft be none, and keep why; raises as `approve_once` does."""
    _count(session, key)
    article_drafts.reject_article_draft(session, number, key.by.who, reason, utc_now())


def edit_once(session: Session, key: ActKey, number: int, wording: ArticleDraftText) -> None:
    """Change what a draft says; raises as `approve_once` does."""
    _count(session, key)
    article_drafts.edit_article_draft(session, number, wording, key.by.who)


def file_without_folder(
    session: Session, number: int, written: Article, where: str, problem: str
) -> str:
    """File an approved draft without a file, because of a problem; answers its source."""
    articles.store_articles(session, [written], where)
    article_drafts.article_draft_filed(session, number, written.source, problem)
    return written.source


@dataclass(frozen=True)
class AskedInTicket:
    """Who asked in a ticket, what was said, oldest first, and the order numbers in it."""

    requester: str
    said: Sequence[Message]
    orders: tuple[str, ...]


def asked_in_ticket(session: Session, number: int) -> AskedInTicket:
    """What a text that is made from a ticket is checked against.

    Raises:
        NoTicket: there is none.
    """
    return AskedInTicket(
        changes.get_ticket(session, number).requester_id,
        nights.messages_said(session, number),
        nights.order_numbers(session, number),
    )


def _count(session: Session, key: ActKey) -> None:
    if not idempotency.first_time(session, key.key):
        raise AlreadyDone
