"""Facts that the model records (mq:fact), and whether every clock finds those that it names."""

from collections.abc import Iterator

from decisions.clock.law import CANCELLED, FILED, Clock
from decisions.clock.several import heard_by
from decisions.errors import DecisionError
from engine.deployment.clocks import near
from engine.deployment.findings import Finding
from engine.deployment.legal import Legal
from engine.deployment.sentences import finding
from engine.runtime import carrying
from engine.runtime.notation import own_attributes
from processes.clocks import is_kind
from processes.procedure import FILE


def check(legal: Legal) -> Iterator[Finding]:
    """Every fact that is recorded wrongly or in vain, every fact that a clock misses."""
    for key, node in legal.ways.nodes.items():
        own = own_attributes(node)
        if "fact" in own:
            yield from _placed(legal, key, own["fact"])
            yield from _carried(legal, key, own["fact"], own.get("fact-with", ""))
            yield from _proven(legal, key, own)
        else:
            for name in ("fact-with", "fact-at", "fact-proof"):
                if name in own:
                    yield _at(legal, "fact.alone", key, attribute=f"mq:{name}")
    for clock in legal.clocks:
        yield from _missing(legal, clock)
        yield from _out_of_time(legal, clock)


def _at(legal: Legal, code: str, key: str, **words: object) -> Finding:
    return finding(code, legal.ways.scope[key].file, key, **words)


def _placed(legal: Legal, key: str, fact: str) -> Iterator[Finding]:
    count = len(legal.ways.scope[key].outgoing(key))
    if count != (0 if legal.ways.kind(key) == "endEvent" else 1):
        yield _at(legal, "fact.place", key, count=count)
    if not is_kind(fact) or fact in (FILED, CANCELLED) or fact.startswith("clock."):
        yield _at(legal, "fact.kind", key, fact=fact)
        return
    read = {kind for clock in legal.clocks for kind in heard_by(clock)}
    if fact not in read:
        yield _at(legal, "fact.unread", key, fact=fact, known=near(fact, sorted(read)))


def _carried(legal: Legal, key: str, fact: str, text: str) -> Iterator[Finding]:
    """What goes into a fact is known, tells nothing personal, and is what its clocks ask of it."""
    try:
        entries = carrying.entries(text)
    except DecisionError as error:
        yield _at(legal, "fact.with", key, reason=str(error))
        return
    names = [name for name, _ in entries]
    for name in sorted({name for _, expression in entries for name in expression.names}):
        yield from _variable(legal, key, "mq:fact-with", name)
    for clock in legal.clocks:
        if clock.each and clock.each not in names and fact in (*clock.start, *clock.stop):
            yield _at(legal, "clock.each", key, name=clock.name, each=clock.each)
        extension = clock.extension
        if extension and extension.motives and extension.on == fact and "motive" not in names:
            yield _at(legal, "clock.motive", key, name=clock.name, fact=fact)


def _proven(legal: Legal, key: str, own: dict[str, str]) -> Iterator[Finding]:
    if "fact-at" in own:
        yield from _variable(legal, key, "mq:fact-at", own["fact-at"])
    papers = {paper.key for paper in legal.procedure.papers}
    together = ("fact-at" in own) == ("fact-proof" in own)
    if not together or own.get("fact-proof", "") not in papers | {""}:
        yield _at(legal, "fact.proof", key)


def _variable(legal: Legal, key: str, attribute: str, name: str) -> Iterator[Finding]:
    if name not in legal.variables:
        yield _at(legal, "fact.variable", key, attribute=attribute, variable=name)
    elif name in legal.personal:
        yield _at(legal, "fact.personal", key, attribute=attribute, variable=name)


def _missing(legal: Legal, clock: Clock) -> Iterator[Finding]:
    """A start, a suspension or a stop of the office's delay that nothing records."""
    given = {FILED, CANCELLED, *legal.recorders, *(other.lapse for other in legal.clocks)}
    harmless = set(clock.cancel) | (set(clock.stop) if clock.obliged == "applicant" else set())
    for one in clock.suspensions:
        harmless -= {one.on, *one.until}
    for fact in heard_by(clock):
        if fact not in given and not fact.startswith("clock."):
            mild = fact in harmless - set(clock.start)
            code = "clock.fact_unheard" if mild else "clock.fact_unreachable"
            yield finding(code, FILE, f"clock.{clock.name}", name=clock.name, fact=fact)


def _out_of_time(legal: Legal, clock: Clock) -> Iterator[Finding]:
    """A stop, suspension or extension that can be recorded only when the clock does not run."""
    starts = {key for fact in clock.start for key in legal.recorders.get(fact, ())}
    stops = {key for fact in clock.stop for key in legal.recorders.get(fact, ())}
    if not starts:
        return
    while_running = legal.ways.reached(starts, stops)
    inside = [one.on for one in clock.suspensions]
    inside += [clock.extension.on] if clock.extension is not None else []
    for facts, found in ((clock.stop, legal.ways.reached(starts)), (inside, while_running)):
        for fact in dict.fromkeys(facts):
            keys = legal.recorders.get(fact, frozenset())
            if keys and not keys & (found | starts):
                yield finding("clock.fact_order", FILE, f"clock.{clock.name}", name=clock.name,
                              fact=fact)  # fmt: skip
