"""http.request: ask a service that the settings allow, and take its answer into the case."""

from decimal import Decimal
from typing import Any

from engine.operations import interchange
from engine.operations.exchange import Answer, exchange
from engine.operations.operation import Call, Unanswered
from engine.operations.signature import Signature

TAKES = Signature(
    {"method": "string", "url": "string"},
    {"headers": "context", "json": "Any", "body": "string", "credential": "string"},
)
GIVES = Signature({"status": "number"}, {"json": "Any", "text": "string", "media_type": "string"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_TEXTS = ("text/", "application/xml", "application/problem+xml", "application/x-www-form-")


def call(asked: Call) -> dict[str, Any]:
    """Make the request; a JSON answer comes as a value, another text as a text."""
    inputs = asked.inputs
    method = str(inputs["method"]).upper()
    if method not in _METHODS:
        raise Unanswered(f"the method is none of {', '.join(sorted(_METHODS))}", hopeless=True)
    headers, body = _sent(inputs)
    answer = exchange(asked, method, inputs["url"], headers, body, inputs.get("credential") or "")
    return mapped(answer)


def _sent(inputs: Any) -> tuple[dict[str, str], bytes | None]:
    """The headers and the bytes that the inputs mean."""
    headers = {"Accept": "application/json, text/*;q=0.5"}
    for name, value in (inputs.get("headers") or {}).items():
        if not isinstance(value, str):
            raise Unanswered(f"the header {name} is no text", hopeless=True)
        headers[name] = value
    if inputs.get("json") is not None:
        if inputs.get("body") is not None:
            raise Unanswered("give json or body, not both", hopeless=True)
        return {"Content-Type": "application/json", **headers}, _json(inputs["json"])
    if inputs.get("body") is not None:
        return {"Content-Type": "text/plain; charset=utf-8", **headers}, inputs["body"].encode()
    return headers, None


def _json(value: Any) -> bytes:
    return interchange.written(value).encode()


def mapped(answer: Answer) -> dict[str, Any]:
    """An answer as values: status, media type, and the JSON or the text of its body."""
    media_type, _, rest = answer.headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    found: dict[str, Any] = {
        "status": Decimal(answer.status), "media_type": media_type, "json": None, "text": None
    }  # fmt: skip
    if not answer.body:
        return found
    is_json = media_type == "application/json" or media_type.endswith("+json")
    if not is_json and not media_type.startswith(_TEXTS):
        return found
    try:
        text = answer.body.decode("utf-8" if is_json else _charset(rest))
        return found | ({"json": interchange.read(text)} if is_json else {"text": text})
    except (ValueError, LookupError) as error:
        raise Unanswered(f"the answer is no {media_type}: {type(error).__name__}") from error


def _charset(parameters: str) -> str:
    for one in parameters.split(";"):
        name, _, value = one.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"')
    return "utf-8"
