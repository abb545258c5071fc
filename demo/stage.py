"""The emulated workspace the day is played in, and the desk the bot runs there."""

import os
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from bot.config.desk import Desk
from bot.config.desk_file import load_desk
from bot.config.settings import Settings
from emulator.claude import ClaudeEmulator
from emulator.slack import Channel, Message, Person, SlackEmulator
from emulator.slack.other_bots import OtherBot
from emulator.slack.people import Attachment
from handlers.manifest import EVENTS
from shop import Shop

# Made anew where the visitor stands or, where nothing may be written, elsewhere.
FOLDER = Path(".demo")
ARTICLES = Path(__file__).with_name("articles")
TOOLS = Path(__file__).with_name("shop.toml")
# Typical of the models; the stand-in itself needs no time. Seconds.
LATENCY = {"claude-haiku-5-5": 0.35, "*": 0.8}

DESK = """\
[desk]
name = "Lotus & Bamboo"
about = "an online shop for household goods in Vietnam"
agents_channel = "{agents}"
knowledge = "{knowledge}"
admins = ["{admin}"]

# The day is played in a minute, so only what follows at once may be more of the same request.
[bursts]
seconds = 1

# A day of the demo costs a few cents at most, so this one speaks up early.
[[budgets]]
scope = "channel"
channel = "{products}"
day = 0.13
warn = 0.02
degrade = 0.08

[[channels]]
id = "{orders}"

[[channels]]
id = "{products}"

[[channels]]
id = "{vip}"
mode = "draft"

[[channels]]
id = "{lounge}"
mode = "shadow"
"""


@dataclass(frozen=True)
class Stage:
    """The people and the places of the day; `claude` is None where the real one answers.

    `folder` takes the desk's files.
    """

    slack: SlackEmulator
    claude: ClaudeEmulator | None
    people: dict[str, Person]
    deploybot: OtherBot
    channels: dict[str, Channel]
    folder: Path

    async def says(
        self,
        who: str,
        text: str,
        *,
        where: str = "orders",
        reply_to: Message | None = None,
        files: tuple[Attachment, ...] = (),
        forwards: Message | None = None,
    ) -> Message:
        """Let one of the cast write something, or forward what was written elsewhere."""
        person = self.people[who]
        if forwards is not None:
            return await person.forward(forwards, self.channels[where], text)
        if reply_to is not None:
            return await person.reply(reply_to, text, files=files)
        if where == "dm":
            return await person.dm(text, files=files)
        return await person.post(self.channels[where], text, files=files)


def claude_stand_in(*, fast: bool) -> ClaudeEmulator:
    """A Claude stand-in that takes as long as the models do, or an eighth of it."""
    part = 8 if fast else 1
    return ClaudeEmulator(latency={model: seconds / part for model, seconds in LATENCY.items()})


def workspace() -> SlackEmulator:
    """A workspace that sends the events the manifest asks for."""
    return SlackEmulator(events=EVENTS, team_name="Lotus & Bamboo")


def build(slack: SlackEmulator, claude: ClaudeEmulator | None) -> Stage:
    """People and channels; the agents are those in #desk."""
    linh = slack.add_user("linh", real_name="Linh", locale="vi-VN")
    tom = slack.add_user("tom", real_name="Tom")
    minh = slack.add_user("minh", real_name="Minh", locale="vi-VN")
    sara = slack.add_user("sara", real_name="Sara")
    mai = slack.add_user("mai", real_name="Mai")
    deploybot = slack.add_bot("deploybot")
    cast = [linh, tom, minh, sara, mai]
    channels = {
        name: slack.add_channel(name, members=[*cast, deploybot])
        for name in ("orders", "products", "lounge", "vip")
    }
    channels["desk"] = slack.add_channel("desk", members=[mai])
    people = {person.name: person for person in cast}
    return Stage(slack, claude, people, deploybot, channels, _fresh_folder())


def _fresh_folder() -> Path:
    try:
        rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
    except OSError:
        return Path(mkdtemp(prefix="deskhand-demo-"))
    return FOLDER.resolve()


def configure(
    stage: Stage, claude_url: str, claude_key: str, shop: Shop, database_url: str = ""
) -> tuple[Settings, Desk]:
    """A `desk.toml` in the stage's folder, and settings that point there.

    The database is a file in it, if it is not somewhere else.
    """
    os.environ["SHOP_TOKEN"] = shop.token
    ids = {name: channel.id for name, channel in stage.channels.items()}
    path = stage.folder / "desk.toml"
    path.write_text(
        DESK.format(
            agents=ids["desk"],
            knowledge=ARTICLES,
            admin=stage.people["mai"].id,
            **{name: ids[name] for name in ("orders", "products", "vip", "lounge")},
        )
        + TOOLS.read_text(encoding="utf-8").replace("SHOP_URL", shop.url),
        encoding="utf-8",
    )
    settings = Settings(
        _env_file=None,
        slack_bot_token=stage.slack.bot_token,
        slack_app_token=stage.slack.app_token,
        slack_api_url=stage.slack.api_url,
        slack_pace=0,
        anthropic_api_key=claude_key,
        anthropic_base_url=claude_url,
        database_url=database_url or f"sqlite:///{stage.folder / 'deskhand.db'}",
        desk_config=path,
    )
    return settings, load_desk(path)
