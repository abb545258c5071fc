"""Check of `.env`: what stands there that the desk does not read."""

from collections.abc import Sequence

from bot.checks.finding import Finding, warning
from bot.config.env_file import OTHER
from bot.config.settings import Settings
from bot.config.settings_file import passed_over


def check_names(settings: Settings) -> Sequence[Finding]:
    """What stands in `.env` and is nothing that the desk reads."""
    if not (names := passed_over(settings)):
        return []
    told = f"{', '.join(names)}: not read by the desk, so another program's"
    return [warning(".env", f"{told} (a line that ends with {OTHER} is not told of)")]
