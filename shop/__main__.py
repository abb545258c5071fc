"""`python -m shop`: the shop on a port until Ctrl-C; `python -m shop --mcp`: as an MCP server."""

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path

from shop.orders import OrderBook
from shop.server import Shop


def main() -> None:
    """Run the shop."""
    parser = argparse.ArgumentParser(prog="python -m shop", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--book", default=":memory:", help="a SQLite file; without it in memory")
    parser.add_argument("--mcp", action="store_true", help="speak MCP over stdin and stdout")
    given = parser.parse_args()
    book = OrderBook(given.book if given.book == ":memory:" else Path(given.book))
    if given.mcp:
        from shop.mcp_server import mcp_server  # noqa: PLC0415 - an extra

        mcp_server(book).run("stdio")
        return
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(Shop(book, port=given.port)))


async def _serve(shop: Shop) -> None:
    async with shop:
        sys.stdout.write(f"{shop.url}\nSHOP_TOKEN={shop.token}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
