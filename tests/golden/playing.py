"""Cases in which every kind of event happens, played by today's code.

`python -m tests.golden.playing` writes the golden files that are missing and never one that is
there: what stands in them was written by a program that people used.
"""

import json
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.commands import (
    attachments,
    beginnings,
    cases,
    certificates,
    clocks,
    delegations,
    incidents,
    jobs,
    letterbox,
    life,
    messages,
    operations,
    signals,
    tasks,
)
from engine.engine import Engine
from engine.history import chain, kinds
from engine.history.invariants import CLOCKS
from engine.settings import load
from engine.store import tables as t
from engine.transaction import By
from engine.work.founding import FOUNDER, found
from engine.work.worker import SYSTEM, work
from processes.catalogue import city
from tests.conftest import Clock, hiring
from tests.engine.commands import lawful
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
ASKING = (
    START,
    node("serviceTask", "O", _input("procedure", "appel").replace(
        "</extensionElements>", '<mq:input name="values">{ n: 1 }</mq:input></extensionElements>'
    ), mq__operation="case.start", mq__result="other"),
    node("userTask", "A"), ends("E"), flows("S > O > A > E"),
)  # fmt: skip
ANSWER = {"status": Decimal(200), "media_type": "application/json", "text": None,
          "json": {"area": Decimal("12.50")}}  # fmt: skip


def call(engine: Engine) -> list[str]:
    """Play three cases that call a service: it answers, refuses, and a person answers for it."""
    deploy(engine, *CALLING, beside=REFUSED, key="appel", code="APP")
    desk = By("nadia", channel="test")
    called = [_called(engine, desk, answered) for answered in (True, False)]
    return [*called, _supplied(engine, desk)]


def _called(engine: Engine, desk: By, answered: bool) -> str:
    begun = start(engine, desk, "appel")
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    if answered:
        engine.run(SYSTEM, operations.answered, ANSWER, job.id, job.lease)
    else:
        engine.run(SYSTEM, operations.failed, "http.404", job.id, job.lease)
    return begun.reference


def _supplied(engine: Engine, desk: By) -> str:
    admin = By("admin", channel="test")
    begun = start(engine, desk, "appel")
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    engine.run(SYSTEM, operations.put_off, job.id, job.lease, "en panne", hopeless=True)
    [row] = engine.read(admin, incidents.listing, case=begun.reference)
    engine.run(admin, incidents.answer, row.id, ANSWER, "lu au registre papier")
    return begun.reference


def ask(engine: Engine) -> list[str]:
    """Play a case that begins another; the references of both."""
    deploy(engine, *ASKING, key="suite", code="SUI")
    begun = start(engine, By("nadia", channel="test"), "suite")
    job = engine.run(SYSTEM, jobs.claim, "w", 60, ("case.start",))
    assert job is not None
    engine.run(SYSTEM, beginnings.begin, job.id, job.lease)
    asked = engine.read(SYSTEM, cases.show, begun.reference).values["other"]["reference"]
    return [begun.reference, asked]


def legal(engine: Engine, clock: Clock) -> list[str]:
    """Play three cases under clocks of the law: answered, corrected by hand, left in silence."""
    deploy(engine, *lawful.PARTS, key="delai", code="DEL", top=lawful.TOP, toml=lawful.LAW)
    desk, admin = By("nadia", channel="test"), By("admin", channel="test")
    return [
        _answered(engine, clock, desk), _by_hand(engine, clock, desk, admin),
        _silent(engine, clock, desk),
    ]  # fmt: skip


def _answered(engine: Engine, clock: Clock, desk: By) -> str:
    """A complement stops the clock, its answer lets it run on, the decision ends it."""
    begun = start(engine, desk, "delai")
    [task] = begun.tasks
    for _ in range(3):
        clock.move(days=2)
        for opened in engine.run(desk, tasks.complete, task, {}).opened:
            task = opened
    return begun.reference


def _by_hand(engine: Engine, clock: Clock, desk: By, admin: By) -> str:
    """The delay is extended, the day of filing corrected and corrected back, the case cancelled."""
    begun = start(engine, desk, "delai")
    case = begun.reference
    clock.move(days=2)
    engine.run(admin, clocks.record, case, "delay.extended", "expertise ordonnée",
               data={"motive": "expertise"})  # fmt: skip
    paper = engine.run(desk, attachments.add, case, "deed", b"%PDF-1.7").attachment
    stamped = clock.now - timedelta(days=3)
    filed = engine.run(admin, clocks.record, case, "case.filed", "tampon de la veille",
                       at=stamped, proof=paper)  # fmt: skip
    engine.run(admin, clocks.withdraw, case, filed.seq, "tampon d'un autre dossier")
    engine.run(admin, cases.cancel, case, "désistement")
    return case


