"""Customers who connect their account by a link that the desk's own system signs.

The desk sends somebody a link to that system, with a `state` that stands for this person in Slack.
The system knows who is logged in there, and sends them back with a signature over that state, the
customer, and the moment until which it counts. Who holds the secret decides who is who, and nobody
else: neither a state nor a signature alone is worth anything.
"""

import hmac
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.config.environment import require_length
from bot.messages.inbound import IncomingMessage
from bot.text.phrases import Phrase
from bot.values import Frozen
from storage.customers import connections
from storage.customers.connections import CodeOutcome, ConnectionLink
from storage.db.columns import utc_now
from storage.db.database import Database

GOOD_FOR = timedelta(hours=1)
LONGEST_CUSTOMER = 200
LEAST_SECRET = 32
MOST_TRIES = 5
# As it is shown, and as people and their keyboards write it: bold, with a full stop, with a dash.
_CODE = re.compile(r"[*_`~\s]*([0-9]{3})[\s\-\u2010-\u2015]{0,3}([0-9]{3})[*_`~\s.!]*")
_STATE = re.compile(r"[0-9a-f]{64}")
_EXPIRES = re.compile(r"[0-9]{1,12}")


class SignedConnection(Frozen):
    """What the system has signed: this customer is whoever was sent that state, until then."""

    state: str
    customer: str
    expires: int
    signature: str


class TypedCode(Frozen):
    """What came of a code; `outcome` is None for a message that was heard before."""

    outcome: CodeOutcome | None = None
    language: str | None = None


class NotConnected(Exception):
    """The link connects nobody; `why` names the sentence that says what to do."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why)
        self.why: Phrase = why


class Connections:
    """Links made, signatures read, and who has connected what."""

    def __init__(self, store: Database, secret: str, template: str, days: int) -> None:
        self._store = store
        self._secret = secret.encode()
        self._template = template
        self._days = timedelta(days=days)

    async def customer_of(self, inbound: IncomingMessage) -> str | None:
        """Who the author of a message is, by an account that they connected not too long ago."""
        place = (inbound.team, inbound.user)
        account = await self._store.read(connections.connected_account, *place)
        if account is None or utc_now() - account.connected_at > self._days:
            return None
        return account.customer

    async def link_for(self, inbound: IncomingMessage, language: str | None) -> str | None:
        """A link for the author of a message; None where they have one that is good.

        For the same message it is the same.
        """
        state = self._state(inbound)
        link = ConnectionLink(
            state=state,
            team_id=inbound.team,
            user_id=inbound.user,
            language=language,
            expires_at=utc_now() + GOOD_FOR,
        )
        if not await self._store.write(connections.put_link, link):
            return None
        return self._template.replace("{state}", state).replace("{user}", inbound.user)

    async def drop(self, inbound: IncomingMessage) -> None:
        """The link for the author of a message could not be sent."""
        await self._store.write(connections.drop_link, self._state(inbound))

    async def whose(self, sent: Mapping[str, str]) -> tuple[SignedConnection, ConnectionLink]:
        """What is signed, and the link that it is about, where it can be used still.

        Raises:
            NotConnected: it is not signed, over, used, or about no link of ours.
        """
        signed = self._signed(sent)
        link = await self._store.read(connections.find_link, signed.state)
        if link is None:
            raise NotConnected("connect_over")
        return signed, link

    async def claim(self, sent: Mapping[str, str]) -> tuple[ConnectionLink, str]:
        """Note whom the link's person would be connected with; and the code that they have to type.

        Raises:
            NotConnected: as `whose`.
        """
        signed = self._signed(sent)
        link = await self._store.write(connections.claim_link, signed.state, signed.customer)
        if link is None:
            raise NotConnected("connect_over")
        return link, self._code(link)

    async def typed(self, inbound: IncomingMessage) -> TypedCode | None:
        """What comes of a code that somebody typed to the desk alone; None for any other message.

        Who is talked into opening the pages for somebody else would have to tell them the code.
        """
        typed = _CODE.fullmatch(unicodedata.normalize("NFKC", inbound.text))
        if typed is None or not inbound.channel.startswith("D"):
            return None
        if await self._store.read(connections.was_typed, inbound.key):
            return TypedCode()
        place = (inbound.team, inbound.user)
        link = await self._store.read(connections.claimed_link, *place)
        if link is None:
            return None
        right = hmac.compare_digest(self._code(link), typed[1] + typed[2])
        customer = link.customer if right else None
        outcome = await self._store.write(
            connections.try_code, inbound.key, link.state, customer, MOST_TRIES
        )
        return TypedCode(outcome=outcome, language=link.language)

    def _code(self, link: ConnectionLink) -> str:
        """Six figures that only the page of this link and this customer shows."""
        signature = self._signature("code", link.state, link.customer or "")
        return f"{int(signature, 16) % 10**6:06d}"

    def _state(self, inbound: IncomingMessage) -> str:
        return self._signature("link", inbound.key)

    def _signed(self, sent: Mapping[str, str]) -> SignedConnection:
        state, customer = sent.get("state", ""), sent.get("customer", "")
        expires, signature = sent.get("expires", ""), sent.get("signature", "")
        whole = (
            _STATE.fullmatch(state)
            and customer == customer.strip()
            and customer.isprintable()
            and 0 < len(customer) <= LONGEST_CUSTOMER
            and _EXPIRES.fullmatch(expires)
            and signature.isascii()
        )
        if not whole or not hmac.compare_digest(
            self._signature(state, customer, expires), signature
        ):
            raise NotConnected("connect_bad")
        until = int(expires)
        now = datetime.now(UTC).timestamp()
        if not now < until <= now + GOOD_FOR.total_seconds():
            raise NotConnected("connect_over")
        return SignedConnection(state=state, customer=customer, expires=until, signature=signature)

    def _signature(self, *lines: str) -> str:
        """HMAC-SHA-256 over the lines, in hexadecimal."""
        return hmac.new(self._secret, "\n".join(lines).encode(), "sha256").hexdigest()


def linking_secret(variable: str, secrets: Mapping[str, str]) -> str:
    """What the shop and the desk share, in a variable.

    Raises:
        SettingsError: it is short, so that it could be guessed.
    """
    secret = secrets[variable]
    require_length(variable, secret, LEAST_SECRET)
    return secret
