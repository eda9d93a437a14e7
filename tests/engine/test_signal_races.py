"""Signals while many work: each case gets each signal once, whoever hands it over."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from engine.commands import batches, cases, checks, signals
from engine.engine import Engine
from engine.work.worker import SYSTEM, work
from tests.engine.commands.house import Hire, deploy, start
from tests.reliability.invariants import broken
from tests.runtime.models import START, ends, flows, node, user

SIGNAL = '<signal id="s" name="alerte"/>'
EVENT = '<signalEventDefinition signalRef="s"/>'
CASES, WORKERS = 20, 4


def test_many_workers_hand_two_signals_to_each_case_once(engine: Engine, hire: Hire) -> None:
    """The case waits for the signal twice: the second is not taken for the first."""
    hears = (node("intermediateCatchEvent", key, EVENT) for key in ("H", "I"))
    parts = (START, *hears, user("A"), ends("E"), flows("S > H > I > A > E"))
    deploy(engine, *parts, beside=SIGNAL)
    desk = hire("nadia", "desk")
    waits = [start(engine, desk).reference for _ in range(CASES)]
    sent = [engine.run(desk, signals.send, "alerte", {}) for _ in range(2)]
    orders = [one.batch for one in sent if one.batch is not None]
    ready = Barrier(WORKERS)

    def help_out(_: int) -> None:
        ready.wait()
        while any(engine.read(desk, batches.show, one).status != "ended" for one in orders):
            work(engine)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(help_out, range(WORKERS)))
    for reference in waits:
        history = engine.read(desk, cases.history, reference)
        assert [e.kind for e in history].count("signal.received") == 2
        assert len(engine.read(desk, cases.show, reference).tasks) == 1
    assert engine.survey(SYSTEM, checks.house, checks.Depth(replay=True)).violations == ()
    assert broken(engine) == []
