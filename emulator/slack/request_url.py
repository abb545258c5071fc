"""HTTP instead of sockets: signed requests to the address that the app has given."""

import asyncio
import hashlib
import hmac
import json
import secrets
import ssl
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp

from emulator.slack.delivery import Delivery
from emulator.slack.dispatch import Dispatch
from emulator.slack.wire import JSON, dump

USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
FORM = "application/x-www-form-urlencoded"
MOST_REDIRECTS = 2


class RequestURL:
    """Delivers events as JSON, commands and interactions as forms, all to one address."""

    def __init__(
        self, url: str, secret: str, dispatch: Dispatch, session: aiohttp.ClientSession
    ) -> None:
        self.url, self._secret = url, secret
        self._dispatch, self._session = dispatch, session
        self._requests: set[asyncio.Task[None]] = set()

    async def verify(self) -> None:
        """Slack's question before it takes an address; raises ValueError for a wrong answer."""
        challenge = secrets.token_urlsafe(32)
        body = dump({"token": "emulator", "challenge": challenge, "type": "url_verification"})
        async with self._session.post(
            self.url, data=body, headers=self._headers(body, "application/json")
        ) as response:
            answer = await response.text()
        if response.status != 200 or challenge not in answer:
            raise ValueError(f"the address did not return the challenge: {response.status}")

    def carry(self, delivery: Delivery) -> bool:
        """Send a request; whether anybody is there is found out on the way."""
        task = asyncio.create_task(self._post(delivery))
        self._requests.add(task)
        task.add_done_callback(self._requests.discard)
        return True

    def stop(self) -> None:
        """Give up what is on its way."""
        for task in self._requests:
            task.cancel()

    async def _post(self, delivery: Delivery) -> None:
        self._dispatch.sent(delivery, "http_timeout")
        body, kind = written(delivery)
        headers = self._headers(body, kind) | _retry_headers(delivery)
        reason, again = "", True
        try:
            async with (
                asyncio.timeout(self._dispatch.ack_timeout),
                self._session.post(
                    self.url, data=body, headers=headers, max_redirects=MOST_REDIRECTS + 1
                ) as response,
            ):
                text = await response.text()
        except TimeoutError:
            reason = "http_timeout"
        except aiohttp.TooManyRedirects:
            reason = "too_many_redirects"
        except (aiohttp.ClientSSLError, ssl.SSLError):
            reason = "ssl_error"
        except (aiohttp.ClientError, ConnectionError):
            reason = "connection_failed"
        else:
            if 200 <= response.status < 300:
                self._dispatch.acknowledged(delivery, _said(text))
                return
            reason = "http_error"
            again = response.headers.get("x-slack-no-retry") != "1"
        self._dispatch.failed(delivery, reason, again=again)

    def _headers(self, body: str, kind: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        return {
            "Content-Type": kind,
            "User-Agent": USER_AGENT,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }


def signature(secret: str, timestamp: str, body: str) -> str:
    """The `v0` signature of a request."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def written(delivery: Delivery) -> tuple[str, str]:
    """The body of a request, and its content type."""
    match delivery.type:
        case "events_api":
            return dump(delivery.payload), "application/json"
        case "slash_commands":
            return urlencode(_plain(delivery.payload)), FORM
        case _:
            return urlencode({"payload": dump(delivery.payload)}), FORM


def _plain(payload: JSON) -> Mapping[str, str]:
    return {name: str(value) for name, value in payload.items()}


def _retry_headers(delivery: Delivery) -> dict[str, str]:
    if not delivery.attempt:
        return {}
    return {
        "X-Slack-Retry-Num": str(delivery.attempt),
        "X-Slack-Retry-Reason": delivery.reason,
    }


def _said(text: str) -> JSON:
    """What the app answers to a command or an act: JSON, or the plain words of a reply."""
    if not text.strip():
        return {}
    try:
        said = json.loads(text)
    except json.JSONDecodeError:
        return {"text": text}
    return said if isinstance(said, dict) else {"text": text}
