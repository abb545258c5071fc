"""JSON as it travels, and Slack's way of saying no."""

import json
from collections.abc import Iterable
from typing import Any

JSON = dict[str, Any]


def dump(value: object) -> str:
    """Compact JSON text; letters outside ASCII stay as they are."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character can only be sent escaped
        return json.dumps(value, separators=(",", ":"))
    return text


class SlackError(Exception):
    """A refusal with one of Slack's error codes; most travel with HTTP status 200."""

    def __init__(self, code: str, *, messages: Iterable[str] = (), **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.extra = extra

    def body(self) -> JSON:
        """The JSON body Slack sends for this error."""
        body: JSON = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
            body["errors"] = [m.removeprefix("[ERROR] ") for m in self.messages]
        return body
