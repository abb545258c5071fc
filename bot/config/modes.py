"""How far the bot may go in a channel, and how hard a model is to think."""

from typing import Literal

Effort = Literal["low", "medium", "high", "xhigh", "max"]
Mode = Literal["off", "shadow", "draft", "auto"]
