"""`deskhand init`: what a new desk needs is asked for, checked at once, and written down."""

import argparse
import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shlex import quote
from urllib.parse import urlsplit

from bot.app.manifest import app_manifest, creation_link
from bot.app.setup import (
    BotChannel,
    api_key_findings,
    app_token_findings,
    bot_token_findings,
    invited_to,
    signing_secret_findings,
)
from bot.checks.finding import Finding, wrong
from bot.cli.terminal.arguments import ExitCode, mistakes_told, parse_request_url
from bot.cli.terminal.interview import Interview, person_there
from bot.cli.terminal.new_files import write_together
from bot.config.desk_file import default_desk
from bot.config.samples import desk_text, env_text, new_files
from bot.config.settings import Settings, SettingsError
from bot.config.settings_file import settings_of
from bot.runtime.logs import configure_logs
from bot.unreached import NotNow

# What stands for a secret that was not asked for yet: it has the shape of one.
UNASKED = {
    "SLACK_BOT_TOKEN": "xoxb-",
    "SLACK_APP_TOKEN": "xapp-",
    "SLACK_SIGNING_SECRET": "0" * 32,
    "ANTHROPIC_API_KEY": "-",
}
LOOKS = {
    "SLACK_BOT_TOKEN": bot_token_findings,
    "SLACK_APP_TOKEN": app_token_findings,
    "SLACK_SIGNING_SECRET": signing_secret_findings,
    "ANTHROPIC_API_KEY": api_key_findings,
}
# The secret of each way in is of no use for the other.
UNUSED = {"socket": "SLACK_SIGNING_SECRET", "http": "SLACK_APP_TOKEN"}
# Where a proxy hands requests on to; Slack reaches it at the address that was given.
HTTP_PORT, LAST_PORT = "3000", 65_535
EVENTS = "/slack/events"
QUESTIONS = {
    "SLACK_BOT_TOKEN": "2. Bot token (OAuth & Permissions, xoxb-…; what you paste is not shown)",
    "SLACK_APP_TOKEN": "3. App-level token (Basic Information, scope connections:write, xapp-…)",
    "SLACK_SIGNING_SECRET": "3. Signing Secret (Basic Information → App Credentials)",
    "ANTHROPIC_API_KEY": "4. Key of the Claude API (platform.claude.com → API keys)",
}
# Where else Slack and Claude may be; a new desk keeps what the environment says of them.
ADDRESSES = ("SLACK_API_URL", "ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH")
OWN, SHARED = 0o600, 0o644


@dataclass(frozen=True)
class Places:
    """Where the new desk's files go."""

    env: Path
    desk: Path


def init(chosen: argparse.Namespace) -> int:
    """Ask, check and write; nothing is written before all is known.

    2 when something is wrong or may not be replaced, 75 when it cannot be found out now.
    """
    configure_logs("CRITICAL", "text")
    interview = Interview(_given(chosen), person=person_there() and not chosen.no_input)
    places = Places(chosen.env.resolve(), chosen.desk.resolve())
    if not (chosen.replace or _may_replace(interview, places)):
        return ExitCode.WRONG
    _introduce(interview)
    try:
        reached_at, answers = _way_in(interview)
        for name in UNASKED:
            if name != UNUSED["http" if reached_at else "socket"]:
                answers[name] = _secret(interview, name, answers)
        settings = settings_of(answers)
        described = _desk(interview, settings)
    except NotNow as why:
        print(f"{why}. Nothing was written; try again in a while.")
        return ExitCode.UNREACHABLE
    with mistakes_told(OSError):
        _write(places, {**answers, **_elsewhere(settings, places)}, described)
    print(f"Written: {places.env}, which only you can read, and {places.desk}.")
    print(f"Articles go into {places.desk.parent / 'knowledge'}. Next: {_next(chosen)}")
    for url in reached_at:
        print(f"Let a proxy hand {url} on to {_local(url, answers)}.")
        print(
            "When the desk runs, give Slack the manifest (App Manifest → paste) that this prints:"
        )
        print(f"deskhand manifest --request-url {url}")
    return ExitCode.DONE


def _way_in(interview: Interview) -> tuple[Sequence[str], dict[str, str]]:
    """Where Slack reaches the desk, if it is to, and what stands in `.env` for that."""
    reached_at = interview.choice(
        "--request-url",
        "   How Slack's events come in: Enter for a socket, which needs no public address,\n"
        "   or the https address at which Slack reaches the desk",
        _address,
        usual="",
    )
    if not reached_at:
        return [], {}
    question = f"   The port here to which a proxy hands that on (Enter: {HTTP_PORT})"
    (port,) = interview.choice("--http-port", question, _port, usual="")
    return reached_at, {"SLACK_HTTP_PORT": port}


def _local(url: str, answers: Mapping[str, str]) -> str:
    return f"http://127.0.0.1:{answers['SLACK_HTTP_PORT']}{urlsplit(url).path}"


def _address(written: str) -> Sequence[str]:
    """The address for HTTP mode, with the path that the desk serves; none for a socket."""
    if not written:
        return []
    try:
        url = parse_request_url(written)
    except argparse.ArgumentTypeError as problem:
        raise ValueError(str(problem)) from None
    return [url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}{EVENTS}"]