def _silent(engine: Engine, clock: Clock, desk: By) -> str:
    """Nobody answers: reminders, the lapse, and what waits for it."""
    begun = start(engine, desk, "delai")
    clock.move(days=20)
    job = engine.run(SYSTEM, jobs.claim, "w", 60, (CLOCKS,))
    assert job is not None
    engine.run(SYSTEM, clocks.settle, job.payload["case"], job.id, job.lease)
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
    return [_suspended(engine, clock), _restarted(engine), _moved(engine)]


def across(engine: Engine) -> list[str]:
    """Play what cases have to do with each other: a message that nobody gets, one that comes
    early."""
    desk, admin = By("nadia", channel="test"), FOUNDER
    sends = node("sendTask", "G", messageRef="m", mq__key="case.office")
    deploy(engine, START, sends, node("userTask", "A"), ends("E"), flows("S > G > A > E"),
           key="envoi", code="ENV", beside=MESSAGE)  # fmt: skip
    sender = start(engine, desk, "envoi").reference
    work(engine)
    [kept] = engine.read(admin, letterbox.listing).items
    engine.run(admin, letterbox.withdraw, kept.id, "doublon")
    early = start(engine, desk).reference
    given = {"ok": True, "remark": "reçues"}
    engine.run(desk, messages.send, "papers", early, given, keep="P7D")
    engine.run(admin, life.move, early, "A", "M", "à revoir")
    return [sender, early, *_signalled(engine, desk)]


def _signalled(engine: Engine, desk: By) -> list[str]:
    """A case that a signal begins, and one that waits for it."""
    heard = '<signalEventDefinition signalRef="s"/>'
    alarm = '<signal id="s" name="alerte"/>'
    task = node("userTask", "A")
    begins = (node("startEvent", "S", heard), task, ends("E"), flows("S > A > E"))
    deploy(engine, *begins, key="debut", code="DEB", beside=alarm.replace("alerte", "debut"))
    waits = (START, node("intermediateCatchEvent", "H", heard), task, ends("E"))
    deploy(engine, *waits, flows("S > H > A > E"), key="ecoute", code="ECO", beside=alarm)
    waiting = start(engine, desk, "ecoute").reference
    engine.run(desk, signals.send, "alerte", {})
    engine.run(desk, signals.send, "debut", {"n": 2}, "MAR")
    while work(engine).finished:
        pass
    return [waiting, "DEB-MAR-2026-000001"]


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


def _restarted(engine: Engine) -> str:
    """A case that was cancelled by mistake, set back to where it stood."""
    desk, admin = By("nadia", channel="test"), By("admin", channel="test")
    begun = start(engine, desk)
    engine.run(desk, tasks.complete, begun.tasks[0], {"ok": True, "remark": "vu"})
    engine.run(desk, cases.cancel, begun.reference, "mauvais dossier")
    engine.run(admin, life.restart, begun.reference, 3, "annulé par erreur")
    return begun.reference


def _moved(engine: Engine) -> str:
    """A case whose first task is left out, and its timer."""
    desk, admin = By("nadia", channel="test"), By("admin", channel="test")
    begun = start(engine, desk)
    for source, to in (("A", "T"), ("T", "M")):
        engine.run(admin, life.move, begun.reference, source, to, "pièces vues au guichet")
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
    """Work that failed, was tried again, failed again, and was closed with its case."""
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
        if act is incidents.resolve:  # nothing waits for it any more
            engine.run(desk, cases.cancel, begun.reference, "repris sur papier")
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
    folder: Path, engine: Engine, references: list[str], calling: list[str], living: list[str],
    under_law: list[str],
) -> None:  # fmt: skip
    """Write every golden file that is not there yet."""
    for reference in [*ask(engine), *under_law]:
        _examples(folder, events(engine, reference))
    named = {f"case{n}": key for n, key in enumerate(references, 1)}
    named |= {f"case_life{n}": key for n, key in enumerate(living, 1)}
    named |= {f"calling{n}": key for n, key in enumerate(calling, 1)}
    for name, reference in named.items():
        history = events(engine, reference)
        rows = [{"seq": seq, "body": body.decode(), "hash": h.hex()} for seq, body, h in history]
        whole = {"reference": reference, "events": rows}
        _new(folder / f"{name}.json", json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
        _examples(folder, history)
    _new(folder / "model.bpmn", model(engine, "essai").decode())
    _new(folder / "calling.bpmn", model(engine, "appel").decode())
    _new(folder / "kinds.json", json.dumps(shapes(), indent=1) + "\n")


def _examples(folder: Path, history: list[tuple[int, bytes, bytes]]) -> None:
    for _, body, _ in history:
        read = chain.decode(body)
        _new(folder / "events" / f"{read['kind']}.v{read['v']}.json", body.decode())


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
        references, calling = play(engine, clock), call(engine)
        write(FOLDER, engine, references, calling, live(engine, clock),
              [*legal(engine, clock), *across(engine)])  # fmt: skip
        engine.close()


if __name__ == "__main__":
    main()
