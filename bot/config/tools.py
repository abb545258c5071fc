"""What `desk.toml` says about tools: systems of the desk's own that answers look things up in.

`[tools.NAME]` is one question that may be asked of a system, `[mcp.NAME]` a server that answers
several, `[customers]` how a person in Slack becomes a customer there. Without any `[tools.*]`
nothing of this is used.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from bot.config.addresses import require_safe
from bot.config.section import Section
from bot.text.money import parse_parts

ToolName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
PersonId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,}$")]
EnvName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,99}$")]
_WRITTEN = {"type": "number", "minimum": 0, "description": "As the system counts, such as 49.90."}
# Kept in ten-thousandths.
Worth = Annotated[int, BeforeValidator(parse_parts), WithJsonSchema(_WRITTEN)]
PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
TYPES = ("string", "integer", "number", "boolean")


class McpServerConfig(Section):
    """An MCP server: a command that is started, or an address, with a bearer token from `token`.

    `token` and `env` name variables of the environment; a command gets no others of ours.
    """

    command: tuple[str, ...] = ()
    url: str = ""
    token: EnvName | None = None
    env: tuple[EnvName, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.command) == bool(self.url):
            raise ValueError("give a command or a url, one of them")
        if self.url and not self.url.startswith(("https://", "http://")):
            raise ValueError("url: expected an address that starts with https:// or http://")
        return self


class ToolConfig(Section):
    """One question to a system.

    `about` is what the model reads of it, `title` what customers and agents do. It is asked over
    HTTP by `get` or `post` (an address with the arguments in braces), or is the `tool` of a server
    `mcp`. `input` describes by JSON schema what the model fills in. `subject` is the argument that
    code fills with the customer, `owner` the field of the result that must name them; one of both,
    or `anybody` where a result is nobody's own. `lang` is the argument with the language.

    `keep` are the fields that are used at all, by their paths; the others are seen by nobody.
    `labels` are their names by language, `units` what their figures count. Links are kept only to
    `links`. `output` is a JSON schema that a result has to fit.

    A tool of kind `write` changes something, so the model only proposes it; an agent's press does
    it. `check` is the read tool that says how things stand before, asked with the same arguments;
    its answer has `allowed`, a field that must be true for the change to be possible. `amount` is
    what the change is worth: one of its own arguments, or else a field of that answer. Up to
    `agents_up_to` an agent may agree alone, up to `admins_up_to` an admin; above it takes two
    people. With `autonomy = "do"` it needs nobody for the intents `alone_for`, up to `alone_up_to`,
    as often as `alone_a_day` and `alone_sum_a_day` allow on one of the desk's days, and once people
    have agreed to `alone_after` of them unchanged.
    `key` is the argument with the key under which the change happens once (over HTTP it is
    the header `Idempotency-Key`), `done` what the customer hears afterwards, by language.

    `seconds` is the time for one question with its `retries`, `cache` for how long (seconds) an
    answer is good for the same question. After five failures in a row it rests for `rest` seconds.
    """

    about: Annotated[str, Field(min_length=1, max_length=500)]
    title: Annotated[str, Field(min_length=1, max_length=60)]
    intents: Annotated[frozenset[str], Field(min_length=1)]
    kind: Literal["read", "write"] = "read"
    check: str = ""
    allowed: str = ""
    amount: str = ""
    agents_up_to: Worth | None = None
    admins_up_to: Worth | None = None
    autonomy: Literal["propose", "do"] = "propose"
    alone_for: frozenset[str] = frozenset()
    alone_up_to: Worth | None = None
    alone_a_day: Annotated[int, Field(ge=1, le=10_000)] = 20
    alone_sum_a_day: Worth | None = None
    alone_after: Annotated[int, Field(ge=0, le=10_000)] = 0
    key: str = ""
    done: dict[str, str] = Field(default_factory=dict)
    get: str = ""
    post: str = ""
    mcp: str = ""
    tool: str = ""
    token: EnvName | None = None
    input: dict[str, dict[str, Any]] = Field(default_factory=dict)
    subject: str = ""
    owner: str = ""
    anybody: bool = False
    lang: str = ""
    keep: tuple[str, ...] = ()
    labels: dict[str, dict[str, str]] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)
    links: tuple[str, ...] = ()
    output: dict[str, Any] | None = None
    seconds: Annotated[float, Field(gt=0, le=60)] = 5
    cache: Annotated[float, Field(ge=0, le=3600)] = 30
    retries: Annotated[int, Field(ge=0, le=3)] = 1
    rest: Annotated[float, Field(ge=0, le=3600)] = 60

    @field_validator("input")
    @classmethod
    def _plain_arguments(cls, given: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        for name, schema in given.items():
            if schema.get("type") not in TYPES:
                raise ValueError(f"{name}: its type has to be one of {', '.join(TYPES)}")
        return given

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ways = [each for each in (self.get, self.post, self.mcp) if each]
        if len(ways) != 1:
            raise ValueError("give one of get, post and mcp")
        if not (self.mcp or ways[0].startswith(("https://", "http://"))):
            raise ValueError("expected an address that starts with https:// or http://")
        if sum((bool(self.subject), bool(self.owner), self.anybody)) == 0:
            raise ValueError(
                "whose data it tells: give subject (the argument that code fills with the "
                "customer), owner (the field of the result that names them), or anybody = true"
            )
        known = {*self.input, self.subject, self.lang} - {""}
        if strange := sorted(set(PLACEHOLDER.findall(ways[0])) - known):
            raise ValueError(f"{{{strange[0]}}} is no argument of it")
        if strange := sorted({self.subject, self.lang} & set(self.input)):
            raise ValueError(f"input.{strange[0]}: the model does not fill this; code does")
        self._require_kind()
        self._require_limits()
        _require_schema(self.arguments)
        if self.output is not None:
            _require_schema(self.output)
        return self

    def _require_kind(self) -> None:
        """Raise ValueError for what its kind wants and does not have, or must not have."""
        wanted = {"check": self.check, "allowed": self.allowed, "done.en": self.done.get("en")}
        if self.kind == "read":
            if not self.keep:
                raise ValueError("keep: name the fields of the answer that are used")
            if strange := sorted(name for name, value in wanted.items() if value):
                raise ValueError(f'{strange[0]}: only for kind = "write"')
            return
        if missing := sorted(name for name, value in wanted.items() if not value):
            raise ValueError(f"{missing[0]}: a tool that writes needs it")
        if self.get or (self.mcp and not self.key):
            raise ValueError("a tool that writes is a post, or names its key for an MCP server")
        if not self.subject:
            raise ValueError("subject: a tool that writes names the customer")

    def _require_limits(self) -> None:
        """Raise ValueError for limits that do not go together."""
        if self.autonomy == "do" and self.kind == "read":
            raise ValueError('autonomy: only for kind = "write"')
        if (self.autonomy == "do") != bool(self.alone_for and self.alone_up_to is not None):
            raise ValueError('autonomy = "do" goes with alone_for (intents) and alone_up_to')
        if self.autonomy == "do" and not self.amount:
            raise ValueError("amount: what happens by itself has a limit, so it needs an amount")
        if self.alone_for - self.intents:
            raise ValueError("alone_for: name some of its intents")
        if self.admins_up_to is not None and self.agents_up_to is None:
            raise ValueError("admins_up_to: give agents_up_to as well; admins are agents too")

    @property
    def arguments(self) -> dict[str, Any]:
        """The JSON schema of what the model fills in; every argument is asked for."""
        return {
            "type": "object",
            "properties": self.input,
            "required": list(self.input),
            "additionalProperties": False,
        }

    def people(self, amount: int | None, *, admin: bool = False) -> int:
        """How many people have to agree to a change of this worth, where one of them does now."""
        limits = (self.agents_up_to, self.admins_up_to if admin else None)
        known = [limit for limit in limits if limit is not None]
        alone = not known or (amount is not None and amount <= max(known))
        return 1 if alone else 2

    def alone(self, intent: str, amount: int | None) -> bool:
        """Whether a change of this worth is made without a person, for this intent."""
        return intent in self.alone_for and self.within_alone(amount)

    def within_alone(self, amount: int | None) -> bool:
        """Whether a change of this worth may be made without a person, for some intent at all."""
        limit = self.alone_up_to if self.autonomy == "do" else None
        return limit is not None and amount is not None and amount <= limit

    def done_text(self, arguments: Mapping[str, Any], language: str | None) -> str:
        """What a customer reads once the change was made."""
        text = self.done.get((language or "en").partition("-")[0], self.done["en"])
        return PLACEHOLDER.sub(lambda found: str(arguments.get(found[1], found[0])), text)

    @property
    def personal(self) -> bool:
        """Whether it tells a customer's own data, so that it takes to know who asks."""
        return not self.anybody


