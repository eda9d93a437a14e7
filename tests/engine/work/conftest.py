"""A mail server, and an office whose two clerks are reached by mail."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Table, select

from engine.commands import cases, notices, procedures
from engine.engine import Engine
from engine.transaction import By
from engine.work.worker import spread, work
from tests.conftest import ADMIN
from tests.engine.commands.house import APPLICATION, TWO, bundle

Hire = Callable[..., By]


class Office:
    """What the mail server took; addresses that it refuses."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.cut = 0

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        if self.cut:
            self.cut -= 1
            return "451 later"
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]


@pytest.fixture
def office(engine: Engine) -> Iterator[Office]:
    told = Office()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(told, hostname="127.0.0.1", port=port)
    controller.start()
    engine.settings = replace(
        engine.settings, mail_server=f"127.0.0.1:{port}", mail_security="none",
        mail_from="mouqataa@commune.ma",
    )  # fmt: skip
    yield told
    controller.stop()


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> tuple[By, By]:
    """Two clerks who are reached by mail: one reads French, one Arabic."""
    engine.run(ADMIN, procedures.deploy, bundle(*TWO))
    nadia, omar = hire("nadia", "desk"), hire("omar", "desk")
    engine.run(nadia, notices.reach, "nadia@commune.ma")
    engine.run(omar, notices.reach, "omar@commune.ma", language="ar")
    return nadia, omar


def begun(engine: Engine, by: By, key: str = "essai") -> tuple[str, int]:
    found = engine.run(by, cases.start, key, APPLICATION, "MAR")
    return found.reference, found.tasks[0]


def told(engine: Engine) -> None:
    spread(engine)
    work(engine)


def plain(letter: EmailMessage) -> str:
    """The text of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def rows(engine: Engine, table: Table) -> list[Any]:
    with engine._begin(writes=False) as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))
