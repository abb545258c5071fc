"""What SQLite is told about a statement, because it keeps no statistics; PostgreSQL does."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class likely(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function it is
    """A condition that most rows fulfil: an index of its own would save nothing."""

    # Of no declared type: to a boolean SQLAlchemy would add `= 1`.
    name = "likely"
    inherit_cache = True


class apart(FunctionElement[Any]):  # noqa: N801 - as above
    """A column that no index is to be walked along for: SQLite takes it for an expression."""

    name = "apart"
    inherit_cache = True


@compiles(likely, "sqlite")
def _likely(element: likely, compiler: Any, **options: Any) -> str:
    return f"likely({compiler.process(element.clauses, **options)})"


@compiles(apart, "sqlite")
def _apart(element: apart, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


@compiles(likely)
@compiles(apart)
def _unhinted(element: FunctionElement[Any], compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))
