"""What a simulated district office is made of: procedures, a service, chance, faults.

Nothing here knows the time of the machine: the clock, every random number and every fault come from
one seed.
"""

import random
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from engine.commands import procedures
from engine.engine import Engine
from engine.operations import calls
from engine.operations.operation import Call, Operation, Unanswered
from engine.operations.registry import OPERATIONS
from engine.operations.signature import Signature
from engine.runtime.errors import BusinessError
from engine.settings import Settings
from engine.work.founding import found
from processes.catalogue import city
from tests.conftest import ADMIN, hiring
from tests.engine.commands.house import bundle
from tests.runtime.models import START, cycle, duration, ends, flows, node, user

_BESIDE = (
    '<message id="m" name="papers"/><message id="f" name="follow"/>'
    '<error id="e" errorCode="land.unknown"/>'
)
_REGISTER = '<extensionElements><mq:input name="register">"acts"</mq:input></extensionElements>'
_ASKED = '<extensionElements><mq:input name="parcel">parcel</mq:input></extensionElements>'
_TOLD = '<extensionElements><mq:input name="n">n</mq:input></extensionElements>'


def _boundary(key: str, inside: str, to: str, cancels: str = "true") -> str:
    return node("boundaryEvent", key, inside, attachedToRef=to, cancelActivity=cancels)


# A deposit, a number of a register, a service that is asked, papers that may never come, the
# chief's word with a reminder, and a message that begins another case.
_PARTS = (
    START, node("userTask", "A", mq__form="forms/answers.json"),
    node("serviceTask", "R", _REGISTER, mq__operation="register.take", mq__result="entry"),
    node("serviceTask", "C", _ASKED, mq__operation="land.ask", mq__result="found"),
    _boundary("X", '<errorEventDefinition errorRef="e"/>', "C"), user("F"),
    node("receiveTask", "M", messageRef="m"), _boundary("T", duration("P2D"), "M"),
    user("B"), _boundary("K", cycle("R2/PT20H"), "B", "false"), user("N"),
    node("sendTask", "Z", _TOLD, messageRef="f"), ends("E", "E2"),
    flows("S > A > R > C > M > B > Z > E", "X > F > M", "T > B", "K > N > E2"),
)  # fmt: skip
_TOML = '[registers.acts]\nname = "Registre"\n'
_FOLLOW = (
    node("startEvent", "S", '<messageEventDefinition messageRef="f"/>'),
    node("intermediateCatchEvent", "T", duration("P1D")), user("A"), ends("E"),
    flows("S > T > A > E"),
)  # fmt: skip
DESKS, CHIEFS = ("nadia", "omar", "salma"), ("youssef",)


class Fault(Exception):
    """A statement, or a commit, that failed under a person's command."""


class Death(BaseException):
    """The same under a worker, which dies of it."""


@dataclass
class Fuse:
    """Raises at the n-th statement from now, the commit being one too; out while `left` is 0."""

    left: int = 0
    error: type[BaseException] = Fault

    def attach(self, engine: Engine) -> None:
        event.listen(engine._database, "before_cursor_execute", self._reached)
        event.listen(engine._database, "commit", self._reached)

    def _reached(self, *_: Any) -> None:
        if self.left:
            self.left -= 1
            if self.left == 0:
                raise self.error


class Weather:
    """The clock of the district: it goes forward, and now and then it is set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass
class Service:
    """A land register that answers, refuses, fails, or says nothing until the lease is over.

    It does once what it is asked with one key, and remembers what it said.
    """

    chance: random.Random
    weather: Weather
    down: bool = False
    said: dict[str, Any] = field(default_factory=dict)
    asked: int = 0

    def __call__(self, call: Call) -> dict[str, Any]:
        self.asked += 1
        mood = self.chance.random()
        if self.down or mood < 0.15:
            raise Unanswered("the land register is down")
        answer = self.said.setdefault(call.key, self._drawn())
        if mood < 0.25:
            self.weather.pass_(seconds=call.timeout)
            raise Unanswered("the land register said nothing", perhaps_done=True)
        if mood < 0.35:
            self.weather.pass_(minutes=5)  # an answer after the lease
        if mood < 0.4:
            raise ZeroDivisionError
        if answer is None:
            raise BusinessError("land.unknown", "no such parcel")
        return {"area": answer}

    def _drawn(self) -> Decimal | None:
        return None if self.chance.random() < 0.2 else Decimal(self.chance.randrange(1, 900))


@contextmanager
def known(service: Service) -> Iterator[None]:
    """The operation `land.ask` among those that models may ask for."""
    made = Operation(
        "land.ask", Signature({"parcel": "string"}), Signature({"area": "number"}), calls.ask,
        service, errors=frozenset({"land.unknown"}),
    )  # fmt: skip
    with patch.dict(vars(OPERATIONS), {"_all": {**OPERATIONS, "land.ask": made}}):
        yield


@contextmanager
def seeded(chance: random.Random) -> Iterator[None]:
    """Salts, codes and random ids of the engine drawn from this source, while the block lasts."""
    drawn = {
        secrets.token_bytes: chance.randbytes,
        secrets.token_hex: lambda size: chance.randbytes(size).hex(),
        secrets.choice: chance.choice,
    }
    modules = [m for name, m in sys.modules.items() if name.split(".")[0] == "engine"]
    before = [
        (module, name, value)
        for module in modules
        for name, value in vars(module).items()
        if any(value is one for one in drawn)
    ]
    assert before, "the engine draws its random numbers elsewhere"
    try:
        for module, name, value in before:
            setattr(module, name, drawn[value])
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def founded(settings: Settings) -> Path:
    """A database with the procedures deployed and everybody hired, to be copied for each seed."""
    found(settings, city("casablanca"), "admin", specimen=False)
    weather = Weather()
    weather.pass_(days=-1)
    with known(Service(random.Random(0), weather)):
        engine = Engine(settings, weather)
        follow = bundle(*_FOLLOW, key="suivi", code="SUI", beside=_BESIDE.split("<error")[0])
        engine.run(ADMIN, procedures.deploy, follow)
        main = bundle(*_PARTS, key="essai", code="TST", chief=("B",), toml=_TOML, beside=_BESIDE)
        engine.run(ADMIN, procedures.deploy, main)
        hire = hiring(engine)
        for login in DESKS:
            hire(login, "desk")
        for login in CHIEFS:
            hire(login, "chief")
        engine.close()
    return Path(settings.data) / "mouqataa.db"
