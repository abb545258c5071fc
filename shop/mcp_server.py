"""The same books as an MCP server, for agents: over stdio, or streamable HTTP.

It takes the official library, `mcp`, which is installed by `deskhand[mcp]`.
"""

from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from shop.orders import OrderBook, Refused, UnknownOrder


def mcp_server(book: OrderBook, *, changed: bool = False) -> MCPServer:
    """The shop's tools over its books; `changed` ones want to know of a branch as well."""
    server = MCPServer("shop")

    def get_order(number: str, customer: str, lang: str = "en") -> dict[str, Any]:
        """One order of a customer: its status, shipments, refunds."""
        try:
            return book.order(number, customer, lang)
        except UnknownOrder:
            raise ToolError("not_found") from None

    def get_order_of(number: str, customer: str, branch: str, lang: str = "en") -> dict[str, Any]:
        """One order of a customer at a branch: its status, shipments, refunds."""
        return get_order(number, customer, lang if branch else "en")

    server.add_tool(get_order_of if changed else get_order, name="get_order")

    @server.tool()
    def list_orders(customer: str, lang: str = "en") -> dict[str, Any]:
        """The orders of a customer, the latest first."""
        return {"orders": book.orders_of(customer, lang)}

    @server.tool()
    def cancel_order(number: str, customer: str, key: str) -> dict[str, Any]:
        """Cancel an order of a customer; the same key does it once."""
        try:
            return book.cancel(number, customer, key)
        except UnknownOrder:
            raise ToolError("not_found") from None
        except Refused as refused:
            raise ToolError(refused.code) from None

    return server
