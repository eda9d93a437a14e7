"""mail.send: a letter by SMTP, encrypted, in the applicant's language.

A server may have taken a letter whose answer was lost on the way. So this operation is not
repeated by itself after its text was sent: a person looks first.
"""

import smtplib
import socket
import ssl
from contextlib import closing, suppress
from typing import Any

from engine.operations import languages
from engine.operations.letters import letter, mailbox
from engine.operations.operation import Call, Unanswered
from engine.operations.signature import Signature
from engine.operations.watch import Watch, trusted, watching
from engine.runtime.errors import BusinessError
from engine.settings import Settings

TAKES = Signature(
    {"to": "string", "subject": "string | context", "text": "string | context"},
    {"language": "string", "papers": "list<string>"},
)
GIVES = Signature({"message_id": "string"})
ERRORS = frozenset({"mail.address", "mail.refused"})
SECRET = "mail"  # noqa: S105 - the name of it
_LARGEST = 15_000_000  # bytes of all papers together: most servers take no more


class NoSuchAddress(BusinessError):
    """The recipient is refused for good, whatever the letter says."""

    def __init__(self) -> None:
        super().__init__("mail.refused", "the server refuses the address")


def call(asked: Call) -> dict[str, Any]:
    """Send one letter to one person; its Message-ID is the same at every attempt."""
    inputs, sender = asked.inputs, asked.settings.mail_from
    to = mailbox(inputs["to"])
    language = languages.language(inputs)
    papers = [asked.paper(key) for key in inputs.get("papers") or ()]
    if sum(len(paper.content) for paper in papers) > _LARGEST:
        raise Unanswered(f"the papers are more than {_LARGEST:,} bytes", hopeless=True)
    identity = f"<{asked.key[:32]}@{sender.rpartition('@')[2]}>"
    subject, text = (languages.told(inputs[name], language, name) for name in ("subject", "text"))
    message = letter(sender, to, subject, text, language, identity, asked.now, papers)
    _send(asked, to.addr_spec, message.as_bytes())
    return {"message_id": identity}


def unready(settings: Settings) -> tuple[str, ...]:
    """What the settings lack for mail."""
    lacking = [name for name in ("mail_server", "mail_from") if not getattr(settings, name)]
    if settings.mail_user and SECRET not in settings.secrets():
        lacking.append(f"secret {SECRET}")
    return tuple(lacking)


def _send(asked: Call, to: str, message: bytes) -> None:
    host, _, port = asked.settings.mail_server.rpartition(":")
    with watching(host, asked.timeout) as watch:
        try:
            with closing(_Server(asked, watch, host.strip("[]"), int(port))) as server:
                _introduced(asked, watch, server, host.strip("[]"))
                _handed(server, asked.settings.mail_from, to, message)
                with suppress(OSError, smtplib.SMTPException):
                    server.putcmd("quit")  # the letter is taken: the answer is not waited for
        except ssl.SSLCertVerificationError as error:
            reason = f"the certificate of {host} is not trusted: {error.verify_message}"
            raise Unanswered(reason) from error
        except smtplib.SMTPResponseException as error:
            watch.check()
            raise Unanswered(f"{host} answers {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            watch.check()
            raise Unanswered(f"{host} broke off: {type(error).__name__}") from error


class _Server(smtplib.SMTP):
    """A conversation that is watched from its first word, encrypted from there where so set."""

    def __init__(self, asked: Call, watch: Watch, host: str, port: int) -> None:
        self._watch, self._asked = watch, asked
        super().__init__(host, port, asked.settings.mail_from.rpartition("@")[2], watch.left)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """The connection; smtplib asks for it here."""
        sock = socket.create_connection((host, port), timeout)
        try:
            if self._asked.settings.mail_security == "tls":
                sock = trusted(self._asked.settings).wrap_socket(sock, server_hostname=host)
            self._watch.hold(sock)
        except (OSError, Unanswered):
            sock.close()
            raise
        return sock


def _introduced(asked: Call, watch: Watch, server: smtplib.SMTP, host: str) -> None:
    """Encrypt the conversation, and say who we are where the settings say so."""
    if asked.settings.mail_security == "starttls":
        # Raises where the server does not offer it: nothing is said in the open.
        server.starttls(context=trusted(asked.settings))
        watch.hold(server.sock)
    server.ehlo_or_helo_if_needed()
    if asked.settings.mail_user:
        server.login(asked.settings.mail_user, asked.secret(SECRET, host))


def _handed(server: smtplib.SMTP, sender: str, to: str, message: bytes) -> None:
    """Give the letter over. Before its text was sent nothing has happened; after it, it may have.

    A recipient or a text that is refused for good is the letter's own fault; any other refusal is
    the server's trouble.
    """
    code, _ = server.mail(sender)
    if code != 250:
        raise smtplib.SMTPResponseException(code, b"")
    code, _ = server.rcpt(to)
    if code >= 500:
        raise NoSuchAddress
    if code not in (250, 251):
        raise smtplib.SMTPResponseException(code, b"")
    try:
        code, _ = server.data(message)
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
    except (OSError, smtplib.SMTPException) as error:
        reason = f"the server broke off after the text: {type(error).__name__}"
        raise Unanswered(reason, perhaps_done=True) from error
    if code >= 500:
        raise BusinessError("mail.refused", "the server refuses the text")
    if code != 250:
        raise smtplib.SMTPResponseException(code, b"")
