"""Why the workspace did not take what was to be posted."""


class CannotPost(Exception):
    """The workspace refused a post, or could not be reached for longer than we wait. Says why."""


class PostRefused(CannotPost):
    """The workspace will never take it; `code` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack refused: {code}")
        self.code = code


class StreamStopped(CannotPost):
    """Somebody in the workspace has stopped the message while it was being written."""
