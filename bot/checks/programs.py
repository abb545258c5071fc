"""What is set up for other programs: tokens and secrets, of the API, webhooks, trackers, links."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bot.checks.finding import Finding, ok, warning, wrong
from bot.config.desk import Desk
from bot.config.environment import secrets_of
from bot.config.settings import SettingsError, StoreSettings

# Raises SettingsError for a secret that is no good, by the name of its variable.
Test = Callable[[str, Mapping[str, str]], object]


def check_programs(
    settings: StoreSettings, desk: Desk, token: Test, signing: Test, linking: Test
) -> list[Finding]:
    """Whether each secret is set and good, and there is a port to come to."""
    found = [
        *_secrets(settings, {f"api.{name}": each.token for name, each in desk.api.items()}, token),
        *_secrets(
            settings,
            {f"webhooks.{name}": each.secret for name, each in desk.webhooks.items()},
            signing,
        ),
    ]
    tokens = {f"trackers.{name}": each.token for name, each in desk.trackers.items()}
    found += _secrets(settings, tokens, lambda *_: None)
    connects = desk.customers.secret
    if connects:
        found += _secrets(settings, {"customers.connect": connects}, linking)
    if (desk.api or connects) and settings.api_port is None:
        told = "API_PORT is not set: nobody can come"
        found.append(wrong("customers.connect", told) if connects else warning("api", told))
    return found


def _secrets(
    settings: StoreSettings, variables: Mapping[str, str], test: Test
) -> Iterator[Finding]:
    for subject, variable in variables.items():
        problem = _problem(settings.env_file, variable, test)
        yield wrong(subject, problem) if problem else ok(subject, f"{variable} is set")


def _problem(env_file: Path, variable: str, test: Test) -> str:
    try:
        test(variable, secrets_of([variable], env_file))
    except SettingsError as error:
        return str(error)
    return ""
