"""`python -m shop`: the shop on a port until Ctrl-C; `--mcp`: as an MCP server over pipes.

`--mcp --http` serves MCP over streamable HTTP.
"""

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from shop.orders import OrderBook
from shop.server import Shop

if TYPE_CHECKING:
    from shop.mcp_http import McpShop


def main() -> None:
    """Run the shop."""
    parser = argparse.ArgumentParser(prog="python -m shop", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--book", default=":memory:", help="a SQLite file; without it in memory")
    parser.add_argument("--mcp", action="store_true", help="speak MCP over stdin and stdout")
    parser.add_argument("--http", action="store_true", help="with --mcp: over streamable HTTP")
    given = parser.parse_args()
    book = OrderBook(given.book if given.book == ":memory:" else Path(given.book))
    if given.mcp and given.http:
        from shop.mcp_http import McpShop  # noqa: PLC0415 - an extra

        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(McpShop(book, port=given.port)))
        return
    if given.mcp:
        from shop.mcp_server import mcp_server  # noqa: PLC0415 - an extra

        mcp_server(book).run("stdio")
        return
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(Shop(book, port=given.port)))


async def _serve(shop: "Shop | McpShop") -> None:
    async with shop:
        sys.stdout.write(f"{shop.url}\nSHOP_TOKEN={shop.token}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
