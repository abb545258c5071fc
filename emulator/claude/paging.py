"""Lists in pages, by cursor."""

from collections.abc import Sequence

from aiohttp import web

from emulator.claude.errors import Json, invalid


def page(rows: Sequence[Json], request: web.Request) -> Json:
    """The page of rows (each with an `id`) that limit, after_id and before_id ask for.

    Raises:
        Refused: 400 when limit is not 1 to 1000.
    """
    ids = [row["id"] for row in rows]
    limit = _limit(request)
    start, end = 0, len(rows)
    if (after := request.query.get("after_id")) in ids:
        start = ids.index(str(after)) + 1
    if (before := request.query.get("before_id")) in ids:
        end = ids.index(str(before))
        start = max(start, end - limit)
    shown = rows[start : min(end, start + limit)]
    return {
        "data": list(shown),
        "has_more": start + limit < end,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
    }


def _limit(request: web.Request) -> int:
    given = request.query.get("limit", "20")
    if not given.isdigit() or not 1 <= int(given) <= 1000:
        raise invalid("limit: Input should be between 1 and 1000")
    return int(given)
