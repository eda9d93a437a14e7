"""Cases in which every kind of event happens, played by today's code.

`python -m tests.golden.playing` writes the golden files that are missing and never one that is
there: what stands in them was written by a program that people used.
"""

import json
import sys
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.commands import (
    attachments,
    cases,
    certificates,
    delegations,
    incidents,
    jobs,
    life,
    messages,
    operations,
    tasks,
)
from engine.engine import Engine
from engine.history import chain, kinds
from engine.settings import load
from engine.store import tables as t
from engine.transaction import By
from engine.work.founding import FOUNDER, found
from engine.work.worker import SYSTEM
from processes.catalogue import city
from tests.conftest import Clock, hiring
from tests.engine.commands.house import deploy, start
from tests.runtime.models import START, duration, ends, flows, node

FOLDER = Path(__file__).parent
MESSAGE = '<message id="m" name="papers"/>'
TABLE = (FOLDER / "size.dmn").read_bytes()
TOML = """
[data]
facts = ["long"]
personal = ["hello"]
[registers.acts]
name = "Registre"
[certificates.act]
title = "Acte"
template = "templates/act.html"
register = "acts"
"""


def _set(key: str, script: str) -> str:
    return node("scriptTask", key, f"<script>{script}</script>")


def _input(name: str, value: str) -> str:
    inside = f'<mq:input name="{name}">"{value}"</mq:input>'
    return f"<extensionElements>{inside}</extensionElements>"


PARTS = (
    START,
    node("userTask", "A", mq__form="forms/answers.json"),
    node("userTask", "B", mq__delegation="sign"),
    node("intermediateCatchEvent", "T", duration("PT1H")),
    node("receiveTask", "M", messageRef="m", mq__form="forms/answers.json"),
    _set("X", "{ long: string length(name) > 5, hello: name + &quot;!&quot; }"),
    node("businessRuleTask", "D", mq__decision="size", mq__result="size"),
    node("parallelGateway", "P1"), _set("K1", "{ k: 1 }"), _set("K2", "{ k: 2 }"),
    node("parallelGateway", "P2"),
    node("serviceTask", "R", _input("register", "acts"), mq__operation="register.take",
         mq__result="entry"),
    node("serviceTask", "I", _input("kind", "act"), mq__operation="certificate.issue",
         mq__result="act"),
    ends("E"),
    flows("S > A > B > T > M > X > D > P1 > K1 > P2 > R > I > E", "P1 > K2 > P2"),
)  # fmt: skip
FILES = {
    "size.dmn": TABLE,
    "templates/act.html": b'{% extends "certificate.html" %}{% block body_fr %}.{% endblock %}',
}


CALL = _input("url", "https://cadastre.example/7").replace("</extensionElements>", "") + _input(
    "method", "GET"
).replace("<extensionElements>", "")
REFUSED = '<error id="e" errorCode="http.404"/>'
CALLING = (
    START,
    node("serviceTask", "C", CALL, mq__operation="http.request", mq__result="found"),
    node("boundaryEvent", "N", '<errorEventDefinition errorRef="e"/>', attachedToRef="C"),
    node("userTask", "A"), node("userTask", "B"),
    ends("E"),
    flows("S > C > A > E", "N > B > E"),
)  # fmt: skip
ANSWER = {"status": Decimal(200), "media_type": "application/json", "text": None,
          "json": {"area": Decimal("12.50")}}  # fmt: skip


def call(engine: Engine) -> list[str]:
    """Play two cases that call a service: it answers, and refuses; their references."""
    deploy(engine, *CALLING, beside=REFUSED, key="appel", code="APP")
    desk = By("nadia", channel="test")
    return [_called(engine, desk, answered) for answered in (True, False)]


def _called(engine: Engine, desk: By, answered: bool) -> str:
    begun = start(engine, desk, "appel")
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    if answered:
        engine.run(SYSTEM, operations.answered, ANSWER, job.id, job.lease)
    else:
        engine.run(SYSTEM, operations.failed, "http.404", job.id, job.lease)
    return begun.reference


def play(engine: Engine, clock: Clock) -> list[str]:
    """Play the first four cases; their references."""
    deploy(engine, *PARTS, beside=MESSAGE, chief=("B",), toml=TOML, files=FILES)
    hire = hiring(engine)
    desk, chief = hire("nadia", "desk"), hire("youssef", "chief")
    day = date(2026, 1, 1)
    engine.run(FOUNDER, delegations.add, "sign", "youssef", "MAR", "12/2026", day)
    return [
        _to_the_end(engine, clock, desk, chief),
        _cancelled(engine, desk),
        _failing(engine, clock, desk, chief),
        _settled(engine, clock, desk, chief),
    ]


def _to_the_end(engine: Engine, clock: Clock, desk: By, chief: By) -> str:
    begun = start(engine, desk)
    case, [task] = begun.reference, begun.tasks
    for act in (tasks.claim, tasks.release, tasks.claim):
        engine.run(desk, act, task)
    engine.run(desk, tasks.assign, task, "nadia")
    engine.run(desk, cases.note, case, "rappeler lundi")
    engine.run(desk, cases.rectify, case, "n", 2, "erreur de saisie")
    engine.run(desk, attachments.add, case, "deed", b"%PDF-1.7")
    engine.run(desk, tasks.complete, task, {"ok": False, "remark": "au guichet"})
    [task] = engine.run(desk, tasks.reopen, task, "mauvaise case").opened
    [task] = engine.run(desk, tasks.complete, task, {"ok": True}).opened
    engine.run(chief, tasks.complete, task, {})
    clock.move(hours=2)
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    engine.run(SYSTEM, jobs.fire, job.id, job.lease)
    engine.run(desk, messages.send, "papers", case, {"ok": True, "remark": "reçues"})
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    key, digest = job.payload["certificate"], "ab" * 32
    engine.run(SYSTEM, certificates.issued, key, digest, 1, 99, job.id, job.lease)
    return case


