"""The table of operations: what a program may ask of the desk, and what that takes.

The REST API, its OpenAPI document and the tools of the MCP server are made from it.
"""

import re
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from bot.api import shapes
from bot.config.api import Permission

PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True)
class Operation:
    """One operation; `needs` is the permission that it takes beyond a token.

    `takes` holds what stands in the path, and what is in the query of a GET or the body of a POST.
    """

    name: str
    method: Literal["GET", "POST"]
    path: str
    told: str
    takes: type[BaseModel]
    gives: type[BaseModel]
    needs: Permission | None = None
    status: int = 200

    @property
    def in_path(self) -> frozenset[str]:
        """The arguments that stand in the path."""
        return frozenset(PLACEHOLDER.findall(self.path))

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.needs in (None, "ask")


WHO_AM_I = Operation(
    "who_am_i",
    "GET",
    "/v1/me",
    "Says whose token it is, and what it may do.",
    shapes.NothingGiven,
    shapes.WhoToldMe,
)
FIND = Operation(
    "find_tickets",
    "GET",
    "/v1/tickets",
    "Finds tickets by what was said in them and by what they are, newest first.",
    shapes.SearchGiven,
    shapes.PageTold,
)
READ = Operation(
    "read_ticket",
    "GET",
    "/v1/tickets/{number}",
    "Reads one ticket with what was said in it last.",
    shapes.ReadingGiven,
    shapes.WholeTicketTold,
)
OPEN = Operation(
    "open_ticket",
    "POST",
    "/v1/tickets",
    "Opens a ticket: posts its words in a channel of the desk, where it is then handled like any.",
    shapes.OpeningGiven,
    shapes.OpenedTold,
    needs="open",
    status=202,
)
COMMENT = Operation(
    "comment_on_ticket",
    "POST",
    "/v1/tickets/{number}/comments",
    "Puts a note on a ticket, for agents only. The customer never reads it.",
    shapes.CommentGiven,
    shapes.DoneTold,
    needs="comment",
)
SOLVE = Operation(
    "solve_ticket",
    "POST",
    "/v1/tickets/{number}/solve",
    "Marks a ticket as solved.",
    shapes.TicketGiven,
    shapes.DoneTold,
    needs="solve",
)
ASK = Operation(
    "ask_desk",
    "POST",
    "/v1/ask",
    "Asks the desk a question. It answers from its articles, or says that a person has to.",
    shapes.QuestionGiven,
    shapes.AnswerTold,
    needs="ask",
)
OPERATIONS = (WHO_AM_I, FIND, READ, OPEN, COMMENT, SOLVE, ASK)
