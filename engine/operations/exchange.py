"""One exchange over HTTP: a request, its redirections, an answer within limits of size and time."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from engine.operations import hosts
from engine.operations.operation import Call, Unanswered
from engine.operations.watch import Watch, trusted, watching
from engine.runtime.errors import BusinessError
from engine.version import VERSION

LARGEST = 500_000  # bytes of an answer: a case is not a store
_REDIRECTIONS = 5
_USUAL = {"https": 443, "http": 80}
_KEPT_WHOLE = "/%:@!$&'()*+,;=~-._?"
# What the exchange itself says, or what would carry a secret through the model.
_OURS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "authorization", "cookie"}
    | {"proxy-authorization", "idempotency-key", "accept-encoding", "upgrade", "te", "expect"}
)
AGAIN = frozenset({408, 429})
ERRORS = frozenset(f"http.{status}" for status in range(400, 500) if status not in AGAIN)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes: scheme, host, port, and the rest as it is written on the wire."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def usual(self) -> int:
        """The port that the scheme means where none is written."""
        return _USUAL[self.scheme]

    @property
    def named(self) -> str:
        """Host and port as the header Host has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == self.usual else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers by their names in small letters, the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def address(text: str) -> Address:
    """The address of a text; raises Unanswered for what is none that can be called."""
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host.encode("idna").decode() if not host.isascii() else host
    except ValueError as error:
        raise Unanswered("the address cannot be read", hopeless=True) from error
    if parts.scheme not in _USUAL or not host or parts.username is not None:
        reason = "an address is https://host/…, without a name or password before the host"
        raise Unanswered(reason, hopeless=True)
    query = f"?{parts.query}" if parts.query else ""
    target = quote((parts.path or "/") + query, safe=_KEPT_WHOLE)
    return Address(parts.scheme, host, port or _USUAL[parts.scheme], target)


def exchange(
    call: Call, method: str, url: str, headers: Mapping[str, str], body: bytes | None,
    credential: str = "",
) -> Answer:  # fmt: skip
    """Ask and get the answer; redirections lead only to hosts that the settings allow.

    `credential` names the secret that becomes the header Authorization, for its own hosts only.
    Raises Unanswered, and BusinessError for a status that refuses (`http.404`).
    """
    _clean(headers)
    place = address(url)
    with watching(place.host, call.timeout) as watch:
        for _ in range(_REDIRECTIONS + 1):
            given = {"User-Agent": f"Mouqataa/{VERSION}", "Connection": "close", **headers}
            if body is not None or method not in ("GET", "HEAD"):
                given["Idempotency-Key"] = call.key
            if credential:
                given["Authorization"] = call.secret(credential, place.host)
            answer = _one(call, watch, place, method, given, body)
            if answer.status not in (301, 302, 303, 307, 308):
                return _settled(place, answer)
            before, place = place, _next(place, answer, method)
            if answer.status == 303:
                method, body = "GET", None
            if before.host != place.host:
                credential = ""
        raise Unanswered(f"{place.host} redirects again and again", hopeless=True)


def _clean(headers: Mapping[str, str]) -> None:
    for name in headers:
        if name.lower() in _OURS:
            raise Unanswered(f"the header {name} is not the model's to write", hopeless=True)


def _one(
    call: Call, watch: Watch, place: Address, method: str, headers: Mapping[str, str],
    body: bytes | None,
) -> Answer:  # fmt: skip
    if place.scheme == "http" and not hosts.listed(
        place.host, place.port, place.usual, call.settings.private_hosts
    ):
        reason = f"{place.host} must be called by https: only private_hosts may be read on the way"
        raise Unanswered(reason, hopeless=True)
    sock = hosts.connected(call.settings, place.host, place.port, place.usual, watch.left)
    connection = HTTPConnection(place.host, place.port, timeout=call.timeout)
    connection.auto_open = 0  # never to an address that was not checked
    sent = False
    try:
        watch.hold(sock)
        if place.scheme == "https":
            sock = trusted(call.settings).wrap_socket(
                sock, server_hostname=place.host, do_handshake_on_connect=False
            )
            watch.hold(sock)
            sock.do_handshake()
        connection.sock = sock
        sent = True
        connection.request(method, place.target, body, {**headers, "Host": place.named})
        return _read(place, connection.getresponse())
    except ssl.SSLCertVerificationError as error:
        reason = f"the certificate of {place.host} is not trusted: {error.verify_message}"
        raise Unanswered(reason) from error
    except (OSError, HTTPException, ValueError) as error:
        watch.check()
        reason = f"{place.host} broke off: {type(error).__name__}"
        raise Unanswered(reason, perhaps_done=sent) from error
    finally:
        sock.close()
        connection.close()


def _read(place: Address, response: HTTPResponse) -> Answer:
    body = response.read(LARGEST + 1)
    if len(body) > LARGEST:
        reason = f"{place.host} answers more than {LARGEST:,} bytes"
        raise Unanswered(reason, hopeless=True, perhaps_done=True)
    if response.length:  # what is still to come, and does not
        raise Unanswered(f"{place.host} broke off in its answer", perhaps_done=True)
    headers = {name.lower(): value for name, value in response.getheaders()}
    if headers.get("content-encoding", "identity") != "identity":
        raise Unanswered(f"{place.host} answers in an encoding that was not asked for")
    return Answer(response.status, headers, body)


def _next(place: Address, answer: Answer, method: str) -> Address:
    """Where a redirection leads; a request that does something is not sent elsewhere unasked."""
    if answer.status in (301, 302) and method not in ("GET", "HEAD"):
        reason = f"{place.host} answers {answer.status} to a {method}: write the new address"
        raise Unanswered(reason, hopeless=True)
    old = f"{place.scheme}://{place.named}{place.target}"
    found = address(urljoin(old, answer.headers.get("location", "")))
    if place.scheme == "https" and found.scheme == "http":
        raise Unanswered(f"{place.host} leads from https to http", hopeless=True)
    return found


def _settled(place: Address, answer: Answer) -> Answer:
    status = answer.status
    if status in AGAIN or status >= 500:
        after = answer.headers.get("retry-after", "")
        seconds = int(after) if re.fullmatch(r"\d{1,5}", after) else 0
        raise Unanswered(
            f"{place.host} answers {status}", after=min(seconds, 3600), perhaps_done=status >= 500
        )
    if status >= 400:
        raise BusinessError(f"http.{status}", f"{place.host} refuses")
    if not 200 <= status < 300:
        raise Unanswered(f"{place.host} answers {status}", hopeless=True)
    return answer


def unready(settings: Any) -> tuple[str, ...]:
    """What the settings lack for any exchange."""
    return () if settings.service_hosts or settings.private_hosts else ("service_hosts",)
