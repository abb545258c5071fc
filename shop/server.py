"""The shop over HTTP: JSON endpoints behind a bearer token, on loopback.

    GET  /orders?customer=EMAIL&lang=vi          the customer's orders
    GET  /orders/NUMBER?customer=EMAIL&lang=vi   one order
    GET  /orders/NUMBER/invoice?customer=EMAIL
    POST /orders/NUMBER/cancel                   {"customer": EMAIL}
    POST /orders/NUMBER/refunds                  {"customer": EMAIL, "amount": 50000}
    POST /orders/NUMBER/address                  {"customer": EMAIL, "address": "…"}

A write wants an `Idempotency-Key`; the same key does it once. Without a `customer` the shop answers
for any order, as many do: whose it is, the order says.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiohttp import web

from shop.faults import FaultKind, ShopFault
from shop.orders import JSON, OrderBook, Refused, UnknownOrder

FAULT = web.RequestKey("fault", ShopFault)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Shop:
    """A running shop; an async context manager. `requests` are the calls it got, path and query."""

    def __init__(self, book: OrderBook | None = None, *, port: int = 0) -> None:
        self.book = book or OrderBook()
        self.token = f"shop-{secrets.token_hex(12)}"
        self.requests: list[str] = []
        self._faults: list[ShopFault] = []
        self._port = port
        self._runner: web.AppRunner | None = None

    def fault(
        self, kind: FaultKind, path: str = "/", *, times: int | None = 1, **options: Any
    ) -> ShopFault:
        """Have the next requests for a path meet a fault."""
        fault = ShopFault(kind, path, times, options)
        self._faults.append(fault)
        return fault

    def recover(self) -> None:
        """End all faults."""
        self._faults.clear()

    @property
    def url(self) -> str:
        """Where it is, without a path.

        Raises:
            RuntimeError: it is not running.
        """
        if self._runner is None:
            raise RuntimeError("the shop is not running; use it in `async with`")
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._at_the_door])
        app.router.add_get("/orders", self._orders)
        app.router.add_get("/orders/{number}", self._order)
        app.router.add_get("/orders/{number}/invoice", self._invoice)
        app.router.add_post("/orders/{number}/cancel", self._cancel)
        app.router.add_post("/orders/{number}/refunds", self._refund)
        app.router.add_post("/orders/{number}/address", self._move)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _at_the_door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.path_qs}")
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"error": "unauthorized"}, status=401)
        fault = next((each for each in self._faults if each.strikes(request.path)), None)
        if fault is not None:
            request[FAULT] = fault
            if broken := await self._broken(fault):
                return broken
        try:
            response = await handler(request)
        except UnknownOrder:
            response = web.json_response({"error": "not_found"}, status=404)
        except Refused as refused:
            response = web.json_response({"error": refused.code}, status=409)
        if fault is not None and fault.kind == "drop" and request.transport is not None:
            request.transport.abort()
        if fault is not None and fault.kind == "words":
            return web.Response(text="OK")
        return response

    async def _broken(self, fault: ShopFault) -> web.Response | None:
        if fault.kind == "slow":
            await asyncio.sleep(float(fault.options.get("seconds", 1)))
        elif fault.kind == "error":
            return web.json_response(
                {"error": "down"}, status=int(fault.options.get("status", 503))
            )
        elif fault.kind == "said":
            text = str(fault.options["text"]).encode()
            return web.Response(
                body=text or None,
                status=int(fault.options.get("status", 200)),
                headers=fault.options.get("headers", {"Content-Type": "application/json"}),
            )
        elif fault.kind == "garbage":
            return web.Response(text="<!doctype html><p>Sign in</p>", content_type="text/html")
        elif fault.kind == "huge":
            return web.json_response({"number": "x" * 5_000_000})
        return None

    async def _orders(self, request: web.Request) -> web.StreamResponse:
        found = self.book.orders_of(request.query["customer"], request.query.get("lang", "en"))
        return web.json_response({"orders": found})

    async def _order(self, request: web.Request) -> web.StreamResponse:
        number, customer = request.match_info["number"], request.query.get("customer")
        fault = request.get(FAULT)
        if fault is not None and fault.kind == "foreign":
            number, customer = str(fault.options["number"]), None
        order = self.book.order(number, customer, request.query.get("lang", "en"))
        if fault is not None and fault.kind == "odd":
            return _odd(order, str(fault.options["json"]))
        return web.json_response(_spoiled(order, fault))

    async def _invoice(self, request: web.Request) -> web.StreamResponse:
        number, customer = request.match_info["number"], request.query.get("customer")
        return web.json_response(self.book.invoice(number, customer))

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        body, key = await _write(request)
        fault = request.get(FAULT)
        half = fault is not None and fault.kind == "half"
        number = request.match_info["number"]
        order = self.book.cancel(number, body.get("customer"), key, half=half)
        return web.json_response({"error": "broken"}, status=500) if half else _answer(order)

    async def _refund(self, request: web.Request) -> web.StreamResponse:
        body, key = await _write(request)
        number, customer = request.match_info["number"], body.get("customer")
        return _answer(self.book.refund(number, customer, int(body.get("amount", 0)), key))

    async def _move(self, request: web.Request) -> web.StreamResponse:
        body, key = await _write(request)
        number, customer = request.match_info["number"], body.get("customer")
        return _answer(self.book.move(number, customer, str(body.get("address", "")), key))


async def _write(request: web.Request) -> tuple[JSON, str]:
    """The body of a write and its key."""
    key = request.headers.get("Idempotency-Key")
    if not key:
        raise web.HTTPBadRequest(text='{"error": "Idempotency-Key is required"}')
    return await request.json(), key


def _answer(order: JSON) -> web.StreamResponse:
    return web.json_response(order)


def _odd(order: JSON, total: str) -> web.Response:
    """The order with a total that no order has, and that JSON of another hand may hold."""
    text = json.dumps({**order, "total": "@"}).replace('"@"', total)
    return web.Response(text=text, content_type="application/json")


def _spoiled(order: JSON, fault: ShopFault | None) -> JSON:
    if fault is None:
        return order
    if fault.kind == "schema":
        return {"order": order["number"], "state": 7, "shipments": "see the portal"}
    if fault.kind == "injected":
        return {**order, "status_text": str(fault.options["text"])}
    return order
