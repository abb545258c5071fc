"""A Slack workspace on localhost: Web API, Socket Mode, and people to fill it.

A stand-in for tests and demonstrations; it speaks to unmodified Slack SDKs over the wire.
"""

from emulator.slack.channels import Channel
from emulator.slack.delivery import Delivery
from emulator.slack.messages import Message
from emulator.slack.other_bots import OtherBot
from emulator.slack.outcome import NotAcknowledged, Outcome
from emulator.slack.people import Person
from emulator.slack.scopes import SUPPORT_BOT
from emulator.slack.server import SlackEmulator
from emulator.slack.views import View
from emulator.slack.web import Call
from emulator.slack.wire import SlackError

__all__ = [
    "SUPPORT_BOT",
    "Call",
    "Channel",
    "Delivery",
    "Message",
    "NotAcknowledged",
    "OtherBot",
    "Outcome",
    "Person",
    "SlackEmulator",
    "SlackError",
    "View",
]
