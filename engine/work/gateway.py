"""A payment gateway for trying: no money moves; what becomes of a payment, its centimes say.

It speaks the protocol of docs/reference/payments.md, keeps all in memory, and misbehaves as real
ones do: it repeats its notices, sends them late or never, is slow, and breaks off in its answer.
"""

import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from html import escape
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

from engine.engine import present
from engine.operations import interchange
from engine.operations.payments import signed

# The centimes of an amount -> what becomes of it. Any other waits for someone to press a button.
BEHAVIOURS: Mapping[int, str] = {
    1: "confirm", 2: "refuse", 3: "repeat", 4: "forget", 5: "slow", 6: "drop",
}  # fmt: skip
_LARGEST = 100_000
_PAGE = """<!doctype html><meta charset="utf-8"><title>Paiement d'essai</title>
<h1>Paiement d'essai</h1><p>{description}: {amount} {currency} ({status})</p>
<form method="post"><button name="do" value="confirm">Payer</button>
<button name="do" value="refuse">Refuser</button></form>
"""


@dataclass
class _Payment:
    order: dict[str, Any]
    asked: bytes
    status: str = "open"
    paid_at: str | None = None
    times_paid: int = 0


@dataclass
class Gateway:
    """The payments that were asked for, by their numbers and by the keys of who asked."""

    secret: str
    notify: str = ""
    slowness: float = 3.0
    clock: Callable[[], datetime] = present
    payments: dict[str, _Payment] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def create(self, key: str, body: bytes) -> tuple[int, str]:
        """The payment of this key; made once, and refused for another order with the same key."""
        with self.lock:
            number = self.keys.get(key)
            if number is not None:
                return (200 if self.payments[number].asked == body else 409), number
            number = token_urlsafe(12)
            self.keys[key] = number
            self.payments[number] = _Payment(interchange.read(body.decode()), body)
        behaviour = self.behaviour(number)
        if behaviour not in ("wait", "refuse"):
            self.decide(number, "confirm", behaviour)
        elif behaviour == "refuse":
            self.decide(number, "refuse", behaviour)
        return 201, number

    def behaviour(self, number: str) -> str:
        """What becomes of a payment by itself."""
        amount: Decimal = self.payments[number].order["amount"]
        return BEHAVIOURS.get(int(amount * 100) % 100, "wait")

    def decide(self, number: str, what: str, behaviour: str = "confirm") -> bool:
        """Pay, refuse or cancel an open payment and send the notices; False where it is settled."""
        with self.lock:
            payment = self.payments[number]
            if payment.status == "open" and _moment(payment.order) <= self.clock():
                payment.status = "expired"
            if payment.status != "open":
                return False
            payment.status = {"confirm": "paid", "refuse": "refused"}.get(what, "cancelled")
            if payment.status == "paid":
                payment.paid_at = self.clock().isoformat()
                payment.times_paid += 1
        if behaviour != "forget" and self.notify:
            times = 3 if behaviour == "repeat" else 1
            threading.Thread(target=self._tell, args=(number, times), daemon=True).start()
        return True

    def told(self, number: str, page: str) -> bytes:
        """A payment as it stands."""
        payment = self.payments[number]
        with self.lock:
            if payment.status == "open" and _moment(payment.order) <= self.clock():
                payment.status = "expired"
            known = {name: payment.order[name] for name in ("amount", "currency", "order")}
            found = {"payment": number, "status": payment.status, "page": page, **known}
            if payment.paid_at:
                found |= {"paid_at": payment.paid_at, "receipt": f"R-{number[:6]}"}
        return interchange.written(found).encode()

    def _tell(self, number: str, times: int) -> None:
        """Send the notice, as often as this gateway does; nobody at the other end is no matter."""
        order = self.payments[number].order["order"]
        body = json.dumps({"order": order, "payment": number}).encode()
        for _ in range(times):
            asked = Request(self.notify, body, {"Signature": signed(self.secret, body)})  # noqa: S310
            try:
                urlopen(asked, timeout=5).close()  # noqa: S310 - the address of whoever started us
            except (OSError, HTTPException):
                time.sleep(0.1)


def _moment(order: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(order["expires"])


def server(gateway: Gateway, port: int) -> ThreadingHTTPServer:
    """A server on this port of this machine alone; 0: any that is free."""

    class Handler(_Handler):
        told = gateway

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


class _Handler(BaseHTTPRequestHandler):
    told: Gateway

    def do_GET(self) -> None:
        """A payment, or the page on which it is paid."""
        match self.path.strip("/").split("/"):
            case ["payments", number] if self._known(number) and self._may():
                self._payment(200, number)
            case ["pay", number] if self._known(number):
                self._page(number)
            case _:
                self._say(404, b"")

    def do_POST(self) -> None:
        """Ask for a payment, cancel one, or press a button of its page."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), _LARGEST))
        match self.path.strip("/").split("/"):
            case ["payments"] if self._may():
                self._created(body)
            case ["payments", number, "cancel"] if self._known(number) and self._may():
                self.told.decide(number, "cancel", "forget")
                self._payment(200, number)
            case ["pay", number] if self._known(number):
                self.told.decide(number, parse_qs(body.decode()).get("do", ["refuse"])[0])
                self._page(number)
            case _:
                self._say(404, b"")

    def _created(self, body: bytes) -> None:
        status, number = self.told.create(self.headers.get("Idempotency-Key", ""), body)
        if status == 409:
            self._say(409, b"")
            return
        behaviour = self.told.behaviour(number)
        if status == 201 and behaviour == "slow":
            time.sleep(self.told.slowness)
        self._payment(status, number, cut=status == 201 and behaviour == "drop")

    def _known(self, number: str) -> bool:
        return number in self.told.payments

    def _may(self) -> bool:
        given = self.headers.get("Authorization", "").encode()
        return hmac.compare_digest(given, self.told.secret.encode())

    def _payment(self, status: int, number: str, *, cut: bool = False) -> None:
        page = f"http://{self.headers.get('Host', '')}/pay/{number}"
        self._say(status, self.told.told(number, page), cut=cut)

    def _page(self, number: str) -> None:
        payment = self.told.payments[number]
        shown = {name: escape(str(payment.order[name]))
                 for name in ("description", "amount", "currency")}  # fmt: skip
        html = _PAGE.format(status=payment.status, **shown).encode()
        self._say(200, html, "text/html; charset=utf-8")

    def _say(
        self, status: int, body: bytes, media_type: str = "application/json", *, cut: bool = False
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)

    def log_message(self, *_: object) -> None:
        """Nothing: orders tell of people."""


def serve(gateway: Gateway, port: int, ready: Callable[[int], None]) -> None:
    """Answer until the process is ended; `ready` is told the port."""
    with server(gateway, port) as made:
        ready(int(made.server_address[1]))
        made.serve_forever()
