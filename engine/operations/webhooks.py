"""webhook.call: tell another system of something, signed so that it can know who says so.

The headers are those of Standard Webhooks: `webhook-id`, `webhook-timestamp` (Unix time) and
`webhook-signature`, `v1,` and HMAC-SHA256 over `id.timestamp.body` in base 64. Whoever receives it
refuses an old timestamp and an id that it knows already.
"""

import hmac
from base64 import b64decode, b64encode
from decimal import Decimal
from hashlib import sha256
from typing import Any

from engine.operations import interchange
from engine.operations.exchange import address, exchange
from engine.operations.operation import Call, Unanswered
from engine.operations.signature import Signature

TAKES = Signature({"url": "string", "body": "Any", "secret": "string"})
GIVES = Signature({"status": "number"})
_ENCODED = "whsec_"


def call(asked: Call) -> dict[str, Any]:
    """Send the body as signed JSON; the status of the answer, which is not read any further."""
    url, body = asked.inputs["url"], interchange.written(asked.inputs["body"]).encode()
    key = _key(asked.secret(asked.inputs["secret"], address(url).host))
    moment = str(int(asked.now.timestamp()))
    headers = {
        "Content-Type": "application/json", "webhook-id": asked.key, "webhook-timestamp": moment,
        "webhook-signature": signature(key, asked.key, moment, body),
    }  # fmt: skip
    return {"status": Decimal(exchange(asked, "POST", url, headers, body).status)}


def signature(key: bytes, identity: str, moment: str, body: bytes) -> str:
    """The signature of a message."""
    signed = hmac.new(key, f"{identity}.{moment}.".encode() + body, sha256).digest()
    return f"v1,{b64encode(signed).decode()}"


def _key(secret: str) -> bytes:
    """The bytes of a secret: `whsec_` and base 64, or the text itself."""
    if not secret.startswith(_ENCODED):
        return secret.encode()
    try:
        return b64decode(secret.removeprefix(_ENCODED), validate=True)
    except ValueError as error:
        raise Unanswered("the secret is no base 64 after whsec_", hopeless=True) from error
