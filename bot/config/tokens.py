"""Secrets as they are copied: of which kind one is, and whether it is one alone and whole."""

import re

from pydantic import SecretStr

SIGNING_SECRET = re.compile(r"[0-9a-f]{32,64}")
# What a value is by how it begins, for whoever put it in the wrong place.
KINDS = (
    ("xoxb-", "a bot token, which belongs in SLACK_BOT_TOKEN"),
    ("xapp-", "an app-level token, which belongs in SLACK_APP_TOKEN"),
    ("xoxe", "one of a rotation of tokens: turn that off in the app's settings"),
    ("xox", "a token of Slack's of another kind"),
    ("sk-", "a key of the Claude API, which belongs in ANTHROPIC_API_KEY"),
)
# How samples are written that somebody was to replace.
SAMPLE = re.compile(r"\.{3}|…|<.*>|your[-_ ]|change[-_ ]?me|x{4}", re.IGNORECASE)
# What a token of Slack's is made of.
TOKEN = re.compile(r"[\w.-]+", re.ASCII)
# What stood around a secret where it was copied: quotes, a remark, the end of a line of code.
AROUND = re.compile(r"[\"'#`\\]|[;,]$")
NOT_ALONE = "holds a space or a sign that none has: copy it again, and it alone"


def prefixed(token: SecretStr, prefix: str, kind: str) -> SecretStr:
    """A token of Slack's that begins as its kind does.

    Raises:
        ValueError: it is of another kind, or was not copied as it is.
    """
    value = token.get_secret_value()
    if not value.startswith(prefix) and not SAMPLE.search(value):
        whole_secret(token)
        told = f", and this is {found}" if (found := kind_of(value)) else ""
        raise ValueError(f"expected {kind}, which starts with {prefix}{told}")
    whole_secret(token)
    if not TOKEN.fullmatch(value):
        raise ValueError(NOT_ALONE)
    return token


def kind_of(value: str) -> str:
    """What a secret is by its beginning; empty where that says nothing."""
    if SIGNING_SECRET.fullmatch(value):
        return "a signing secret, which belongs in SLACK_SIGNING_SECRET"
    return next((kind for begins, kind in KINDS if value.startswith(begins)), "")


def whole_secret(secret: SecretStr) -> SecretStr:
    """A secret goes into a header, and no service makes one with spaces or letters beyond ASCII.

    Raises:
        ValueError: it was not copied as it is.
    """
    value = secret.get_secret_value()
    if SAMPLE.search(value):
        raise ValueError("is a sample still: put your own here")
    if not re.fullmatch(r"[!-~]+", value) or AROUND.search(value):
        raise ValueError(NOT_ALONE)
    return secret
