"""Every command that writes, as something to do in the house; every other one, as a question.

A new command has a line here, or `test_every_command_is_tried_or_asks` names it: write a function
that brings a case (or an account, a day…) to where the command has something to do and gives an
`Act`, and put it into ACTS under the command's name in engine/permissions.py; a command that
writes nothing goes into QUESTIONS.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.commands import (
    attachments,
    cases,
    certificates,
    clocks,
    externals,
    incidents,
    jobs,
    letters,
    life,
    messages,
    notices,
    operations,
    revisions,
    sending,
    tasks,
)
from engine.transaction import By
from engine.work.worker import SYSTEM
from tests.conftest import ADMIN
from tests.engine.commands import test_externals as outside
from tests.engine.commands.house import APPLICATION
from tests.golden import playing
from tests.reliability import crossing, founding, housekeeping
from tests.reliability.acting import Act, Acting, Again
from tests.reliability.house import House

# -- cases and tasks --


def _start(house: House) -> Act:
    return Act(house.desk, cases.start, ("essai", APPLICATION, "MAR"))


def _on_case(command: Callable[..., Any], *more: Any) -> Acting:
    def act(house: House) -> Act:
        reference = house.begun()
        return Act(house.desk, command, (reference, *more), reference)

    return act


def _on_task(command: Callable[..., Any], *more: Any) -> Acting:
    def act(house: House) -> Act:
        reference = house.begun()
        return Act(house.desk, command, (house.task(reference), *more), reference)

    return act


def _sign(house: House) -> Act:
    reference = house.checked()
    return Act(house.chief, tasks.complete, (house.task(reference), {}), reference)


def _release(house: House) -> Act:
    reference = house.begun()
    task = house.task(reference)
    house.engine.run(house.desk, tasks.claim, task)
    return Act(house.desk, tasks.release, (task,), reference)


def _reopen(house: House) -> Act:
    reference = house.begun()
    task = house.task(reference)
    house.engine.run(house.desk, tasks.complete, task, {"ok": True})
    return Act(house.desk, tasks.reopen, (task, "mauvaise case"), reference)


def _attach(house: House) -> Act:
    reference = house.begun()
    return Act(house.desk, attachments.add, (reference, "deed", b"%PDF-1.7"), reference)


def _resume(house: House) -> Act:
    reference = house.resting()
    return Act(house.desk, life.resume, (reference, "jugement"), reference)


def _restart(house: House) -> Act:
    """Of a case that was cancelled while a number was reserved and a timer had run."""
    reference, _ = house.reserved()
    house.ended(reference)
    return Act(ADMIN, life.restart, (reference, 3, "annulé par erreur"), reference)


def _move(house: House) -> Act:
    reference, _ = house.reserved()
    return Act(ADMIN, life.move, (reference, "I", "A", "à revoir"), reference)


def _sweep(house: House) -> Act:
    reference = house.attached()
    return Act(SYSTEM, attachments.tidy, (), reference, Again.NEXT)


# -- clocks of the law --


def _record(house: House) -> Act:
    reference = house.filed()
    return Act(house.desk, clocks.record, (reference, "decision.notified", "remise"), reference)


def _settle(house: House) -> Act:
    return Act(SYSTEM, clocks.settle, (house.lapsed(),), again=Again.HARMLESS)


def _withdraw(house: House) -> Act:
    reference, seq = house.notified()
    return Act(ADMIN, clocks.withdraw, (reference, seq, "retour du pli"), reference)


def _revise(house: House) -> Act:
    reference, case = house.moved()
    return Act(SYSTEM, revisions.revise, (case,), reference, Again.HARMLESS)


def _advance(house: House) -> Act:
    reference, _ = house.moved()
    job = house.engine.run(SYSTEM, jobs.claim, "w", 60, (revisions.JOB,))
    assert job is not None
    return Act(SYSTEM, revisions.advanced, (job.id, job.lease, 0), reference, Again.LATE)


def _post(house: House) -> Act:
    reference, job = house.owed()
    args = (job.id, job.lease, b"%PDF-1.7")
    return Act(SYSTEM, letters.attach, args, reference, Again.LATE)


# -- messages, jobs, operations --


def _send(house: House) -> Act:
    reference = house.expecting()
    given = {"ok": True, "remark": "reçues"}
    return Act(house.desk, messages.send, ("papers", reference, given), reference)


def _deliver(house: House) -> Act:
    reference, job = house.sent()
    what = job.payload
    args = (what["message"], what["key"], what["payload"], what["from"], job.id, job.lease)
    return Act(SYSTEM, messages.deliver, args, reference, Again.LATE)


def _claim(house: House) -> Act:
    return Act(SYSTEM, jobs.claim, ("w", 60), house.due(), Again.NEXT)


def _held(command: Callable[..., Any], *more: Any, again: Again = Again.LATE) -> Acting:
    """What is done to a job under its lease."""

    def act(house: House) -> Act:
        reference, job = house.timed()
        return Act(SYSTEM, command, (job.id, job.lease, *more), reference, again)

    return act


def _exhausted(house: House) -> Act:
    reference, job = house.exhausted()
    return Act(SYSTEM, jobs.failed, (job.id, job.lease, "en panne"), reference, Again.LATE)


def _forget(house: House) -> Act:
    """Answers to commands with a key that are older than a month."""
    reference = house.begun()
    key = house.fresh("old")
    house.engine.run(By("nadia", key=key, channel="test"), cases.note, reference, "rappeler")
    house.ended(reference)
    house.clock.move(days=31)
    return Act(SYSTEM, jobs.tidy, (), None, Again.NEXT)


def _issue(house: House) -> Act:
    reference, job = house.reserved()
    args = (job.payload["certificate"], f"{job.id:064x}", 1, 99, job.id, job.lease)
    return Act(SYSTEM, certificates.issued, args, reference, Again.LATE)


def _calling(
    command: Callable[..., Any], *given: Any, last: bool = False, again: Again = Again.LATE
) -> Acting:
    """What is told of a call; the job and its lease come after what is told, or first."""

    def act(house: House) -> Act:
        reference, job = house.called()
        held = (job.id, job.lease)
        args = (*given, *held) if last else (*held, *given)
        return Act(SYSTEM, command, args, reference, again)

    return act


def _fetch(house: House) -> Act:
    return Act(house.robot, externals.fetch, ([outside.TOPIC], "one", 60), house.asked())


def _outside(command: Callable[..., Any], *given: Any) -> Acting:
    """What a program outside says of the work that it has in hand."""

    def act(house: House) -> Act:
        reference, held = house.fetched()
        return Act(house.robot, command, (*held, *given), reference)

    return act


def _writing(command: Callable[..., Any], *more: Any, again: Again = Again.LATE) -> Acting:
    """What becomes of a mail."""

    def act(house: House) -> Act:
        reference, job = house.letter()
        return Act(SYSTEM, command, (job.id, job.lease, *more), reference, again)

    return act


def _spread(house: House) -> Act:
    return Act(SYSTEM, sending.spread, (8,), house.assigned(), Again.NEXT)


def _late(house: House) -> Act:
    return Act(SYSTEM, sending.late, (), house.begun(), Again.NEXT)


def _old(house: House) -> Act:
    """A notice that was sent three months ago."""
    reference, job = house.letter()
    house.engine.run(SYSTEM, sending.material, job.id, job.lease)
    house.engine.run(SYSTEM, sending.sent, job.id, job.lease)
    house.clock.move(days=91)
    return Act(SYSTEM, sending.tidy, (), reference, Again.NEXT)


def _prefer(house: House) -> Act:
    return Act(house.desk, notices.prefer, ({"task.opened": "weekly", "task.due": "never"},))


def _reach(house: House) -> Act:
    return Act(house.desk, notices.reach, ("nadia@commune.ma",), named={"language": "ar"})


def _retry(house: House) -> Act:
    reference, incident = house.failed()
    return Act(ADMIN, incidents.retry, (incident,), reference)


def _skip(house: House) -> Act:
    reference, incident = house.failed()
    return Act(ADMIN, incidents.skip, (incident, "M", "délai inutile"), reference)


def _answer(house: House) -> Act:
    reference, job = house.called()
    house.engine.run(SYSTEM, operations.put_off, job.id, job.lease, "en panne", hopeless=True)
    [row] = house.engine.read(ADMIN, incidents.listing, case=reference)
    return Act(ADMIN, incidents.answer, (row.id, playing.ANSWER, "lu au registre"), reference)


def _keep(house: House) -> Act:
    """The answer to a call whose case was suspended meanwhile."""
    reference, job = house.called()
    house.engine.run(house.desk, life.suspend, reference, "contesté")
    args = (playing.ANSWER, job.id, job.lease)
    return Act(SYSTEM, operations.answered, args, reference, Again.LATE)


def _resolve(house: House) -> Act:
    """Of a case that waits for nothing any more: closed over one that does, the check tells it."""
    reference, incident = house.failed()
    house.ended(reference)
    return Act(ADMIN, incidents.resolve, (incident, "réglé"), reference)


ACTS: dict[str, tuple[Acting, ...]] = (
    housekeeping.ACTS
    | founding.ACTS
    | crossing.ACTS
    | {
        "attachments.add": (_attach,),
        "attachments.tidy": (_sweep,),
        "cases.cancel": (_on_case(cases.cancel, "désistement"),),
        "cases.note": (_on_case(cases.note, "rappeler"),),
        "cases.rectify": (_on_case(cases.rectify, "n", 2, "erreur"),),
        "cases.start": (_start,),
        "certificates.issued": (_issue,),
        "clocks.record": (_record,),
        "clocks.settle": (_settle,),
        "clocks.withdraw": (_withdraw,),
        "externals.complete": (_outside(externals.complete, {"area": Decimal(3)}),),
        "externals.error": (
            _outside(externals.error, "http.404"),
            _outside(externals.error, "autre"),
        ),
        "externals.extend": (_outside(externals.extend, 60),),
        "externals.fail": (
            _outside(externals.fail, "en panne"),
            _outside(externals.fail, "x", 0, 0),
        ),
        "externals.fetch": (_fetch,),
        "externals.give_back": (_outside(externals.give_back),),
        "incidents.answer": (_answer,),
        "incidents.resolve": (_resolve,),
        "incidents.retry": (_retry,),
        "incidents.skip": (_skip,),
        "jobs.claim": (_claim,),
        "jobs.extend": (_held(jobs.extend, 60, again=Again.HARMLESS),),
        "jobs.failed": (_held(jobs.failed, "en panne"), _exhausted),
        "jobs.fire": (_held(jobs.fire),),
        "jobs.give_back": (_held(jobs.give_back),),
        "jobs.tidy": (_forget,),
        "letters.attach": (_post,),
        "life.move": (_move,),
        "life.restart": (_restart,),
        "life.resume": (_resume,),
        "life.suspend": (_on_case(life.suspend, "contesté"),),
        "messages.deliver": (_deliver,),
        "messages.send": (_send,),
        "notices.prefer": (_prefer,),
        "notices.reach": (_reach,),
        "operations.answered": (_calling(operations.answered, playing.ANSWER, last=True), _keep),
        "operations.begun": (_calling(operations.begun, again=Again.HARMLESS),),
        "operations.failed": (_calling(operations.failed, "http.404", last=True),),
        "operations.put_off": (_calling(operations.put_off, "en panne"),),
        "revisions.advanced": (_advance,),
        "revisions.revise": (_revise,),
        "sending.late": (_late,),
        "sending.material": (_writing(sending.material, again=Again.HARMLESS),),
        "sending.put_off": (_writing(sending.put_off, "the settings lack mail_server"),),
        "sending.refused": (_writing(sending.refused),),
        "sending.sent": (_writing(sending.sent),),
        "sending.spread": (_spread,),
        "sending.tidy": (_old,),
        "tasks.assign": (_on_task(tasks.assign, "karim"),),
        "tasks.claim": (_on_task(tasks.claim),),
        "tasks.complete": (_on_task(tasks.complete, {"ok": True, "remark": "vu"}), _sign),
        "tasks.release": (_release,),
        "tasks.reopen": (_reopen,),
        "tasks.save_draft": (_on_task(tasks.save_draft, {"remark": "à voir"}),),
    }
)
for _name, _more in crossing.MORE.items():
    ACTS[_name] = (*ACTS[_name], *_more)

QUESTIONS = housekeeping.QUESTIONS | crossing.QUESTIONS | frozenset({
    "actors.listing", "actors.roles", "attachments.content", "attachments.listing",
    "calendars.diff", "calendars.horizon", "calendars.show", "years.proposal",
    "cases.history", "cases.listing", "cases.replay", "cases.search",
    "cases.show", "certificates.listing", "certificates.material", "certificates.show",
    "certificates.verify", "checks.case", "checks.house", "decisions.explain",
    "delays.lapsing", "delays.report", "delays.show", "delegations.listing",
    "revisions.next_cases",
    "externals.listing", "externals.works",
    "incidents.causes", "incidents.listing", "incidents.show",
    "installation.status", "jobs.waiting", "letters.owed", "letters.show", "notices.contact",
    "notices.listing", "notices.show", "offices.listing", "offices.mine",
    "operations.material", "operations.paper", "operations.used", "procedures.export",
    "procedures.listing", "procedures.show", "sending.channel", "tasks.show", "tasks.worklist",
    "views.case", "views.worklist", "wording.procedure", "wording.task",
})  # fmt: skip
