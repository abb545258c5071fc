"""The page on which somebody connects their account: opened from the shop, with its signature.

Opening it connects nothing, for programs open links as well; nor does its button: it shows a code,
which the person in Slack has to type there.
"""

import html
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from urllib.parse import parse_qsl

import structlog
from aiohttp import web

from bot.api.request_body import body_of
from bot.text.phrases import phrase
from bot.tools.connections import Connections, NotConnected
from bot.workspace.failures import CannotPost
from bot.workspace.port import Workspace
from bot.workspace.posts import Reply
from storage.customers.connections import ConnectionLink

PATH = "/connect"
FIELDS = ("state", "customer", "expires", "signature")
MOST_FIELDS = 16
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
STYLE = "body{font:1.1rem/1.5 sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}"

Sent = Mapping[str, str]
Work = Callable[[Sent], Awaitable[web.Response]]

log = structlog.get_logger("api")


class ConnectionPage:
    """Asks whether it is they, and connects."""

    def __init__(self, connections: Connections, workspace: Workspace, desk: str) -> None:
        self._connections = connections
        self._workspace = workspace
        self._desk = desk

    async def ask(self, request: web.Request) -> web.Response:
        """Say whose account is to be connected with whom in Slack, with a button."""
        return await self._answer(request, _once(request.query), self._asked)

    async def connect(self, request: web.Request) -> web.Response:
        """The button was pressed."""
        return await self._answer(request, _once(await _form(request)), self._connected)

    async def _answer(self, request: web.Request, sent: Sent, work: Work) -> web.Response:
        language = request.headers.get("Accept-Language", "")[:2].lower()
        try:
            return await work(sent)
        except NotConnected as error:
            return self._page(phrase(error.why, language), language, status=400)
        except CannotPost:
            return self._page(phrase("connect_later", language), language, status=503)

    async def _asked(self, sent: Sent) -> web.Response:
        signed, link = await self._connections.whose(sent)
        names = await self._workspace.names(link.user_id)
        if not names:
            raise NotConnected("connect_later")
        said = partial(phrase, language=link.language, person=" / ".join(names))
        inputs = "".join(
            f'<input type="hidden" name="{each}" value="{html.escape(sent[each])}">'
            for each in FIELDS
        )
        return self._page(
            said("connect_ask", customer=signed.customer),
            link.language,
            f"<p><b>{html.escape(said('connect_warning'))}</b></p>"
            f'<form method="post" action="{PATH}">{inputs}'
            f"<button>{html.escape(said('connect_yes'))}</button></form>",
        )

    async def _connected(self, sent: Sent) -> web.Response:
        link, code = await self._connections.claim(sent)
        log.info("account claimed", user=link.user_id)
        await self._tell(link)
        said = partial(phrase, language=link.language)
        warning = f"<p><b>{html.escape(said('connect_code_warning'))}</b></p>"
        return self._page(
            said("connect_code", code=f"{code[:3]} {code[3:]}"), link.language, warning
        )

    async def _tell(self, link: ConnectionLink) -> None:
        """The person in Slack is asked for the code, and for nothing where it was not them.

        Raises:
            CannotPost: they cannot be; then there is nowhere to type it.
        """
        words = Reply(
            key=f"connected:{link.state}",
            kind="line",
            channel=await self._workspace.direct(link.user_id),
            thread_ts=None,
            text=phrase("connect_type", link.language),
        )
        await self._workspace.say(words, recovered=False)

    def _page(
        self, sentence: str, language: str | None, more: str = "", status: int = 200
    ) -> web.Response:
        name, tongue = html.escape(self._desk), html.escape(language or "en")
        return web.Response(
            status=status,
            content_type="text/html",
            charset="utf-8",
            headers=HEADERS,
            text=(
                f'<!doctype html><html lang="{tongue}"><meta charset="utf-8"><title>{name}</title>'
                f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
                f"<h1>{name}</h1><p>{html.escape(sentence)}</p>{more}</html>"
            ),
        )


def _once(given: Mapping[str, object]) -> Sent:
    """The fields that the page knows, as text."""
    return {name: value for name in FIELDS if isinstance(value := given.get(name), str)}


async def _form(request: web.Request) -> Mapping[str, str]:
    """The fields of a form that a browser sent."""
    body = (await body_of(request)).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}
