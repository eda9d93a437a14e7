"""A letter as e-mail: the text in one language, its direction told, papers attached."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from html import escape
from typing import Any

from engine.operations.operation import Paper
from engine.runtime.errors import BusinessError


class _Policy(EmailPolicy):
    """Folds a subject of other letters as the standard wants it.

    Python's own folding loses a blank where an encoded word is broken in two (gh-92081).
    """

    def fold(self, name: str, value: Any) -> str:
        """A header as lines of text."""
        if name.lower() != "subject" or str(value).isascii():
            return str(super().fold(name, value))
        told = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {told}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header as bytes."""
        if name.lower() != "subject":
            return super().fold_binary(name, value)
        return self.fold(name, value).encode()


# 7bit: every server takes it; lines end as the protocol wants them.
_POLICY = _Policy(linesep="\r\n", cte_type="7bit")
# What mail servers take without quotes; a name in another script needs a protocol few speak.
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_HOST = re.compile(r"([a-z0-9-]+\.)+[a-z0-9-]+", re.IGNORECASE)
_RIGHT_TO_LEFT = frozenset({"ar"})


def mailbox(text: str) -> Address:
    """One address of a person; raises BusinessError `mail.address` for what is none."""
    local, _, domain = text.strip().rpartition("@")
    try:
        host = domain.encode("idna").decode()
    except UnicodeError:
        host = ""
    if not _LOCAL.fullmatch(local) or not _HOST.fullmatch(host):
        raise BusinessError("mail.address", "the address is none")
    return Address(username=local, domain=host)


def letter(
    sender: str, to: Address, subject: str, text: str, language: str, identity: str, at: datetime,
    papers: Sequence[Paper] = (),
) -> EmailMessage:  # fmt: skip
    """A message of two forms, plain and HTML: only HTML can say that a text runs right to left."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(at)
    message["Message-ID"] = identity
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, charset="utf-8", cte="base64")
    message.add_alternative(_html(text, language), subtype="html", charset="utf-8", cte="base64")
    for paper in papers:
        main, _, sub = paper.media_type.partition("/")
        message.add_attachment(paper.content, maintype=main, subtype=sub, filename=paper.name)
    message["Content-Language"] = language  # last: what is added above takes such a header along
    return message


def _html(text: str, language: str) -> str:
    direction = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
    blocks = "".join(
        f"<p>{'<br>'.join(escape(line) for line in block.splitlines())}</p>"
        for block in text.strip().split("\n\n")
    )
    head = '<head><meta charset="utf-8"></head>'
    body = f'<body dir="{direction}">{blocks}</body>'
    return f'<!DOCTYPE html><html lang="{language}" dir="{direction}">{head}{body}</html>'
