"""A house in which every command that writes has something to do, again and again."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from engine.commands import (
    attachments,
    batches,
    calendars,
    cases,
    clocks,
    delegations,
    externals,
    histories,
    incidents,
    jobs,
    letters,
    life,
    messages,
    notices,
    revisions,
    sending,
    tasks,
)
from engine.commands.selections import Selection
from engine.engine import Engine
from engine.store.store import Store
from engine.transaction import By
from engine.work.founding import FOUNDER
from engine.work.worker import SYSTEM
from tests.conftest import ADMIN, Clock, hiring
from tests.engine.commands import lawful
from tests.engine.commands import test_beginnings as beginning
from tests.engine.commands import test_externals as outside
from tests.engine.commands.house import deploy, start
from tests.engine.work.test_archiving import KEPT
from tests.engine.work.test_calling import service
from tests.golden import playing
from tests.runtime.models import START, ends, flows, node

_SENT = (
    '<extensionElements><mq:input name="ok">true</mq:input></extensionElements>'
)  # fmt: skip
SENDING = (
    START, node("sendTask", "G", _SENT, messageRef="m", mq__key="parcel"),
    ends("E"), flows("S > G > E"),
)  # fmt: skip
_ASKED = {"amount": "100", "reference": "case.reference", "description": '"Copie"'}
PAYING = START, service("payment.request", **_ASKED), ends("E"), flows("S > C > E")


_EVENT = '<signalEventDefinition signalRef="s"/>'
_DAILY = "<timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition>"
SIGNAL = '<signal id="s" name="alerte"/>'
HEARING = (
    START, node("intermediateCatchEvent", "H", _EVENT), node("userTask", "A"), ends("E"),
    flows("S > H > A > E"),
)  # fmt: skip
BEGUN = {
    "signal": (node("startEvent", "S", _EVENT), node("userTask", "A"), ends("E"),
               flows("S > A > E")),
    "timer": (node("startEvent", "S", _DAILY), node("userTask", "A"), ends("E"),
              flows("S > A > E")),
}  # fmt: skip


@dataclass
class House:
    """Who works there, and how far a case can be brought for the command that is tried on it."""

    engine: Engine
    clock: Clock
    desk: By
    chief: By
    robot: By
    made: int = 0

    def fresh(self, word: str) -> str:
        """A name that was not given yet."""
        self.made += 1
        return f"{word}{self.made}"

    def begun(self) -> str:
        return start(self.engine, self.desk).reference

    def task(self, reference: str) -> int:
        [row] = self.engine.read(self.desk, cases.show, reference).tasks
        return int(row[0])

    def checked(self) -> str:
        reference = self.begun()
        self.engine.run(self.desk, tasks.complete, self.task(reference), {"ok": True})
        return reference

    def due(self) -> str:
        """A case whose timer is due."""
        reference = self.checked()
        self.engine.run(self.chief, tasks.complete, self.task(reference), {})
        self.clock.move(hours=2)
        return reference

    def timed(self) -> tuple[str, jobs.Job]:
        return self.due(), self.taken()

    def taken(self) -> jobs.Job:
        job = self.engine.run(SYSTEM, jobs.claim, "w", 60)
        assert job is not None
        return job

    def expecting(self) -> str:
        reference, job = self.timed()
        self.engine.run(SYSTEM, jobs.fire, job.id, job.lease)
        return reference

    def reserved(self) -> tuple[str, jobs.Job]:
        reference = self.expecting()
        self.engine.run(self.desk, messages.send, "papers", reference, {"ok": True})
        return reference, self.taken()

    def called(self) -> tuple[str, jobs.Job]:
        """A case that waits for a service, and the job that calls it."""
        return start(self.engine, self.desk, "appel").reference, self.taken()

    def asked(self) -> str:
        """A case that waits for a program outside."""
        return start(self.engine, self.desk, "dehors").reference

    def fetched(self) -> tuple[str, list[int]]:
        """A case whose work a program outside has in hand: its job and lease."""
        reference = self.asked()
        got = self.engine.run(self.robot, externals.fetch, [outside.TOPIC], "one", 60)
        return reference, got.held[0]

    def asking(self) -> tuple[str, jobs.Job]:
        """A case that begins another, and the job that does it."""
        return start(self.engine, self.desk, "suite").reference, self.taken()

    def paying(self) -> str:
        """A case that waits for a payment."""
        return start(self.engine, self.desk, "paie").reference

    def ordered(self) -> tuple[str, int]:
        """A case, and a batch that is to suspend it."""
        reference = self.begun()
        given = ("suspend", Selection((reference,)), {"reason": "inondation"})
        return reference, self.engine.run(self.desk, batches.create, *given).batch

    def old(self) -> tuple[str, int]:
        """A case whose history has had its time; its reference and its id."""
        reference = start(self.engine, self.desk, "garde").reference
        self.engine.run(self.desk, tasks.complete, self.task(reference), {})
        self.clock.move(days=800)
        [key] = self.engine.read(SYSTEM, histories.next_cases, 0, 1)
        return reference, key

    def resting(self) -> str:
        """A case that was suspended while a timer ran: resumed, its row is another."""
        reference = self.checked()
        self.engine.run(self.chief, tasks.complete, self.task(reference), {})
        self.engine.run(self.desk, life.suspend, reference, "contesté")
        self.clock.move(hours=1)
        return reference

    def sent(self) -> tuple[str, jobs.Job]:
        """A case that waits for a message, and the job that brings it from another case."""
        reference = self.expecting()
        start(self.engine, self.desk, "envoi", parcel=reference)
        return reference, self.taken()

    def assigned(self) -> str:
        """A case whose task was given to a colleague, who is reached by mail."""
        reference = self.begun()
        self.engine.run(By("karim", channel="test"), notices.reach, "karim@commune.ma")
        self.engine.run(self.desk, tasks.assign, self.task(reference), "karim")
        return reference

    def letter(self) -> tuple[str, jobs.Job]:
        """The job of a mail to that colleague."""
        reference = self.assigned()
        self.engine.run(SYSTEM, sending.spread, 8)
        return reference, self.taken()

    def filed(self) -> str:
        """A case that the law gives fifteen days."""
        return start(self.engine, self.desk, "delai").reference

    def lapsed(self) -> int:
        """The id of a case whose time has run out, which nobody has recorded."""
        reference = self.filed()
        self.clock.move(days=40)
        with self.engine._database.connect() as connection:
            found = Store(connection).case(reference)
        assert found is not None
        return int(found.id)

    def moved(self) -> tuple[str, int]:
        """A case whose clock counts a day that was closed since, and its id."""
        reference = self.filed()
        with self.engine._database.connect() as connection:
            found = Store(connection).case(reference)
        assert found is not None
        today, closed = self.clock.now.date(), "closed"
        ahead = (today + timedelta(days=number) for number in range(2, 14))
        diff = partial(self.engine.read, SYSTEM, calendars.diff, "morocco", kind=closed)
        day = next(one for one in ahead if diff(one))  # one that the week leaves open
        said = {"kind": closed, "label": "Inondation", "source": "circulaire"}
        self.engine.run(ADMIN, calendars.add, "morocco", day, **said)
        return reference, int(found.id)

    def notified(self) -> tuple[str, int]:
        """A case in which a decision was recorded that was none, and the event that says so."""
        reference = self.filed()
        given = (reference, "decision.notified", "courrier")
        return reference, self.engine.run(self.desk, clocks.record, *given).seq

    def owed(self) -> tuple[str, jobs.Job]:
        """A case on whose receipt stands a date that has moved, and the job of its letter."""
        reference = start(self.engine, self.desk, "recu").reference
        self.clock.move(days=1)
        [one] = self.engine.read(self.desk, cases.show, reference).clocks
        assert one.due is not None
        said = {"kind": "closed", "label": "Fête", "source": "décret"}
        self.engine.run(ADMIN, calendars.add, "morocco", one.due, **said)
        with self.engine._database.connect() as connection:
            found = Store(connection).case(reference)
        assert found is not None
        self.engine.run(SYSTEM, revisions.revise, found.id)
        job = self.engine.run(SYSTEM, jobs.claim, "w", 60, (letters.JOB,))
        assert job is not None
        return reference, job

    def exhausted(self) -> tuple[str, jobs.Job]:
        reference, job = self.timed()
        for _ in range(jobs.ATTEMPTS - 1):
            self.engine.run(SYSTEM, jobs.failed, job.id, job.lease, "en panne")
            self.clock.move(hours=2)
            job = self.taken()
        return reference, job

    def failed(self) -> tuple[str, int]:
        reference, job = self.exhausted()
        self.engine.run(SYSTEM, jobs.failed, job.id, job.lease, "en panne")
        [row] = self.engine.read(ADMIN, incidents.listing, case=reference)
        return reference, row.id

    def attached(self) -> str:
        """A case with a paper."""
        reference = self.begun()
        self.engine.run(self.desk, attachments.add, reference, "deed", b"%PDF-1.7")
        return reference

    def ended(self, reference: str) -> None:
        """End a case that is done with, so that its jobs do not stand in the way of others."""
        if self.engine.read(self.desk, cases.show, reference).ended_at is None:
            self.engine.run(self.desk, cases.cancel, reference, "fin")


def built(engine: Engine, clock: Clock) -> House:
    """Three procedures, a desk, a chief who may sign, and a colleague of the desk's."""
    parts = [part.replace('id="T"', 'id="T" mq:skip="M"') for part in playing.PARTS]
    deploy(engine, *parts, beside=playing.MESSAGE, chief=("B",), toml=playing.TOML,
           files=playing.FILES)  # fmt: skip
    deploy(engine, *playing.CALLING, beside=playing.REFUSED, key="appel", code="APP")
    deploy(engine, *SENDING, beside=playing.MESSAGE, key="envoi", code="ENV")
    deploy(engine, *beginning.asking(), beside=beginning.ERROR, key="suite", code="SUI")
    deploy(engine, key="other", code="OTH")
    deploy(engine, *lawful.PARTS, key="delai", code="DEL", top=lawful.TOP, toml=lawful.LAW)
    deploy(engine, *lawful.ISSUED, key="recu", code="REC", top=lawful.TOP,
           toml=lawful.RECEIPT + lawful.LAW, files=lawful.FILES)  # fmt: skip
    deploy(engine, *PAYING, key="paie", code="PAI")
    deploy(engine, key="garde", code="GAR", toml=KEPT)
    deploy(engine, *outside.parts(work=outside.asked()), beside=outside.ERROR, key="dehors",
           code="DEH")  # fmt: skip
    hire = hiring(engine)
    made = House(engine, clock, hire("nadia", "desk"), hire("youssef", "chief"),
                 hire("robot", "external_worker"))  # fmt: skip
    hire("karim", "desk")
    day = date(2026, 1, 1)
    engine.run(FOUNDER, delegations.add, "sign", "youssef", "MAR", "12/2026", day)
    return made
