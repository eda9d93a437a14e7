"""http.request, against servers on this machine."""

import socket
import time
from decimal import Decimal
from typing import Any

import pytest

from engine.operations import hosts, requests
from engine.operations.exchange import LARGEST
from engine.operations.operation import Unanswered
from engine.runtime.errors import BusinessError
from tests.engine.operations import servers
from tests.engine.operations.conftest import Make
from tests.engine.operations.servers import Certificate, Web

JSON = {"Content-Type": "application/json"}


def get(make: Make, web: Web, path: str = "/a", **more: Any) -> dict[str, Any]:
    inputs = {"method": "GET", "url": f"http://{web.host}{path}", **more}
    return requests.call(make(inputs, private_hosts=web.host))


def test_a_json_answer_comes_as_a_value_with_every_digit(make: Make, web: Web) -> None:
    web.answers["/a"] = 200, JSON, b'{"amount": 12.10, "names": ["\xd8\xa7", null]}'
    found = get(make, web)
    assert found == {
        "status": Decimal(200), "media_type": "application/json", "text": None,
        "json": {"amount": Decimal("12.10"), "names": ["\u0627", None]},
    }  # fmt: skip
    assert str(found["json"]["amount"]) == "12.10"


def test_a_text_comes_in_its_charset_and_bytes_do_not_come(make: Make, web: Web) -> None:
    web.answers["/a"] = 200, {"Content-Type": "text/plain; charset=iso-8859-1"}, b"\xe9t\xe9"
    assert get(make, web)["text"] == "été"
    web.answers["/a"] = 200, {"Content-Type": "image/png"}, b"\x89PNG"
    assert get(make, web) == {
        "status": Decimal(200), "media_type": "image/png", "json": None, "text": None
    }  # fmt: skip


def test_a_request_carries_its_json_its_headers_its_key_and_its_credential(
    make: Make, web: Web
) -> None:
    web.answers["/p%20q?x=%C3%A9"] = 200, {}, b""
    inputs = {
        "method": "POST", "url": f"http://{web.host}/p q?x=é", "headers": {"X-Office": "MAR"},
        "json": {"n": Decimal("1E+2"), "half": Decimal("0.5"), "who": "فاطمة"},
        "credential": "registry",
    }  # fmt: skip
    requests.call(make(inputs, private_hosts=web.host))
    [seen] = web.seen
    assert seen.body.decode() == '{"n":100,"half":0.5,"who":"فاطمة"}'
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["x-office"] == "MAR"
    assert seen.headers["idempotency-key"] == "k" * 64
    assert seen.headers["authorization"] == "registry for 127.0.0.1"
    assert seen.headers["host"] == web.host


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_refusal_is_a_business_error_by_its_status(make: Make, web: Web, status: int) -> None:
    web.answers["/a"] = status, {}, b"Bennani is unknown"
    with pytest.raises(BusinessError) as caught:
        get(make, web)
    assert caught.value.code == f"http.{status}"
    assert "Bennani" not in str(caught.value)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_trouble_is_tried_again_not_before_the_service_asks(
    make: Make, web: Web, status: int
) -> None:
    web.answers["/a"] = status, {"Retry-After": "120"}, b""
    with pytest.raises(Unanswered) as caught:
        get(make, web)
    assert (caught.value.after, caught.value.hopeless) == (120, False)


def refused(make: Make, url: str, **settings: str) -> str:
    with pytest.raises(Unanswered) as caught:
        requests.call(make({"method": "GET", "url": url}, **settings))
    assert caught.value.hopeless
    return caught.value.reason


def test_a_host_that_the_settings_do_not_name_is_not_called(make: Make, web: Web) -> None:
    url = f"http://{web.host}/a"
    assert "private_hosts" in refused(make, url, service_hosts=web.host)
    assert "not among" in refused(make, f"https://{web.host}/a", service_hosts="127.0.0.1")
    assert "not among" in refused(make, "https://evil.example/", service_hosts="*.good.example")
    assert web.seen == []


def test_a_name_that_points_into_the_house_is_refused_at_the_connection(
    make: Make, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", web.port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [place])
    host = f"api.example:{web.port}"
    assert "private address" in refused(make, f"https://{host}/a", service_hosts=host)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "gopher://h/", "https:///a", "https://u:p@h/", "https://[::1", "a",
     "https://h:99999/"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(make: Make, url: str) -> None:
    assert "address" in refused(make, url, service_hosts="h")


@pytest.mark.parametrize(
    ("address", "open_to_all"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("10.1.2.3", False),
        ("127.0.0.1", False), ("169.254.169.254", False), ("0.0.0.0", False),
        ("224.0.0.1", False), ("100.64.0.1", False), ("::1", False), ("fe80::1", False),
        ("fd00::1", False), ("::ffff:127.0.0.1", False), ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True), ("2002:7f00:1::", False), ("::", False),
    ],
)  # fmt: skip
def test_an_address_is_public_or_it_is_not(address: str, open_to_all: bool) -> None:
    assert hosts.public(address) is open_to_all


@pytest.mark.parametrize(
    ("entry", "host", "port", "named"),
    [
        ("a.example", "a.example", 443, True), ("a.example", "a.example", 8443, False),
        ("a.example:8443", "a.example", 8443, True), ("*.example", "b.a.example", 443, True),
        ("*.example", "example", 443, False), ("*.example", "badexample", 443, False),
        ("[::1]:9", "::1", 9, True), ("a.example:x", "a.example", 443, False),
    ],
)  # fmt: skip
def test_an_entry_names_a_host_at_its_port_or_all_below(
    entry: str, host: str, port: int, named: bool
) -> None:
    assert hosts.listed(host, port, 443, (entry,)) is named


