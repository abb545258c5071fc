"""A Slack workspace on localhost, with one installed app."""

import secrets
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from emulator.slack import events, routes, sharing, timeline
from emulator.slack.channels import Channel
from emulator.slack.delivery import Delivery
from emulator.slack.dispatch import RETRY_SECONDS, Dispatch
from emulator.slack.faults import Faults
from emulator.slack.interactions import Interactions
from emulator.slack.messages import Message
from emulator.slack.other_bots import OtherBot
from emulator.slack.people import Person
from emulator.slack.request_url import RequestURL
from emulator.slack.scopes import SUPPORT_BOT
from emulator.slack.screen import Screen
from emulator.slack.sockets import Sockets
from emulator.slack.web import Call, Tokens, WebAPI
from emulator.slack.wire import JSON
from emulator.slack.workspace import Workspace

HOST = "127.0.0.1"


class SlackEmulator(Screen):
    """An asynchronous context manager that listens on a loopback port while it is open."""

    def __init__(
        self,
        *,
        port: int = 0,
        bot_name: str = "deskhand",
        team_name: str = "Emulated Team",
        scopes: Iterable[str] = SUPPORT_BOT,
        events: Iterable[str] | None = None,
        ack_timeout: float = 3.0,
        retry_delays: Sequence[float] = RETRY_SECONDS,
    ) -> None:
        self._port = port
        # A manifest says message.channels, message.im; the event inside is a message.
        self._subscribed = None if events is None else {name.split(".")[0] for name in events}
        self.faults, self._tokens = Faults(), Tokens()
        super().__init__(Workspace(bot_name, team_name, scopes))
        changed = self.workspace.changes.touch
        self.dispatch = Dispatch(self.faults, changed, ack_timeout, retry_delays)
        self.sockets = Sockets(self.workspace.app_id, self.dispatch, changed)
        self.dispatch.carrier = self.sockets
        self.signing_secret = secrets.token_hex(16)
        self._request_url: RequestURL | None = None
        self.web = WebAPI(self.workspace, self.faults, self._tokens)
        self._acts = Interactions(self.workspace, self.dispatch)
        self.workspace.ticket = self.sockets.ticket
        self.workspace.publish = self._publish
        self.workspace.hears = self._hears

    @property
    def delivered(self) -> bool:
        """Whether every event that was published has been acknowledged."""
        return self.dispatch.quiet

    def _hears(self, kind: str) -> bool:
        """Whether the app has subscribed to events of this type."""
        return self._subscribed is None or kind in self._subscribed

    def _publish(self, event: dict[str, object]) -> None:
        if not self._hears(str(event["type"])):
            return
        self.dispatch.publish(events.wrapped(event, self.workspace))

    async def __aenter__(self) -> Self:
        app = routes.application(self.workspace, self.web, self.sockets, self._tokens)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.workspace.base_url = f"http://{host}:{port}/"
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._request_url:
            self._request_url.stop()
        await self._session.close()
        await self.sockets.drop(hard=True)
        await self._runner.cleanup()

    # Where the app finds it

    @property
    def api_url(self) -> str:
        """The base address of the Web API, for SLACK_API_URL."""
        return f"{self.workspace.base_url}api/"

    @property
    def bot_token(self) -> str:
        """The xoxb token of the installed app."""
        return self._tokens.bot

    @property
    def app_token(self) -> str:
        """The xapp token for Socket Mode."""
        return self._tokens.app

    @property
    def team_id(self) -> str:
        """The workspace."""
        return self.workspace.team_id

    @property
    def app_id(self) -> str:
        """The installed app."""
        return self.workspace.app_id

    @property
    def bot_user_id(self) -> str:
        """The app's bot user."""
        return self.workspace.bot.id

    @property
    def bot_id(self) -> str:
        """The app's bot."""
        return str(self.workspace.bot.bot_id)

    async def use_request_url(self, url: str) -> None:
        """Deliver by signed requests to this address from now on, not over sockets.

        Raises ValueError when it does not return the challenge.
        """
        address = RequestURL(url, self.signing_secret, self.dispatch, self._session)
        await address.verify()
        self._request_url = self.dispatch.carrier = address

    # Setting the stage

    def add_user(
        self,
        name: str,
        *,
        real_name: str = "",
        locale: str = "en-US",
        tz: str = "Etc/UTC",
        email: str = "",
        guest: bool = False,
        team: str | None = None,
    ) -> Person:
        """A person with a Slack client; of another workspace's `team`, a stranger to ours."""
        member = self.workspace.add_member(name, real_name or name.title())
        member.guest, member.stranger = guest, team is not None
        member.team_id = team or member.team_id
        member.locale, member.tz = locale, tz
        member.email = email or f"{name}@example.com"
        return Person(self._acts, member)

    def add_bot(self, name: str) -> OtherBot:
        """The bot of another app."""
        app_id = self.workspace.new_id("A")
        return OtherBot(self._acts, self.workspace.add_member(name, name.title(), app_id=app_id))

    def add_channel(
        self,
        name: str,
        members: Iterable[Person | OtherBot] = (),
        *,
        private: bool = False,
        bot: bool = True,
        host: str | None = None,
    ) -> Channel:
        """A channel with these members, and the app's bot unless `bot` is False.

        `host` is the other workspace that a channel shared by Slack Connect is at home in.
        """
        ids = [member.id for member in members]
        ids += [self.bot_user_id] if bot else []
        channel = self.workspace.add_channel(name, "group" if private else "channel", ids)
        channel.host = host
        return channel

    def add_group_dm(self, members: Iterable[Person]) -> Channel:
        """A direct conversation of several people and the app."""
        ids = [*(member.id for member in members), self.bot_user_id]
        return self.workspace.add_channel("mpdm-group", "mpim", ids)

    async def make_private(self, channel: Channel, by: Person) -> None:
        """Turn a public channel into a private one."""
        channel.kind = "group"
        said = "made this channel private"
        kind = "channel_convert_to_private"
        ts = self.workspace.clock.ts()
        note = Message(channel.id, ts, said, by.member.identity(), subtype=kind)
        timeline.post(self.workspace, note)

    async def send_email(
        self, channel: Channel, *, files: Sequence[str | tuple[str, bytes]] = (), **told: str
    ) -> Message:
        """An e-mail to the channel's own address, as Slack posts it there.

        It tells its sender's `name` and `address`, its `subject` and its `text`.
        """
        file = sharing.email(self.workspace, **told, files=files)
        ts = self.workspace.clock.ts()
        message = Message(channel.id, ts, "", {"user": "USLACKBOT"}, subtype="file_share")
        message.files = [file]
        return timeline.post(self.workspace, message)

    def send_event(self, event: JSON) -> None:
        """Send an event as it is, be it as strange as Slack's own may be."""
        self.workspace.publish(event)

    def add_group(self, handle: str, members: Iterable[Person] = ()) -> str:
        """A user group; returns its id."""
        identifier = self.workspace.new_id("S")
        users = [member.id for member in members]
        group = {"id": identifier, "handle": handle, "name": handle.title(), "users": users}
        self.workspace.groups[identifier] = {**group, "is_usergroup": True, "date_delete": 0}
        return identifier

    # What administrators do

    def archive(self, channel: Channel) -> None:
        """Archive a channel: nobody can write there any more."""
        channel.archived = True

    def unarchive(self, channel: Channel) -> None:
        """Bring a channel back."""
        channel.archived = False

    def refuse_app(self, code: str = "token_revoked") -> None:
        """Refuse the app's bot token, whatever it asks, by a word; its sockets stay open."""
        self._tokens.refusal = code

    def accept_app(self) -> None:
        """Take the bot's token again."""
        self._tokens.refusal = None

    async def uninstall_app(self) -> None:
        """Remove the app: it hears so, in whatever order, and its token is nobody's."""
        bot = self.bot_user_id
        self.workspace.publish({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}})
        self.workspace.publish({"type": "app_uninstalled"})
        self.refuse_app("account_inactive")

    # What the wire saw

    @property
    def calls(self) -> list[Call]:
        """Every Web API call, in the order they ended."""
        return self.web.calls

    @property
    def deliveries(self) -> list[Delivery]:
        """Every envelope sent, in order."""
        return self.dispatch.deliveries

    @property
    def acks(self) -> list[Delivery]:
        """Every envelope acknowledged, in order."""
        return self.dispatch.acks

    # Trouble

    @property
    def rate_limits(self) -> bool:
        """Whether Slack's rate limits are in force."""
        return self.web.limited

    @rate_limits.setter
    def rate_limits(self, on: bool) -> None:
        self.web.limited = on

    @property
    def stream_expiry(self) -> float | None:
        """Seconds between appends after which a stream dies; None for never."""
        return self.workspace.stream_expiry

    @stream_expiry.setter
    def stream_expiry(self, seconds: float | None) -> None:
        self.workspace.stream_expiry = seconds

    @property
    def refused_blocks(self) -> set[str]:
        """Types of blocks that this workspace does not take (`invalid_blocks`); add to it."""
        return self.workspace.refused_blocks

    async def drop_sockets(self, *, hard: bool = False) -> None:
        """End the app's connections; `hard` cuts TCP without a close frame."""
        await self.sockets.drop(hard=hard)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the app to reconnect."""
        await self.sockets.disconnect(reason)

    async def write_down(self, message: Message, spoken: str, *, told: bool = True) -> None:
        """Write down what is said in a clip; where it is `told` its message changes for that."""
        kept = self.workspace.files[str(message.files[0]["id"])]
        message.files = [dict(kept)]
        sharing.write_down(self.workspace, kept, spoken)
        if told:
            timeline.change(self.workspace, message, edited=False, files=[dict(kept)])

    async def unfurl(self, message: Message, title: str = "A page") -> None:
        """Add a link preview: a message_changed event in which the text did not change."""
        preview = {"id": 1, "title": title, "fallback": title, "from_url": "https://example.com"}
        timeline.change(self.workspace, message, edited=False, attachments=[preview])