def _port(written: str) -> Sequence[str]:
    """The port that the desk listens at; the usual one where none is named."""
    if written and not (written.isdecimal() and 0 < int(written) <= LAST_PORT):
        raise ValueError(f"expected a port such as {HTTP_PORT}, from 1 to {LAST_PORT}")
    return [written or HTTP_PORT]


def _given(chosen: argparse.Namespace) -> Mapping[str, str]:
    """The answers that were given as options or, of secrets, by the environment."""
    options = {"--agents-channel": chosen.agents_channel, "--watch": chosen.watch}
    words = {"--name": chosen.name, "--about": chosen.about, "--request-url": chosen.request_url}
    words["--http-port"] = chosen.http_port
    secrets = {name: getattr(chosen, name) or os.environ.get(name) for name in UNASKED}
    return {name: each for name, each in {**secrets, **options, **words}.items() if each}


def _may_replace(interview: Interview, places: Places) -> bool:
    standing = [str(each) for each in (places.env, places.desk) if each.exists()]
    if not standing:
        return True
    told = " and ".join(standing)
    if interview.agreed(f"{told}: there already. Replace what stands there?"):
        return True
    print(f"{told}: left as it was; --replace writes over it.")
    return False


def _introduce(interview: Interview) -> None:
    desk = default_desk()
    print("1. The app: open this link, choose the workspace, Create, then Install to Workspace.")
    print(creation_link(app_manifest(desk.agent, emails=desk.knows_by_email)))
    if interview.person:
        print("   Whatever is typed here is written at the end; Ctrl-C leaves all as it was.")


def _secret(interview: Interview, name: str, answers: Mapping[str, str]) -> str:
    def look(value: str) -> Sequence[Finding]:
        try:
            settings = settings_of({**UNASKED, **answers, name: value})
        except SettingsError as problem:
            return [wrong(name, str(problem).removeprefix(f"{name}: "))]
        return asyncio.run(LOOKS[name](settings))

    return interview.secret(name, QUESTIONS[name], look)


def _desk(interview: Interview, settings: Settings) -> str:
    """The text of `desk.toml`."""
    print("5. Channels: type /invite @deskhand in that of your agents and in those it shall serve.")
    print(f"   The bot is in {_listed(asyncio.run(invited_to(settings)))}", flush=True)
    agents = interview.choice(
        "--agents-channel",
        "   The agents' channel, by number or name (Enter lists anew)",
        partial(_one, settings),
    )[0]
    watched = interview.choice(
        "--watch",
        "   Channels to serve, such as 2,3 (Enter: all that the bot is in)",
        partial(_several, settings, agents),
        usual="",
    )
    usual = default_desk().desk
    name = interview.line("--name", "6. What the desk is called", usual.name)
    about = interview.line("--about", "   What it serves, in a line, for Claude", usual.about)
    return desk_text(agents, name, about, watched)


def _one(settings: Settings, written: str) -> Sequence[str]:
    return [_found(written, asyncio.run(invited_to(settings)))]


def _several(settings: Settings, agents: str, written: str) -> Sequence[str]:
    if not written:
        return []
    found = asyncio.run(invited_to(settings))
    watched = list(dict.fromkeys(_found(each, found) for each in written.split(",")))
    if agents in watched:
        raise ValueError("the agents' channel cannot be served as well")
    return watched


def _found(written: str, channels: Sequence[BotChannel]) -> str:
    """The id of the channel with this number in the list, name or id."""
    wanted = written.strip()
    for number, each in enumerate(channels, start=1):
        if wanted in (str(number), f"#{each.name}", each.name, each.id):
            return each.id
    told = f"not in {wanted!r}, it is in" if wanted else "in"
    raise ValueError(f"the bot is {told} {_listed(channels)}")


def _listed(channels: Sequence[BotChannel]) -> str:
    if not channels:
        return "no channel yet: type /invite @deskhand there"
    return ", ".join(
        f"{number} #{each.name}{' (private)' if each.private else ''}"
        for number, each in enumerate(channels, start=1)
    )


def _elsewhere(settings: Settings, places: Places) -> Mapping[str, str]:
    """What `.env` has to say besides the secrets: where things are, if not at their usual place."""
    said = {name: str(getattr(settings, name.lower())) for name in ADDRESSES}
    usual = {name: str(Settings.model_fields[name.lower()].default) for name in ADDRESSES}
    if places.desk != Path("desk.toml").resolve():
        said["DESK_CONFIG"] = str(places.desk)
    return {name: value for name, value in said.items() if value != usual.get(name)}


def _write(places: Places, values: Mapping[str, str], described: str) -> None:
    """The two files, and beside them what was not there yet."""
    beside = new_files(places.desk.parent)
    write_together(
        {
            places.env: (env_text(values), OWN),
            places.desk: (described, SHARED),
            **{place: (text, SHARED) for place, text in beside.items() if not place.exists()},
        }
    )


def _next(chosen: argparse.Namespace) -> str:
    where = "" if chosen.env == Path(".env") else f" --env {quote(str(chosen.env))}"
    return f"deskhand check{where}, then deskhand run{where}"
