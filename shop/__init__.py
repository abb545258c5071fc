"""A small web shop on localhost, for the demo and the tests: orders over HTTP and over MCP.

It is somebody else's system: it imports nothing of Deskhand, and Deskhand meets it at its URL only.
"""

from shop.faults import ShopFault
from shop.orders import OrderBook
from shop.server import Shop

__all__ = ["OrderBook", "Shop", "ShopFault"]
