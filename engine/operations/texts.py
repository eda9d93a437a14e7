"""sms.send: a text message through the gateway that the settings describe.

Gateways differ in names alone: the settings say where `{to}`, `{text}`, `{sender}` and `{key}`
stand. Where the gateway does not know a message by our key, one whose answer was lost is not sent
again by itself: a person looks first.
"""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from engine.operations import languages, telephony
from engine.operations.exchange import exchange
from engine.operations.operation import Call, Unanswered
from engine.operations.signature import Signature
from engine.runtime.errors import BusinessError
from engine.settings import Settings

TAKES = Signature({"to": "string", "text": "string | context"}, {"language": "string"})
GIVES = Signature({"segments": "number"})
ERRORS = frozenset({"sms.number", "sms.refused"})
SECRET = "sms"  # noqa: S105 - the name of it
MOST_SEGMENTS = 6
# What a gateway says to whoever runs this machine, not of the message: key, credit, address.
_OURS = frozenset(f"http.{status}" for status in (401, 402, 403, 404, 405))
_BLANK = re.compile(r"\{(to|text|sender|key)\}")


def call(asked: Call) -> dict[str, Any]:
    """Send one text to one telephone; how many messages it was."""
    settings, inputs = asked.settings, asked.inputs
    to = telephony.international(inputs["to"], settings.sms_country)
    if to is None:
        raise BusinessError("sms.number", "no number of a mobile telephone")
    text = languages.told(inputs["text"], languages.language(inputs), "text").strip()
    count = telephony.segments(text)
    if count > MOST_SEGMENTS:
        raise Unanswered(f"the text is {count} messages, {MOST_SEGMENTS} at most", hopeless=True)
    values = {"to": to, "text": text, "sender": settings.sms_sender, "key": asked.key}
    _hand_over(asked, values)
    return {"segments": Decimal(count)}


def unready(settings: Settings) -> tuple[str, ...]:
    """What the settings lack for text messages."""
    return () if settings.sms_url else ("sms_url",)


def _hand_over(asked: Call, values: Mapping[str, str]) -> None:
    settings = asked.settings
    url = _filled(settings.sms_url, values, lambda value: quote(value, safe=""))
    media_type, body = _body(settings.sms_body, values)
    headers = {"Accept": "*/*"} | ({"Content-Type": media_type} if body is not None else {})
    known = settings.sms_key_header
    if known and known.lower() != "idempotency-key":  # the exchange says that one itself
        headers[known] = asked.key
    credential = SECRET if SECRET in settings.secrets() else ""
    try:
        exchange(asked, "GET" if body is None else "POST", url, headers, body, credential)
    except BusinessError as error:
        if error.code in _OURS:
            raise Unanswered(f"the gateway answers {error.code}", hopeless=True) from error
        raise BusinessError("sms.refused", "the gateway refuses the message") from error


def _body(pattern: str, values: Mapping[str, str]) -> tuple[str, bytes | None]:
    """The bytes of a message: JSON or a form, as the pattern is; None where it has none."""
    if not pattern:
        return "", None
    if pattern.lstrip().startswith("{"):
        return "application/json", json.dumps(_each(json.loads(pattern), values)).encode()
    pairs = [(n, _filled(v, values)) for n, v in parse_qsl(pattern, keep_blank_values=True)]
    return "application/x-www-form-urlencoded", urlencode(pairs).encode()


def _each(node: Any, values: Mapping[str, str]) -> Any:
    """A JSON value with every text in it filled."""
    if isinstance(node, dict):
        return {name: _each(item, values) for name, item in node.items()}
    if isinstance(node, list):
        return [_each(item, values) for item in node]
    return _filled(node, values) if isinstance(node, str) else node


def _filled(
    pattern: str, values: Mapping[str, str], written: Callable[[str], str] = str
) -> str:  # fmt: skip
    return _BLANK.sub(lambda blank: written(values[blank[1]]), pattern)