def _cancelled(engine: Engine, desk: By) -> str:
    begun = start(engine, desk)
    engine.run(desk, cases.cancel, begun.reference, "désistement")
    return begun.reference


def live(engine: Engine, clock: Clock) -> list[str]:
    """Play what happens to a case as a whole; its references, after `play`."""
    return [_suspended(engine, clock)]


def _suspended(engine: Engine, clock: Clock) -> str:
    """A case that rests for two days while its timer has an hour to run."""
    desk, chief = By("nadia", channel="test"), By("youssef", channel="test")
    begun = start(engine, desk)
    [task] = engine.run(desk, tasks.complete, begun.tasks[0], {}).opened
    engine.run(chief, tasks.complete, task, {})
    engine.run(desk, life.suspend, begun.reference, "acte contesté")
    clock.move(days=2)
    engine.run(desk, life.resume, begun.reference, "jugement rendu")
    return begun.reference


def _failing(engine: Engine, clock: Clock, desk: By, chief: By) -> str:
    begun = start(engine, desk)
    [task] = engine.run(desk, tasks.complete, begun.tasks[0], {}).opened
    engine.run(chief, tasks.complete, task, {})
    for _ in range(jobs.ATTEMPTS):
        clock.move(hours=2)
        job = engine.run(SYSTEM, jobs.claim, "w", 60)
        assert job is not None
        engine.run(SYSTEM, jobs.failed, job.id, job.lease, "en panne")
    return begun.reference


def _settled(engine: Engine, clock: Clock, desk: By, chief: By) -> str:
    """Work that failed, was tried again, failed again, and was closed with a word."""
    admin = By("admin", channel="test")
    begun = start(engine, desk)
    [task] = engine.run(desk, tasks.complete, begun.tasks[0], {}).opened
    engine.run(chief, tasks.complete, task, {})
    for act, more in ((incidents.retry, ()), (incidents.resolve, ("réglé au guichet",))):
        for _ in range(jobs.ATTEMPTS):
            clock.move(hours=2)
            job = engine.run(SYSTEM, jobs.claim, "w", 60)
            assert job is not None
            engine.run(SYSTEM, jobs.failed, job.id, job.lease, "en panne")
        [row] = engine.read(admin, incidents.listing, case=begun.reference)
        engine.run(admin, act, row.id, *more)
    return begun.reference


def events(engine: Engine, reference: str) -> list[tuple[int, bytes, bytes]]:
    """The events of a case as the chain has them."""
    where = (t.event.c.case_id == t.case.c.id) & (t.case.c.reference == reference)
    query = t.event.select().join(t.case, where).order_by(t.event.c.seq)
    with engine._database.connect() as connection:
        return [(row.seq, bytes(row.body), bytes(row.hash)) for row in connection.execute(query)]


def model(engine: Engine, procedure: str) -> bytes:
    """The normalised model that the cases of a procedure run on."""
    with engine._database.connect() as connection:
        query = t.version.select().where(t.version.c.procedure == procedure)
        return bytes(connection.execute(query).one().model)


def shapes() -> dict[str, Any]:
    """What kinds.py declares, as plain data."""
    versions = {name: [dict(s) for s in found] for name, found in kinds.KINDS.items()}
    parts = {name: dict(shape) for name, shape in kinds.PARTS.items()}
    return {"envelope": dict(kinds.ENVELOPE), "parts": parts, "kinds": versions}


def write(
    folder: Path, engine: Engine, references: list[str], calling: list[str], living: list[str]
) -> None:
    """Write every golden file that is not there yet."""
    named = {f"case{n}": key for n, key in enumerate(references, 1)}
    named |= {f"case_life{n}": key for n, key in enumerate(living, 1)}
    named |= {f"calling{n}": key for n, key in enumerate(calling, 1)}
    for name, reference in named.items():
        history = events(engine, reference)
        rows = [{"seq": seq, "body": body.decode(), "hash": h.hex()} for seq, body, h in history]
        whole = {"reference": reference, "events": rows}
        _new(folder / f"{name}.json", json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
        for _, body, _ in history:
            read = chain.decode(body)
            _new(folder / "events" / f"{read['kind']}.v{read['v']}.json", body.decode())
    _new(folder / "model.bpmn", model(engine, "essai").decode())
    _new(folder / "calling.bpmn", model(engine, "appel").decode())
    _new(folder / "kinds.json", json.dumps(shapes(), indent=1) + "\n")


def _new(path: Path, text: str) -> None:
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(FOLDER)}\n")


def main() -> None:
    """Found a database that is thrown away, play, write."""
    with tempfile.TemporaryDirectory() as folder:
        settings, clock = load(environ={"MOUQATAA_DATA": folder}), Clock()
        clock.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        found(settings, city("casablanca"), "admin", specimen=False)
        engine = Engine(settings, clock)
        write(FOLDER, engine, play(engine, clock), call(engine), live(engine, clock))
        engine.close()


if __name__ == "__main__":
    main()
