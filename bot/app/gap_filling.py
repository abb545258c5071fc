"""The history read back: on each connection, and on the clock."""

from datetime import datetime

from bot.app.services import Services
from bot.pipeline.watermarks import Watermarks
from handlers.catch_up.gap_fill import GapFill
from handlers.catch_up.late_hearing import LateHearing
from handlers.catch_up.stretch import StretchReader
from handlers.events.lateness import Lateness
from handlers.routes import Listeners
from handlers.slack.channel_history import ChannelHistory

EACH_QUARTER = "7-59/15 * * * *"


def gap_fill(services: Services, to: Listeners) -> GapFill:
    """What reads it back; whoever listens tells it when it is connected."""
    opened = services.opened
    store, client, at, desk = opened.store, opened.slack.client, opened.installation, opened.desk
    history = ChannelHistory(client)
    gaps = GapFill(
        Watermarks(store),
        history,
        StretchReader(store, history, at, desk.desk.agents_channel),
        LateHearing(store, to.inbox, client, at, late=Lateness(desk.life.answer_late)),
        services.messages.catch_up,
    )

    async def on_the_clock(_due: datetime) -> None:
        gaps.begin()

    services.scheduler.add_job("gaps", EACH_QUARTER, on_the_clock)
    return gaps
