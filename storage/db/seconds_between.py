"""Arithmetic on moments inside the database."""

from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class seconds_between(FunctionElement[float]):  # noqa: N801 - reads as the SQL function it is
    """Seconds from the first moment to the second."""

    type = Float()
    name = "seconds_between"
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _sqlite(element: Any, compiler: Any, **options: Any) -> str:
    begun, ended = (compiler.process(clause, **options) for clause in element.clauses)
    return f"((julianday({ended}) - julianday({begun})) * 86400.0)"


@compiles(seconds_between, "postgresql")
def _postgresql(element: Any, compiler: Any, **options: Any) -> str:
    begun, ended = (compiler.process(clause, **options) for clause in element.clauses)
    return f"extract(epoch from ({ended} - {begun}))"