def test_a_redirection_leads_only_where_the_settings_allow(make: Make, web: Web) -> None:
    web.answers["/a"] = 302, {"Location": "/b"}, b""
    web.answers["/b"] = 200, JSON, b"1"
    assert get(make, web)["json"] == Decimal(1)
    with servers.web() as other:
        web.answers["/a"] = 302, {"Location": f"http://{other.host}/"}, b""
        with pytest.raises(Unanswered):
            get(make, web)
        assert other.seen == []


def test_a_credential_is_not_taken_along_to_another_host(make: Make, web: Web) -> None:
    there = f"http://localhost:{web.port}/b"
    web.answers |= {"/a": (307, {"Location": there}, b""), "/b": (200, JSON, b"1")}
    inputs = {"method": "GET", "url": f"http://{web.host}/a", "credential": "c"}
    requests.call(make(inputs, private_hosts=f"{web.host} localhost:{web.port}"))
    assert ["authorization" in seen.headers for seen in web.seen] == [True, False]


def test_a_request_that_does_something_is_not_sent_elsewhere_unasked(make: Make, web: Web) -> None:
    web.answers["/a"] = 302, {"Location": "/b"}, b""
    inputs = {"method": "POST", "url": f"http://{web.host}/a", "json": Decimal(1)}
    with pytest.raises(Unanswered, match="302"):
        requests.call(make(inputs, private_hosts=web.host))
    assert len(web.seen) == 1


def test_an_endless_redirection_ends(make: Make, web: Web) -> None:
    web.answers["/a"] = 302, {"Location": "/a"}, b""
    with pytest.raises(Unanswered, match="again and again"):
        get(make, web)
    assert len(web.seen) == 6


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "Host", "Idempotency-Key"])
def test_a_header_that_carries_secrets_or_frames_is_not_the_models(
    make: Make, web: Web, name: str
) -> None:
    with pytest.raises(Unanswered, match="not the model's"):
        get(make, web, headers={name: "x"})


def test_a_header_cannot_hold_another_header(make: Make, web: Web) -> None:
    with pytest.raises(Unanswered):
        get(make, web, headers={"X-A": "1\r\nX-B: 2"})
    assert web.seen == []


def test_an_answer_that_is_too_large_or_no_json_is_none(make: Make, web: Web) -> None:
    web.answers["/a"] = 200, {"Content-Type": "text/plain"}, b"x" * (LARGEST + 1)
    with pytest.raises(Unanswered, match="more than"):
        get(make, web)
    for body in (b"{", b"NaN", b"1e999999", b"\xff", b"[" * 100_000):
        web.answers["/a"] = 200, JSON, body
        with pytest.raises(Unanswered, match="is no application/json"):
            get(make, web)


def test_an_answer_that_breaks_off_is_none(make: Make) -> None:
    def half(other: socket.socket) -> None:
        other.recv(1000)
        other.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")

    with servers.raw(half) as port:
        inputs = {"method": "GET", "url": f"http://127.0.0.1:{port}/"}
        with pytest.raises(Unanswered, match="broke off") as caught:
            requests.call(make(inputs, private_hosts=f"127.0.0.1:{port}"))
    assert caught.value.perhaps_done


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_service_that_drips_is_cut_off_at_the_limit_of_time(make: Make, start: bytes) -> None:
    def drip(other: socket.socket) -> None:
        other.recv(1000)
        other.sendall(start)
        for _ in range(40):
            other.sendall(b"H")
            time.sleep(0.05)

    begun = time.monotonic()
    with servers.raw(drip) as port:
        inputs = {"method": "GET", "url": f"http://127.0.0.1:{port}/"}
        with pytest.raises(Unanswered, match="longer than"):
            requests.call(make(inputs, 0.3, private_hosts=f"127.0.0.1:{port}"))
        assert time.monotonic() - begun < 1.5


def test_a_service_that_is_down_is_tried_again(make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    inputs = {"method": "GET", "url": f"http://127.0.0.1:{port}/"}
    with pytest.raises(Unanswered, match="cannot be reached") as caught:
        requests.call(make(inputs, private_hosts=f"127.0.0.1:{port}"))
    assert (caught.value.hopeless, caught.value.perhaps_done) == (False, False)


def test_a_certificate_is_checked_with_the_name_it_is_for(
    make: Make, certificate: Certificate
) -> None:
    with servers.web(certificate.context) as web:
        web.answers["/a"] = 200, JSON, b"true"
        inputs = {"method": "GET", "url": f"https://{web.host}/a"}
        trusting = {"authorities_file": str(certificate.authority), "private_hosts": web.host}
        assert requests.call(make(inputs, **trusting))["json"] is True
        with pytest.raises(Unanswered, match="not trusted"):
            requests.call(make(inputs, private_hosts=web.host))
        hosts_ = f"127.0.0.2:{web.port}"
        elsewhere = {"method": "GET", "url": f"https://{hosts_}/a"}
        with pytest.raises(Unanswered):
            requests.call(make(elsewhere, **trusting | {"private_hosts": hosts_}))
        assert len(web.seen) == 1


def test_an_https_service_may_not_lead_to_http(make: Make, certificate: Certificate) -> None:
    with servers.web(certificate.context) as web, servers.web() as plain:
        web.answers["/a"] = 302, {"Location": f"http://{plain.host}/"}, b""
        inputs = {"method": "GET", "url": f"https://{web.host}/a"}
        given = {"authorities_file": str(certificate.authority)}
        with pytest.raises(Unanswered, match="from https to http"):
            requests.call(make(inputs, private_hosts=f"{web.host} {plain.host}", **given))
        assert plain.seen == []
