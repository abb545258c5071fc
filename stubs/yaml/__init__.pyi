# What we use of PyYAML: its composer, which builds nodes and constructs nothing; tests construct.
from collections.abc import Iterator
from typing import Any

class YAMLError(Exception): ...

class MarkedYAMLError(YAMLError):
    problem: str | None

class Node:
    tag: str
    value: object

class ScalarNode(Node):
    value: str

class SequenceNode(Node):
    value: list[Node]

class MappingNode(Node):
    value: list[tuple[Node, Node]]

class SafeLoader: ...

def compose(stream: str, Loader: type[SafeLoader] = ...) -> Node | None: ...
def safe_dump(
    data: object, *, allow_unicode: bool = ..., sort_keys: bool = ..., width: float = ...
) -> str: ...
def safe_load(stream: str) -> Any: ...
def safe_load_all(stream: str) -> Iterator[Any]: ...
