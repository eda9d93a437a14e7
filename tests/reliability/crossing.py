"""What goes from case to case, and what begins by itself: early messages, signals, schedules."""

from typing import Any

from engine.commands import (
    letterbox,
    life,
    messages,
    orders,
    procedures,
    schedules,
    signals,
    starting,
)
from engine.commands.jobs import Job, claim
from engine.operations.signals import BEGIN
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN
from tests.engine.commands.house import bundle, start
from tests.reliability.acting import Act, Acting, Again
from tests.reliability.house import BEGUN, HEARING, SIGNAL, House

_SCHEDULE = '[schedule]\noffices = ["MAR"]\n'


def _keep(house: House) -> Act:
    """A message for a case that does not wait for it yet."""
    reference = house.begun()
    args = ("papers", reference, {"ok": True, "remark": "reçues"})
    return Act(house.desk, messages.send, args, reference, named={"keep": "P7D"})


def _early(house: House) -> tuple[str, int]:
    act = _keep(house)
    house.engine.run(act.by, act.command, *act.args, **act.named)
    assert act.case is not None
    return act.case, house.engine.read(act.by, letterbox.listing).items[0].id


def _take_back(house: House) -> Act:
    reference, message = _early(house)
    return Act(house.desk, letterbox.withdraw, (message, "doublon"), reference)


def _arrive(house: House) -> Act:
    """A token is moved to where a message that came early is waited for."""
    reference, _ = _early(house)
    return Act(ADMIN, life.move, (reference, "A", "M", "à revoir"), reference)


def _deploy(house: House, *parts: str, key: str, toml: str = "") -> None:
    given = bundle(*parts, key=key, code=key[:3].upper(), beside=SIGNAL, toml=toml)
    house.engine.run(ADMIN, procedures.deploy, given)


def _hears(house: House) -> str:
    _deploy(house, *HEARING, key="ecoute")
    return start(house.engine, house.desk, "ecoute").reference


def _send(house: House) -> Act:
    return Act(house.desk, signals.send, ("alerte", {}), _hears(house))


def _taken(house: House, kind: str) -> Job:
    job = house.engine.run(SYSTEM, claim, "w", 60, (kind,))
    assert job is not None
    return job


def _deliver(house: House) -> Act:
    """What was kept at the door of a suspended case."""
    reference = _hears(house)
    house.engine.run(house.desk, life.suspend, reference, "contesté")
    house.engine.run(house.desk, signals.send, "alerte", {})
    work(house.engine)
    house.engine.run(house.desk, life.resume, reference, "jugement")
    job = _taken(house, signals.DELIVERY)
    return Act(SYSTEM, signals.deliver, (job.id, job.lease), reference, Again.LATE)


def _begun(house: House, kind: str) -> Job:
    begun = BEGUN["timer" if kind == schedules.JOB else "signal"]
    _deploy(house, *begun, key="debut", toml=_SCHEDULE)
    if kind == schedules.JOB:
        house.clock.move(days=1)
        return _taken(house, kind)
    house.engine.run(house.desk, signals.send, "alerte", {"n": 1}, "MAR")
    if kind == orders.JOB:
        work(house.engine, kinds=(BEGIN,))
    return _taken(house, kind)


def _on_job(command: Any, kind: str) -> Acting:
    def act(house: House) -> Act:
        job = _begun(house, kind)
        return Act(SYSTEM, command, (job.id, job.lease), again=Again.LATE)

    return act


def _plan(house: House) -> Act:
    _deploy(house, *HEARING, key="debut")
    tomorrow = (house.clock.now.date().toordinal()) + 1
    given = bundle(*BEGUN["timer"], key="debut", code="DEB", beside=SIGNAL, toml=_SCHEDULE)
    day = house.clock.now.date().fromordinal(tomorrow)
    house.engine.run(ADMIN, procedures.deploy, given, day)
    house.clock.move(days=1)
    job = _taken(house, schedules.PLAN)
    return Act(SYSTEM, schedules.plan, (job.id, job.lease), again=Again.LATE)


def _withdraw(house: House) -> Act:
    """A version whose schedule stops."""
    _deploy(house, *BEGUN["timer"], key="debut", toml=_SCHEDULE)
    return Act(ADMIN, procedures.withdraw, ("debut", 1, "remplacée"))


ACTS: dict[str, tuple[Acting, ...]] = {
    "letterbox.withdraw": (_take_back,),
    "signals.send": (_send,),
    "signals.deliver": (_deliver,),
    "signals.begin": (_on_job(signals.begin, BEGIN),),
    "starting.begin": (_on_job(starting.begin, orders.JOB),),
    "schedules.fire": (_on_job(schedules.fire, schedules.JOB),),
    "schedules.plan": (_plan,),
}
# Beside what else these commands are tried on.
MORE: dict[str, tuple[Acting, ...]] = {
    "messages.send": (_keep,), "life.move": (_arrive,), "procedures.withdraw": (_withdraw,),
}  # fmt: skip
QUESTIONS = frozenset({"letterbox.listing", "schedules.listing"})
