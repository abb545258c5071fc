"""Attached files, fetched from Slack with the bot's token, and from nowhere else.

The address of a file comes in with a message, so it is checked before the token goes out to it:
only Slack's own hosts by https, or the very host that `SLACK_API_URL` names. Redirects are not
followed: for a file that the bot may not see Slack leads to its sign-in page, by a redirect or
with status 200.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.attachments.files import CannotFetch
from bot.messages.inbound import File
from bot.text.hidden import without_steering
from bot.workspace.app_standing import AppStanding
from bot.workspace.failures import CannotPost
from handlers.web_api.app_refusals import when_taken

SLACK = "slack.com"
CHUNK = 64 * 1024
# Attempts for a failure that may pass; seconds for one.
ATTEMPTS = 3
TIMEOUT = 30.0
# What Slack calls a canvas; its content is a page.
CANVASES = frozenset({"quip", "canvas"})
CANVAS_PAGE = "application/vnd.slack-docs"
# What Slack calls a List. It is kept as JSON of ids; its rows are given as a sheet, in the view
# that it opens with.
LISTS = frozenset({"list"})
# What Slack says of a clip whose words it is writing down, and how often it is asked for them.
UNWRITTEN = "processing"
LOOKS = 10
# Slack's own pages end so, its sign-in page among them; a canvas has no title or its own.
_SIGN_IN = re.compile(rb"<title>[^<]*\|\s*Slack\s*</title>", re.IGNORECASE)

log = structlog.get_logger("slack")


class SlackFiles:
    """Carries out what `bot.attachments.files.Files` promises."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        standing: AppStanding | None = None,
        timeout: float = TIMEOUT,
        moment: float = 2.0,
    ) -> None:
        """`moment` is how many seconds pass between two looks for the words of a clip."""
        self._client = client
        self._session = session
        self._standing = standing or AppStanding(TIMEOUT)
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._moment = moment
        self._api = urlsplit(client.base_url)

    async def fetch(self, file: File, most: int) -> bytes:
        """The bytes of a file; raises CannotFetch.

        A token that Slack does not take any more looks like a file that is not for the bot: then
        Slack is asked, and the file once more when the app is taken again.
        """
        while True:
            try:
                return await self._fetch(file, most)
            except CannotFetch as error:
                if error.problem != "refused" or not await self._standing.doubt():
                    raise
            await self._standing.taken()

    async def _fetch(self, file: File, most: int) -> bytes:
        if file.size > most:
            raise CannotFetch("large")
        url = file.url or (await self.described(File(id=file.id, name=file.name))).url
        if not token_may_go(urlsplit(url), self._api):
            log.warning("file is elsewhere", file=file.id, host=urlsplit(url).hostname)
            raise CannotFetch("elsewhere")
        for left in reversed(range(ATTEMPTS)):
            try:
                return await self._download(url, most, page=file.mimetype == CANVAS_PAGE)
            except (aiohttp.ClientError, TimeoutError) as error:
                log.warning("file not fetched", file=file.id, error=type(error).__name__)
                if not left or isinstance(error, TimeoutError):
                    break
        raise CannotFetch("away")

    async def described(self, file: File) -> File:
        """The file with its name, type and address: one from another workspace has only its id.

        Raises:
            CannotFetch: Slack does not let the bot see it, or cannot be reached.
        """
        if file.known:
            return file
        return await self._words_of(file) if file.part_of else read_file(await self._info(file.id))

    async def _words_of(self, file: File) -> File:
        """The captions of a clip, as soon as Slack has written them."""
        for left in reversed(range(LOOKS)):
            clip = await self._info(file.part_of)
            written = clip.get("transcription") or {}
            if not left or written.get("status") != UNWRITTEN:
                break
            await asyncio.sleep(self._moment)
        url = clip.get("vtt")
        if not isinstance(url, str) or not url:
            raise CannotFetch("recording")
        return file.model_copy(update={"mimetype": "text/vtt", "url": url})

    async def _info(self, file_id: str) -> Mapping[str, Any]:
        """What Slack says of a file now."""
        try:
            asked = await when_taken(self._standing, lambda: self._client.files_info(file=file_id))
        except SlackApiError as error:
            log.warning("file not found", file=file_id, error=error.response.get("error"))
            raise CannotFetch("refused") from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise CannotFetch("away") from error
        found: Mapping[str, Any] = asked["file"]
        return found

    async def upload(self, url: str, content: bytes) -> None:
        """Bring bytes to the address that Slack gave for them; no token goes there.

        Raises:
            CannotPost: Slack will not take them.
            aiohttp.ClientError, TimeoutError: it may later.
        """
        async with self._session.post(
            url,
            data=content,
            headers={"Content-Type": "application/octet-stream"},
            timeout=self._timeout,
            proxy=self._client.proxy or None,
        ) as response:
            if 400 <= response.status < 500 and response.status != 429:
                raise CannotPost(f"Slack refused an upload: {response.status}")
            response.raise_for_status()

    async def _download(self, url: str, most: int, *, page: bool) -> bytes:
        headers = {"Authorization": f"Bearer {self._client.token}"}
        async with self._session.get(
            url,
            headers=headers,
            allow_redirects=False,
            timeout=self._timeout,
            proxy=self._client.proxy or None,
        ) as response:
            if response.status >= 500 or response.status == 429:
                response.raise_for_status()
            # A sign-in page in place of the file; a canvas is a page itself.
            a_page = response.content_type == "text/html"
            if response.status != 200 or (a_page and not page):
                log.warning("file refused", status=response.status, kind=response.content_type)
                raise CannotFetch("refused")
            taken = bytearray()
            async for piece in response.content.iter_chunked(CHUNK):
                taken += piece
                if len(taken) > most:
                    raise CannotFetch("large")
            if a_page and _SIGN_IN.search(taken):
                log.warning("file refused", status=response.status, kind="sign-in page")
                raise CannotFetch("refused")
            return bytes(taken)


def read_file(raw: Mapping[str, Any], *, quoted: bool = False, part_of: str = "") -> File:
    """A file as the desk handles it; what Slack leaves out of it is empty.

    Its name is somebody's text, and turns none around that it is put into.
    """
    said = {name: value if isinstance(value, str) else "" for name, value in raw.items()}
    size, kind = raw.get("size"), said.get("filetype")
    titled = kind in CANVASES or kind in LISTS
    names = ("title", "name") if titled else ("name", "title")
    mimetype, url = said.get("mimetype", ""), said.get("url_private", "")
    if kind in CANVASES:
        mimetype = CANVAS_PAGE
    elif kind in LISTS:
        url = said.get("list_csv_download_url", "")
        mimetype, size = "text/csv" if url else "", 0
    return File(
        id=said.get("id", ""),
        name=without_steering(next((named for name in names if (named := said.get(name))), "")),
        mimetype=mimetype,
        size=size if isinstance(size, int) and size > 0 else 0,
        url=url,
        quoted=quoted,
        part_of=part_of,
    )


def token_may_go(url: SplitResult, api: SplitResult) -> bool:
    """Whether the bot's token may go to this address."""
    if (url.scheme, url.netloc) == (api.scheme, api.netloc):
        return True
    host = url.hostname or ""
    known = host == SLACK or host.endswith(f".{SLACK}")
    return url.scheme == "https" and known and url.username is None and url.port in (None, 443)
