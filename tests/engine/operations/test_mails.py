"""mail.send, against a mail server on this machine."""

import socket
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from engine.operations import mails
from engine.operations.operation import Paper, Unanswered
from engine.runtime.errors import BusinessError
from engine.settings import load
from tests.engine.operations import servers
from tests.engine.operations.conftest import Make
from tests.engine.operations.servers import Certificate, Post

TEXTS = {"fr": "Bonjour,\n\nvotre acte <est> prêt.", "ar": "السلام عليكم،\n\nرسمكم جاهز."}
LETTER = {"to": "f.bennani@example.ma", "subject": {"fr": "Acte prêt", "ar": "الرسم جاهز"},
          "text": TEXTS, "language": "ar"}  # fmt: skip
Send = Callable[..., Any]


@pytest.fixture
def office(certificate: Certificate) -> Iterator[Post]:
    with servers.post(certificate.context, Post()) as told:
        yield told


@pytest.fixture
def send(make: Make, office: Post, certificate: Certificate) -> Send:
    def send(held: Any = None, settings: dict[str, str] | None = None, **changed: Any) -> Any:
        given = {
            "mail_server": f"localhost:{office.port}", "mail_from": "guichet@commune.ma",
            "authorities_file": str(certificate.authority), **(settings or {}),
        }  # fmt: skip
        return mails.call(make({**LETTER, **changed}, papers=held, **given))

    return send


def read(office: Post) -> EmailMessage:
    [letter] = office.letters
    return message_from_bytes(letter, policy=default)  # type: ignore[return-value]


def test_a_letter_in_arabic_runs_right_to_left(send: Send, office: Post) -> None:
    assert send() == {"message_id": f"<{'k' * 32}@commune.ma>"}
    letter = read(office)
    assert letter["Message-ID"] == f"<{'k' * 32}@commune.ma>"
    assert letter["Subject"] == "الرسم جاهز"
    assert letter["Content-Language"] == "ar"
    assert letter["Date"].datetime.isoformat() == "2026-03-02T09:00:00+00:00"
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().split() == TEXTS["ar"].split()
    assert '<html lang="ar" dir="rtl">' in html.get_content()
    assert office.letters[0].isascii()


def test_a_letter_in_french_says_so_and_quotes_its_signs(send: Send, office: Post) -> None:
    send(language="fr")
    letter = read(office)
    html = letter.get_body(("html",))
    assert html is not None
    assert letter["Subject"] == "Acte prêt"
    assert 'dir="ltr"' in html.get_content()
    assert "votre acte &lt;est&gt; prêt." in html.get_content()


def test_nothing_is_said_before_the_connection_is_encrypted(send: Send, office: Post) -> None:
    send()
    words = [line.split()[0].upper() for line in office.commands]
    assert words[:6] == ["EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "DATA"]
    office.starttls, office.commands[:] = False, []
    with pytest.raises(Unanswered):
        send()
    assert not any(line.startswith(("MAIL", "DATA")) for line in office.commands)


def test_a_server_that_is_not_trusted_gets_nothing(send: Send, office: Post) -> None:
    with pytest.raises(Unanswered, match="not trusted"):
        send(settings={"authorities_file": ""})
    assert office.letters == []


def test_an_account_is_shown_with_its_secret(send: Send, office: Post) -> None:
    send(settings={"mail_user": "guichet"})
    assert any(line.startswith("AUTH PLAIN") for line in office.commands)


def test_papers_are_attached_by_their_ids(send: Send, office: Post) -> None:
    paper = Paper("acte-MAR-2026.pdf", "application/pdf", b"%PDF-1.7")
    send({"ab": paper}, papers=["ab"])
    [found] = read(office).iter_attachments()
    assert found.get_filename() == "acte-MAR-2026.pdf"
    assert found.get_content() == b"%PDF-1.7"


@pytest.mark.parametrize(
    "to",
    ["", "nobody", "a b@example.ma", "a@b", "a@example.ma\r\nBcc: b@example.ma", "a@example.ma, c"],
)
def test_what_is_no_address_is_a_business_error(send: Send, office: Post, to: str) -> None:
    with pytest.raises(BusinessError) as caught:
        send(to=to)
    assert caught.value.code == "mail.address"
    assert office.commands == []


def test_a_subject_cannot_hold_another_header(send: Send, office: Post) -> None:
    send(subject="Acte\r\nBcc: b@example.ma")
    assert read(office)["Bcc"] is None


@pytest.mark.parametrize("command", ["RCPT", "TEXT"])
def test_what_is_refused_for_good_is_a_business_error(
    send: Send, office: Post, command: str
) -> None:
    office.answers[command] = "550 no such f.bennani"
    with pytest.raises(BusinessError) as caught:
        send()
    assert caught.value.code == "mail.refused"
    assert "bennani" not in str(caught.value)


@pytest.mark.parametrize(
    ("command", "answer"), [("MAIL", "550 no"), ("RCPT", "450 later"), ("TEXT", "451 later")]
)
def test_trouble_of_the_server_is_tried_again(
    send: Send, office: Post, command: str, answer: str
) -> None:
    office.answers[command] = answer
    with pytest.raises(Unanswered) as caught:
        send()
    assert (caught.value.hopeless, caught.value.perhaps_done) == (False, False)


def test_a_letter_whose_answer_was_lost_was_perhaps_sent(send: Send, office: Post) -> None:
    office.cut_after_text = True
    with pytest.raises(Unanswered) as caught:
        send()
    assert caught.value.perhaps_done


@pytest.mark.parametrize("text", [b"2", b"220-x\r\n"])
def test_a_server_that_drips_is_cut_off_at_the_limit_of_time(make: Make, text: bytes) -> None:
    def drip(other: socket.socket) -> None:
        for _ in range(40):
            other.sendall(text)
            time.sleep(0.05)

    begun = time.monotonic()
    with servers.raw(drip) as port:
        given = {"mail_server": f"127.0.0.1:{port}", "mail_from": "a@b.ma"}
        with pytest.raises(Unanswered, match="longer than"):
            mails.call(make(LETTER, 0.3, **given))
        assert time.monotonic() - begun < 1.5


def test_a_letter_goes_to_a_server_that_is_encrypted_from_the_first_word(
    make: Make, certificate: Certificate
) -> None:
    told = Post(starttls=False)
    with servers.post(certificate.context, told, at_once=True):
        mails.call(
            make(LETTER, mail_server=f"localhost:{told.port}", mail_from="a@b.ma",
                 authorities_file=str(certificate.authority), mail_security="tls")
        )  # fmt: skip
    assert len(told.letters) == 1


def test_a_language_that_was_not_written_is_hopeless(send: Send) -> None:
    with pytest.raises(Unanswered, match="says nothing in en"):
        send(language="en")


def test_what_the_settings_lack_is_named(tmp_path: Any) -> None:
    around = {"MOUQATAA_DATA": str(tmp_path)}
    assert mails.unready(load(environ=around)) == ("mail_server", "mail_from")
    around |= {"MOUQATAA_MAIL_SERVER": "h:25", "MOUQATAA_MAIL_FROM": "a@b.ma"}
    assert mails.unready(load(environ=around)) == ()
    around["MOUQATAA_MAIL_USER"] = "a"
    assert mails.unready(load(environ=around)) == ("secret mail",)
