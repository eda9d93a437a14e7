"""payment.request: ask a gateway for a payment, and wait until it was paid, refused or is too late.

A payment is not at once. The call creates it, or finds it again by its key, and asks how it stands;
as long as it is open the answer is "not yet", with the page on which the citizen pays. Notices of
the gateway only wake the next question: they may come twice, in any order, or never.

The protocol (docs/reference/payments.md) is small: between it and a bank stands an adapter of the
city, or `mouqataa payment simulate` while there is no contract yet.
"""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from engine.operations import interchange
from engine.operations.exchange import address, exchange
from engine.operations.operation import Call, Pending, Unanswered
from engine.operations.signature import Signature
from engine.runtime.errors import BusinessError
from engine.settings import Settings

NAME = "payment.request"
TAKES = Signature(
    {"amount": "number", "reference": "string", "description": "string"},
    {"currency": "string", "expires": "date and time", "back": "string"},
)
GIVES = Signature(
    {"payment": "string", "amount": "number", "currency": "string", "paid_at": "date and time"},
    {"receipt": "string"},
)
EXPIRED, REFUSED = "payment_expired", "payment_refused"
ERRORS = frozenset({EXPIRED, REFUSED})
SECRET = "payment"  # noqa: S105 - the name of it
# Digits after the point of the currencies that a Moroccan commune may meet (ISO 4217).
PLACES: Mapping[str, int] = {"MAD": 2, "EUR": 2, "USD": 2, "GBP": 2, "CAD": 2, "CHF": 2, "TND": 3}
LONGEST = timedelta(days=60)
_SOONEST, _LATEST = 15, 900  # seconds between two questions
_SHARE = 0.25  # of the time that it has waited already


def call(asked: Call) -> dict[str, Any]:
    """How a payment stands; raises Pending while it is open."""
    order = _order(asked)
    payment = asked.kept.get("payment")
    if payment is None:  # or not known here: its number was lost on the way
        found = _asked(asked, "POST", "", order)
    else:
        found = _asked(asked, "GET", f"/{quote(payment, safe='')}", None)
    if found.get("status") == "open" and asked.now >= order["expires"]:
        # The gateway has the last word: who pays at this very moment has paid.
        key = sha256(f"{asked.key}cancel".encode()).hexdigest()
        path = f"/{quote(_number(found), safe='')}/cancel"
        found = _asked(replace(asked, key=key), "POST", path, {})
    return _settled(asked, found, order)


def _order(asked: Call) -> dict[str, Any]:
    """What is asked for, the same at every attempt; raises Unanswered for what makes no sense."""
    inputs, currency = asked.inputs, asked.inputs.get("currency") or "MAD"
    expires: datetime = inputs.get("expires") or asked.since + timedelta(days=1)
    if expires > asked.since + LONGEST:
        raise Unanswered(f"a payment expires within {LONGEST.days} days", hopeless=True)
    order = {
        "amount": _amount(inputs["amount"], currency), "currency": currency,
        "reference": inputs["reference"], "description": inputs["description"],
        "expires": expires, "order": asked.order,
    }  # fmt: skip
    return order | ({"back": inputs["back"]} if inputs.get("back") else {})


def unready(settings: Settings) -> tuple[str, ...]:
    """What the settings lack for payments."""
    lacking = () if settings.payment_url else ("payment_url",)
    return lacking if SECRET in settings.secrets() else (*lacking, f"secret {SECRET}")


def noticed(settings: Settings, body: bytes, signature: str) -> str | None:
    """The order that a notice of the gateway is about; None where its signature does not hold.

    The signature is HMAC-SHA256 of the body by the secret `payment`, in hexadecimal.
    """
    kept = settings.secrets().get(SECRET)
    if kept is None or not settings.payment_url:
        return None
    if not hmac.compare_digest(signed(kept.value, body).encode(), signature.strip().encode()):
        return None
    try:
        order = interchange.read(body.decode())["order"]
    except (ValueError, TypeError, KeyError):
        return None
    return order if isinstance(order, str) else None


def signed(secret: str, body: bytes) -> str:
    """The signature of a notice."""
    return hmac.new(secret.encode(), body, sha256).hexdigest()


def _amount(value: Decimal, currency: str) -> Decimal:
    places = PLACES.get(currency)
    if places is None:
        known = ", ".join(PLACES)
        raise Unanswered(f"the currency is none of {known}", hopeless=True)
    exact = value.quantize(Decimal(1).scaleb(-places)) if abs(value) < 10**12 else Decimal(0)
    if exact <= 0 or exact != value:
        reason = f"an amount is more than 0, with {places} digits after the point"
        raise Unanswered(reason, hopeless=True)
    return exact


def _asked(asked: Call, method: str, path: str, order: Any) -> dict[str, Any]:
    url = asked.settings.payment_url.rstrip("/") + "/payments" + path
    body = interchange.written(order).encode() if order is not None else None
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    try:
        answer = exchange(asked, method, url, headers, body, SECRET)
        found = interchange.read(answer.body.decode())
    except BusinessError as error:
        raise Unanswered(f"the gateway answers {error.code}", hopeless=True) from error
    except ValueError as error:
        raise Unanswered("the gateway's answer is no JSON") from error
    if not isinstance(found, dict):
        raise Unanswered("the gateway's answer is no payment")
    return found


def _number(found: dict[str, Any]) -> str:
    payment = found.get("payment")
    if not isinstance(payment, str) or not 0 < len(payment) <= 200:
        raise Unanswered("the gateway's answer names no payment")
    return payment


def _settled(asked: Call, found: dict[str, Any], order: dict[str, Any]) -> dict[str, Any]:
    """What an answer of the gateway means; a payment of another sum is for a person."""
    payment, amount, currency = _number(found), order["amount"], order["currency"]
    if (found.get("amount"), found.get("currency")) != (amount, currency):
        reason = "the gateway tells of another amount or currency than was asked for"
        raise Unanswered(reason, hopeless=True, perhaps_done=True)
    match found.get("status"):
        case "paid":
            return {
                "payment": payment, "amount": amount, "currency": currency,
                "paid_at": _moment(found.get("paid_at")), "receipt": _receipt(found),
            }  # fmt: skip
        case "refused":
            raise BusinessError(REFUSED, "the payment was refused")
        case "expired" | "cancelled":
            raise BusinessError(EXPIRED, "the payment was not made in time")
        case "open":
            waited = (asked.now - asked.since).total_seconds() * _SHARE
            after = round(min(max(waited, _SOONEST), _LATEST))
            page, until = _page(asked, found.get("page")), order["expires"]
            raise Pending(after, until, {"page": page, "payment": payment, "until": until})
    raise Unanswered("the gateway tells of no state that a payment has")


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Unanswered("the gateway does not say when it was paid", perhaps_done=True) from error
    if moment.tzinfo is None:
        raise Unanswered("the gateway does not say when it was paid", perhaps_done=True)
    return moment


def _receipt(found: dict[str, Any]) -> str | None:
    receipt = found.get("receipt")
    return receipt if isinstance(receipt, str) else None


def _page(asked: Call, page: Any) -> str:
    """The page on which the citizen pays: of an https address, or of the gateway's own host."""
    if not isinstance(page, str) or len(page) > 2_000:
        raise Unanswered("the gateway names no page to pay on")
    place, own = address(page), address(asked.settings.payment_url)
    if place.scheme != "https" and place.host != own.host:
        raise Unanswered("the page to pay on is not encrypted", hopeless=True)
    return page
