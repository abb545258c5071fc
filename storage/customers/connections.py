"""Accounts of the desk's systems that people in Slack have connected, and the links for that."""

from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert
from storage.db.rows import StoredRow

# What comes of a code that somebody typed.
CodeOutcome = Literal["connected", "wrong", "over"]


class ConnectionLink(StoredRow, table=True):
    """A link that somebody was sent; `state` is its secret name. It connects that person, once.

    `customer` is whom it would connect them with, by the shop's word, once they have typed the code
    in Slack that the page shows; `tries` are the wrong ones, `typed` the key of the latest message.
    """

    __tablename__ = "connection_links"

    state: str = Field(primary_key=True)
    team_id: str
    user_id: str
    language: str | None = None
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    customer: str | None = None
    tries: int = 0
    typed: str | None = None


class ConnectedAccount(StoredRow, table=True):
    """Who somebody in Slack is to the desk's systems, by the word of those systems."""

    __tablename__ = "connected_accounts"

    team_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    customer: str
    connected_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def put_link(session: Session, link: ConnectionLink) -> bool:
    """Keep a link; the same one twice is one. False where its person has another that is good.

    Those that are over go.
    """
    session.execute(delete(ConnectionLink).where(col(ConnectionLink.expires_at) < utc_now()))
    other = select(ConnectionLink).where(
        col(ConnectionLink.team_id) == link.team_id,
        col(ConnectionLink.user_id) == link.user_id,
        col(ConnectionLink.state) != link.state,
        col(ConnectionLink.used_at).is_(None),
    )
    if session.scalars(other.limit(1)).first() is not None:
        return False
    session.execute(insert(ConnectionLink).values(link.model_dump()).on_conflict_do_nothing())
    return True


def drop_link(session: Session, state: str) -> None:
    """A link that nobody was sent is worth nothing."""
    session.execute(delete(ConnectionLink).where(col(ConnectionLink.state) == state))


def find_link(session: Session, state: str) -> ConnectionLink | None:
    """A link that can still be used; None for any other."""
    link = session.get(ConnectionLink, state)
    good = link is not None and link.used_at is None and link.expires_at > utc_now()
    return link if good else None


def claim_link(session: Session, state: str, customer: str) -> ConnectionLink | None:
    """Note whom a link would connect its person with. None where it was used, or is over."""
    link = find_link(session, state)
    if link is not None:
        link.customer = customer
    return link


def claimed_link(session: Session, team_id: str, user_id: str) -> ConnectionLink | None:
    """The link by which somebody would be connected once they have said so, or None."""
    links = select(ConnectionLink).where(
        col(ConnectionLink.team_id) == team_id,
        col(ConnectionLink.user_id) == user_id,
        col(ConnectionLink.customer).is_not(None),
        col(ConnectionLink.used_at).is_(None),
        col(ConnectionLink.expires_at) > utc_now(),
    )
    return session.scalars(links.order_by(col(ConnectionLink.expires_at).desc()).limit(1)).first()


def was_typed(session: Session, key: str) -> bool:
    """Whether a message is the latest that was taken for a code."""
    link = select(ConnectionLink).where(col(ConnectionLink.typed) == key)
    return session.scalars(link.limit(1)).first() is not None


def try_code(
    session: Session, key: str, state: str, customer: str | None, most: int
) -> CodeOutcome:
    """What comes of a code that a link's person has typed, in the message of this key.

    It is the code for this customer, None for a wrong one; after `most` of them the link is over.
    """
    link = find_link(session, state)
    if link is None:
        return "over"
    link.typed = key
    if customer is None or customer != link.customer:
        link.tries += 1
        link.used_at = utc_now() if link.tries >= most else None
        return "over" if link.used_at else "wrong"
    link.used_at = utc_now()
    account = session.get(ConnectedAccount, (link.team_id, link.user_id))
    if account is None:
        account = ConnectedAccount(team_id=link.team_id, user_id=link.user_id, customer=customer)
    account.customer, account.connected_at = customer, utc_now()
    session.add(account)
    return "connected"


def connected_account(session: Session, team_id: str, user_id: str) -> ConnectedAccount | None:
    """The account that somebody has connected, or None."""
    return session.get(ConnectedAccount, (team_id, user_id))


def disconnect_account(session: Session, team_id: str, user_id: str) -> bool:
    """Forget whom somebody has connected; False where there is nobody."""
    gone = session.execute(
        delete(ConnectedAccount).where(
            col(ConnectedAccount.team_id) == team_id, col(ConnectedAccount.user_id) == user_id
        )
    )
    return bool(gone.rowcount)  # type: ignore[attr-defined]
