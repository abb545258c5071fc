from collections.abc import Mapping
from typing import Any

class Directive:
    optional_arguments: int
    final_argument_whitespace: bool
    has_content: bool
    option_spec: Mapping[str, Any] | None
    arguments: list[str]
    options: dict[str, str]
    content: list[str]
    content_offset: int
    state: Any
    def run(self) -> list[Any]: ...

class directives:
    @staticmethod
    def register_directive(name: str, directive: type[Directive]) -> None: ...

class roles:
    @staticmethod
    def register_local_role(name: str, role_fn: Any) -> None: ...
