"""Why a program gets nothing: a status, a word for programs, a sentence for people."""

# Characters of a name that somebody sent, as far as a sentence needs it.
LONGEST_NAME = 40


class ApiFailure(Exception):
    """It is not possible. `sentence` says why, and holds nothing that the caller did not know."""

    def __init__(self, status: int, error: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.error = error
        self.sentence = sentence


def no_token() -> ApiFailure:
    """Nobody is let in without one."""
    return ApiFailure(401, "no_token", "Send a token: Authorization: Bearer …")


def not_there() -> ApiFailure:
    """What the caller may not see reads like what does not exist."""
    return ApiFailure(404, "not_found", "There is no such ticket.")


def sent_name(name: str) -> str:
    """A name that somebody sent, as it may stand in a sentence."""
    return "".join(each if each.isprintable() else "\ufffd" for each in name[:LONGEST_NAME])
