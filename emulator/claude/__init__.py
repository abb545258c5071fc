"""A stand-in for the Claude API, spoken to by the real client over HTTP."""

from emulator.claude.calls import Call
from emulator.claude.limits import Limits
from emulator.claude.models import Model
from emulator.claude.server import ClaudeEmulator

__all__ = ["Call", "ClaudeEmulator", "Limits", "Model"]
