"""How texts and sums go to PostgreSQL and come back."""

from typing import Any

from psycopg.adapt import Loader
from psycopg.types.string import StrDumper

_REPLACED = "\N{REPLACEMENT CHARACTER}"


class AnyText(StrDumper):
    """PostgreSQL keeps every character but NUL: for that one stands the sign for what is lost."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", _REPLACED) if "\0" in obj else obj)


class WholeNumber(Loader):
    """A sum of whole numbers is one, where PostgreSQL answers a decimal; others are floats."""

    def load(self, data: Any) -> int | float:
        told = bytes(data)
        return int(told) if told.lstrip(b"-").isdigit() else float(told)
