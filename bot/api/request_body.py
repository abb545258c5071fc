"""The body of a request, within a time and a size."""

import asyncio

from aiohttp import web

from bot.api.api_failure import ApiFailure

# Bytes: the longest words in any script, as JSON may spell them.
LARGEST = 128 * 1024
BODY_WITHIN = 5.0


async def body_of(request: web.Request) -> bytes:
    """All of it.

    Raises:
        ApiFailure: it does not come in time.
        web.HTTPRequestEntityTooLarge: it is larger than the site takes.
    """
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return await request.read()
    except TimeoutError:
        raise ApiFailure(408, "too_slow", "The body came too slowly.") from None
