"""The history read back: on each connection, and on the clock."""

from datetime import datetime

from bot.app.services import Services
from handlers.events.gap_fill import GapFill
from handlers.routes import Listeners
from handlers.slack.channel_history import ChannelHistory

EACH_QUARTER = "7-59/15 * * * *"


def gap_fill(services: Services, to: Listeners) -> GapFill:
    """What reads it back; whoever listens tells it when it is connected."""
    opened = services.opened
    gaps = GapFill(
        opened.store,
        ChannelHistory(opened.slack.client),
        to.inbox,
        opened.slack.client,
        opened.installation,
        services.messages.catch_up,
        agents_channel=opened.desk.desk.agents_channel,
        answer_late=opened.desk.life.answer_late,
    )

    async def on_the_clock(_due: datetime) -> None:
        gaps.begin()

    services.scheduler.add_job("gaps", EACH_QUARTER, on_the_clock)
    return gaps
