"""How the app stands with the workspace: accepted, refused as a whole, or short of a permission.

A refusal of the whole app says nothing about what was asked: whatever meets it waits until the
workspace takes the app again, and is then asked anew. That is looked for at growing intervals.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

import structlog

from bot.runtime.bulletins import Bulletins, TellAlarm
from bot.runtime.tasks import BackgroundTasks

# Seconds between two looks, at most.
LONGEST = 300.0
WHY: Mapping[str, str] = {
    "token_revoked": "its token was revoked: install the app again",
    "token_expired": "its token has expired: turn token rotation off, or install the app again",
    "account_inactive": "the app was removed, or the workspace is gone: install the app again",
    "invalid_auth": "its token is not valid: copy it again into SLACK_BOT_TOKEN and restart",
    "not_authed": "it sends no token: look at SLACK_BOT_TOKEN and at proxies in between",
    "team_access_not_granted": "it was not given access to the workspace",
    "ekm_access_denied": "the workspace's administrators have suspended posting",
    "org_login_required": "the workspace is being moved into an organisation",
    "team_added_to_org": "the workspace is being moved into an organisation",
    "two_factor_setup_required": "whoever installed it has to set up two factors first",
    "user_removed_from_team": "the app's user was removed: install the app again",
    "accesslimited": "the workspace does not take calls from this network",
}

log = structlog.get_logger("standing")


class AppStanding:
    """The one place that knows whether the workspace takes the app's calls.

    `probe` asks the workspace who we are; its answer comes back by `accepted` or `refused`.
    `first` are the seconds before the first look; each later one takes twice as long.
    """

    def __init__(self, first: float) -> None:
        self._first = first
        self._probe: Callable[[], Awaitable[object]] | None = None
        self._bulletins: Bulletins | None = None
        self._refusal: str | None = None
        self._lacking: dict[str, str] = {}
        self._slowed: set[str] = set()
        self._taken = asyncio.Event()
        self._taken.set()
        self._work = BackgroundTasks()

    def look_with(self, probe: Callable[[], Awaitable[object]]) -> None:
        """How to find out whether the app is taken again."""
        self._probe = probe

    @property
    def refused_app(self) -> bool:
        """Whether the app is refused as a whole."""
        return self._refusal is not None

    @property
    def refusal(self) -> str | None:
        """Why the app is refused as a whole, as a sentence; None while it is taken."""
        return _refused(self._refusal) if self._refusal else None

    def sentences(self) -> list[str]:
        """What is wrong between the app and the workspace; nothing when all is well."""
        refused = [_refused(self._refusal)] if self._refusal else []
        slowed = ["Slack says that the app asks too much; calls wait."] if self._slowed else []
        return [*refused, *(_lacking(*each) for each in self._lacking.items()), *slowed]

    def refused(self, code: str) -> None:
        """The workspace refuses the app as a whole: begin to look when it takes it again."""
        if self._refusal is not None:
            return
        self._refusal = code
        self._taken.clear()
        self._announce("slack", _refused(code))
        self._work.begin(self._look())

    def accepted(self) -> None:
        """The workspace takes the app: whatever waited goes on."""
        if self._refusal is None:
            return
        self._refusal = None
        self._taken.set()
        self._announce("slack", None)

    def lacks(self, method: str, why: str) -> None:
        """One method is refused to the app; the others are not."""
        if method not in self._lacking:
            self._announce(f"scope:{method}", _lacking(method, why))
        self._lacking[method] = why

    def slowed(self, method: str) -> None:
        """The app asks this method too often."""
        self._slowed.add(method)

    def allows(self, method: str) -> None:
        """The method did what it was asked."""
        self._slowed.discard(method)
        if self._lacking.pop(method, None) is not None:
            self._announce(f"scope:{method}", None)

    async def taken(self) -> None:
        """Wait until the workspace takes the app."""
        await self._taken.wait()

    async def doubt(self) -> bool:
        """Ask the workspace now; whether it refuses the app."""
        if self._probe is not None and not self.refused_app:
            with suppress(Exception):  # how it ends is seen by whoever sees all answers
                await self._probe()
        return self.refused_app

    def follow(self, tell: TellAlarm, known: Sequence[str]) -> None:
        """Tell of every change from here on, and first of how it stands.

        `known` are the alarms that stood before: of a method a call will show whether that is over.
        """
        self._bulletins = Bulletins()
        self._bulletins.follow(tell)
        for name in known:
            kind, _, method = name.partition(":")
            if kind == "scope":
                self._lacking.setdefault(method, "since before the start")
            elif kind == "slack" and not self.refused_app:
                self._announce(name, None)
        for name, sentence in self._standing().items():
            self._announce(name, sentence)

    async def stop(self) -> None:
        """Look and tell no more."""
        if self._bulletins is not None:
            await self._bulletins.stop()
            self._bulletins = None
        await self._work.stop()

    def _standing(self) -> dict[str, str]:
        refused = {"slack": _refused(self._refusal)} if self._refusal else {}
        return refused | {
            f"scope:{name}": _lacking(name, why) for name, why in self._lacking.items()
        }

    async def _look(self) -> None:
        pause = self._first
        while self._refusal is not None:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST)
            if self._probe is not None:
                with suppress(Exception):  # the next look is not far
                    await self._probe()

    def _announce(self, name: str, sentence: str | None) -> None:
        if self._bulletins is None:
            # Nobody runs yet; whoever starts the desk reads the first refusal.
            return
        _say(name, sentence)
        self._bulletins.put(name, sentence)


def _say(name: str, sentence: str | None) -> None:
    """Into the log: the one way that is always left."""
    if sentence is None:
        log.warning("over", alarm=name)
    else:
        log.critical("refused", alarm=name, sentence=sentence)


def _refused(code: str) -> str:
    why = WHY.get(code, "install the app again")
    return (
        f"Slack refuses the app ({code}): {why}. Nothing is lost: what is to be said waits, and "
        "goes on by itself when Slack takes the app again."
    )


def _lacking(method: str, why: str) -> str:
    return f"Slack does not let the app call {method} ({why}). What needs it waits."
