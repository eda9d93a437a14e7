"""mail.send against aiosmtpd, a mail server that is not ours: it holds to the standards.

What our own server of test_mails.py cannot prove: that another takes what we say, and says it as
the standards have it. Refusals and broken connections are tried there.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from engine.operations import mails
from engine.operations.operation import Paper, Unanswered
from tests.engine.operations.conftest import Make
from tests.engine.operations.servers import Certificate
from tests.engine.operations.test_mails import LETTER, TEXTS

Send = Callable[..., Any]
PDF = Paper("ANF-2026-000001.pdf", "application/pdf", b"%PDF-1.7\n" + bytes(range(256)) * 300)


class House:
    """A mail server's desk: what it took, and how it came."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.options: list[list[str]] = []
        self.encrypted: list[bool] = []
        self.who: list[object] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.letters.append(envelope.content)
        self.options.append([str(option).upper() for option in envelope.mail_options])
        self.encrypted.append(session.ssl is not None)
        self.who.append(session.auth_data)
        return "250 taken"

    def let_in(self, _s: Any, _n: Any, _e: Any, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        right = (given.login, given.password) == (b"guichet", b"mail for localhost")
        return AuthResult(success=right, handled=right, auth_data=(mechanism, given.login))


class AtFreePort(Controller):
    """On a port that the machine gives."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def controller(house: House, context: ssl.SSLContext, **how: Any) -> Iterator[int]:
    """A server with an account, which speaks to nobody who has not encrypted and said who."""
    settings = {
        "hostname": "127.0.0.1", "port": 0, "require_starttls": True, "tls_context": context,
        "auth_required": True, "authenticator": house.let_in, "enable_SMTPUTF8": False,
    }  # fmt: skip
    made = AtFreePort(house, **{**settings, **how})
    made.start()
    try:
        yield made.port
    finally:
        made.stop()


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def send(make: Make, house: House, certificate: Certificate, tmp_path: Path) -> Iterator[Send]:
    with ExitStack() as open_:

        def send(
            how: Any = None,
            settings: Any = None,
            held: Any = None,
            timeout: float = 5,
            **changed: Any,
        ) -> Any:
            port = open_.enter_context(controller(house, certificate.context, **(how or {})))
            given = {
                "mail_server": f"localhost:{port}", "mail_from": "guichet@commune.ma",
                "mail_user": "guichet", "authorities_file": str(certificate.authority),
                **(settings or {}),
            }  # fmt: skip
            return mails.call(make({**LETTER, **changed}, papers=held, **given))

        yield send


def read(house: House) -> EmailMessage:
    [letter] = house.letters
    return message_from_bytes(letter, policy=default)  # type: ignore[return-value]


@pytest.mark.parametrize("mechanisms", [["PLAIN"], ["LOGIN"], []])
def test_it_encrypts_says_who_it_is_and_is_let_in(
    send: Send, house: House, mechanisms: list[str]
) -> None:
    left_out = {"PLAIN", "LOGIN"} - set(mechanisms) if mechanisms else set()
    send(how={"auth_exclude_mechanism": sorted(left_out)})
    assert house.encrypted == [True]
    [(mechanism, login)] = house.who  # type: ignore[misc]
    assert (mechanism in (mechanisms or ["PLAIN", "LOGIN"]), login) == (True, b"guichet")


def test_a_wrong_password_is_no_letter(send: Send, house: House) -> None:
    how = {"auth_exclude_mechanism": ["LOGIN"]}
    with pytest.raises(Unanswered, match="535"):
        send(how=how, settings={"mail_user": "another"})
    assert house.letters == []


def test_a_server_that_offers_no_encryption_gets_neither_password_nor_letter(
    send: Send, house: House
) -> None:
    how = {
        "tls_context": None, "require_starttls": False, "auth_require_tls": False,
        "auth_required": False,
    }  # fmt: skip
    with pytest.raises(Unanswered):
        send(how=how)
    assert (house.letters, house.who) == ([], [])


@pytest.mark.parametrize("utf8", [True, False])
def test_a_subject_in_arabic_needs_nothing_of_the_server(
    send: Send, house: House, *, utf8: bool
) -> None:
    """SMTPUTF8 is for addresses; a subject is encoded words (RFC 2047), in seven bits."""
    send(how={"enable_SMTPUTF8": utf8})
    assert read(house)["Subject"] == "الرسم جاهز"
    assert house.letters[0].isascii()
    assert max(map(len, house.letters[0].split(b"\r\n"))) <= 998
    assert not any("SMTPUTF8" in option for option in house.options[0])


def test_a_long_subject_in_arabic_is_folded_and_whole_again(send: Send, house: House) -> None:
    subject = "إشعار بجاهزية نسخة طبق الأصل " * 8
    send(subject={"ar": subject.strip()})
    assert read(house)["Subject"] == subject.strip()
    head = house.letters[0].partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78


def test_both_texts_and_each_paper_come_out_as_they_went_in(send: Send, house: House) -> None:
    deed = Paper("deed.png", "image/png", b"\x89PNG" + bytes(range(256)))
    send(held={"a": PDF, "b": deed}, papers=["a", "b"])
    letter = read(house)
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().split() == TEXTS["ar"].split()
    assert "رسمكم جاهز." in html.get_content()
    found = [
        (part.get_filename(), part.get_content_type(), part.get_content())
        for part in letter.iter_attachments()
    ]
    assert found == [(p.name, p.media_type, p.content) for p in (PDF, deed)]


def test_a_line_of_a_point_alone_does_not_end_the_letter(send: Send, house: House) -> None:
    text = "Avant\n.\n..\nAprès"
    send(text={"ar": text})
    plain = read(house).get_body(("plain",))
    assert plain is not None
    assert plain.get_content().split() == text.split()
    assert TEXTS["ar"] not in plain.get_content()
