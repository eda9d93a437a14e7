"""sms.send: numbers of telephones, how long a text is, and a gateway of any names."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest

from engine.operations import telephony, texts
from engine.operations.operation import Unanswered
from engine.operations.registry import SHIPPED
from engine.runtime.errors import BusinessError
from engine.settings import SettingsError, load
from tests.engine.operations.conftest import Make
from tests.engine.operations.servers import Web

Send = Callable[..., dict[str, Any]]
READY = {"fr": "Votre acte est prêt", "ar": "رسمكم جاهز", "en": "Ready"}


@pytest.fixture
def send(make: Make, web: Web) -> Send:
    web.answers["/send"] = 202, {"Content-Type": "application/json"}, b'{"id": 1}'

    def send(to: str = "0612345678", text: Any = "Ready", settings: Any = None, **more: str) -> Any:
        given = {"sms_url": f"http://{web.host}/send", "sms_sender": "Commune"} | (settings or {})
        inputs = {"to": to, "text": text, **more}
        return texts.call(make(inputs, private_hosts=web.host, **given))

    return send


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("0612345678", "212", "+212612345678"),
        ("07 12 34 56 78", "212", "+212712345678"),
        ("٠٦١٢٣٤٥٦٧٨", "212", "+212612345678"),
        ("00212 6-12-34-56-78", "212", "+212612345678"),
        ("+33 6 12 34 56 78", "212", "+33612345678"),
        ("0612345678", "33", "+33612345678"),
        ("0522123456", "212", None),  # a fixed line of Casablanca
        ("+212522123456", "212", None),
        ("061234567", "212", None),
        ("06123456789", "212", None),
        ("0612345678", "", None),
        ("612345678", "212", None),
        ("+212 (0)612345678", "212", None),
        ("06x2345678", "212", None),
        ("+1234567", "212", None),
        ("+1234567890123456", "212", None),
        ("", "212", None),
    ],
)
def test_a_number_is_international_or_none(typed: str, country: str, number: str | None) -> None:
    assert telephony.international(typed, country) == number


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3),
        ("é" * 160, 1), ("€" * 80, 1), ("€" * 81, 2), ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3), ("ç" * 70, 1), ("ج" * 70, 1), ("ج" * 71, 2),
        ("ج" * 134, 2), ("ج" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2), ("😀" * 67, 3),
    ],
)  # fmt: skip
def test_a_text_is_as_many_messages_as_the_standard_says(text: str, count: int) -> None:
    assert telephony.segments(text) == count


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_a_message_goes_out_as_json_in_the_language_of_the_person(
    send: Send, web: Web, language: str
) -> None:
    assert send(text=READY, language=language) == {"segments": Decimal(1)}
    [seen] = web.seen
    assert json.loads(seen.body) == {
        "to": "+212612345678", "from": "Commune", "text": READY[language]
    }  # fmt: skip
    assert (seen.method, seen.headers["content-type"]) == ("POST", "application/json")


def test_what_a_person_wrote_cannot_leave_its_place(send: Send, web: Web) -> None:
    odd = '"}{to} & a=b \\ {sender}\n'
    send(text=odd)
    send(text=odd, settings={"sms_body": "phone={to}&msg={text}&empty="})
    assert json.loads(web.seen[0].body)["text"] == odd.strip()
    assert parse_qs(web.seen[1].body.decode(), keep_blank_values=True) == {
        "phone": ["+212612345678"], "msg": [odd.strip()], "empty": [""]
    }  # fmt: skip


def test_a_gateway_may_want_all_of_it_in_the_address(web: Web, make: Make) -> None:
    url = f"http://{web.host}/send?n={{to}}&t={{text}}"
    path = "/send?n=%2B212612345678&t=a%26b%20%D8%AC"
    web.answers[path] = 200, {}, b"ok"
    made = make({"to": "0612345678", "text": "a&b ج"}, private_hosts=web.host, sms_url=url)
    texts.call(replace(made, settings=replace(made.settings, sms_body="")))
    assert (web.seen[0].method, unquote(web.seen[0].path)) == ("GET", unquote(path))


def test_the_gateway_gets_our_key_where_it_takes_one(send: Send, web: Web) -> None:
    send(settings={"sms_key_header": "X-Message-Id"})
    assert web.seen[0].headers["x-message-id"] == "k" * 64
    operation = SHIPPED["sms.send"]
    bare = {"MOUQATAA_DATA": "/nowhere"}
    assert not operation.repeats(load(environ=bare))
    assert operation.repeats(load(environ=bare | {"MOUQATAA_SMS_KEY_HEADER": "X-Message-Id"}))


def test_the_secret_goes_with_it_where_there_is_one(send: Send, web: Web, tmp_path: Path) -> None:
    send()
    (tmp_path / "secrets.toml").write_text('[sms]\nvalue = "x"\nhosts = ["127.0.0.1"]\n')
    send()
    assert "authorization" not in web.seen[0].headers
    assert web.seen[1].headers["authorization"] == "sms for 127.0.0.1"


def test_no_number_is_a_business_error_and_nothing_is_sent(send: Send, web: Web) -> None:
    with pytest.raises(BusinessError) as caught:
        send(to="0522123456")
    assert caught.value.code == "sms.number"
    assert web.seen == []


def test_a_text_that_is_too_long_is_not_sent(send: Send, web: Web) -> None:
    with pytest.raises(Unanswered, match="7 messages") as caught:
        send(text="ج" * 403)
    assert caught.value.hopeless
    assert web.seen == []


@pytest.mark.parametrize("status", [400, 422])
def test_a_message_that_is_refused_is_a_business_error(send: Send, web: Web, status: int) -> None:
    web.answers["/send"] = status, {}, b""
    with pytest.raises(BusinessError) as caught:
        send()
    assert caught.value.code == "sms.refused"


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_what_the_gateway_holds_against_us_is_for_a_person(
    send: Send, web: Web, status: int
) -> None:
    web.answers["/send"] = status, {}, b""
    with pytest.raises(Unanswered) as caught:
        send()
    assert caught.value.hopeless


@pytest.mark.parametrize(("status", "perhaps"), [(500, True), (502, True), (429, False)])
def test_a_gateway_that_broke_down_may_have_sent_it(
    send: Send, web: Web, status: int, *, perhaps: bool
) -> None:
    web.answers["/send"] = status, {}, b""
    with pytest.raises(Unanswered) as caught:
        send()
    assert caught.value.perhaps_done is perhaps


@pytest.mark.parametrize(
    ("name", "value"),
    [("sms_country", "0212"), ("sms_key_header", "X Y"), ("sms_body", '{"to": {to}}')],
)
def test_a_setting_that_cannot_be_is_refused(name: str, value: str) -> None:
    environ = {"MOUQATAA_DATA": "/nowhere", f"MOUQATAA_{name.upper()}": value}
    with pytest.raises(SettingsError, match=name):
        load(environ=environ)