class CustomersConfig(Section):
    """Who somebody in Slack is to the desk's systems.

    `by` is what names a customer there: the e-mail address that Slack has confirmed, or nothing but
    the table `people`, by user id, which always comes first. Guests count only with `guests`;
    people of other workspaces only where the table names them.

    With `connect` others are sent to that address of the shop's, which sends them back with a
    signature by the `secret` (the variable that holds it). It holds `{state}`, and may hold
    `{user}`, their id in Slack. What was connected counts for so many `days`.
    """

    by: Literal["email", "table"] = "email"
    people: dict[Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,}$")], str] = Field(
        default_factory=dict
    )
    guests: bool = False
    connect: str = ""
    secret: EnvName | None = None
    days: Annotated[int, Field(ge=1, le=3650)] = 180

    @model_validator(mode="after")
    def _connectable(self) -> Self:
        if bool(self.connect) != bool(self.secret):
            raise ValueError("connect and secret belong together")
        if self.connect:
            require_safe(self.connect)
        if self.connect and set(PLACEHOLDER.findall(self.connect)) - {"user"} != {"state"}:
            raise ValueError("connect: it holds {state}, and maybe {user}, in braces")
        return self


def _require_schema(schema: dict[str, Any]) -> None:
    """Raise ValueError for what is no JSON schema."""
    # Only desks with tools pay for its import.
    from jsonschema import Draft202012Validator, SchemaError  # noqa: PLC0415

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise ValueError(f"not a JSON schema: {error.message}") from None
