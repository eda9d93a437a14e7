"""What the law asks of delays: one for every request, short enough, one complement, silence."""

from collections.abc import Iterator

from decisions.clock.law import FILED, Clock
from decisions.clock.several import heard_by
from engine.deployment.clocks import most_days
from engine.deployment.findings import Finding
from engine.deployment.legal import Legal
from engine.deployment.sentences import against, finding
from engine.deployment.timing import ends
from engine.deployment.trees import tag
from processes.procedure import FILE


def check(legal: Legal) -> Iterator[Finding]:
    """Every clock, or lack of one, that the law of the jurisdiction does not allow."""
    if (asked := legal.asked("law.no_clock")) and not requests(legal):
        yield against(asked, "law.no_clock", FILE, "clock")
    for clock in legal.clocks:
        place = f"clock.{clock.name}"
        yield from _limit(legal, clock, place)
        yield from _extension(legal, clock, place)
        yield from _silence(legal, clock, place)
    yield from _complements(legal)


def requests(legal: Legal) -> list[Clock]:
    """The clocks against the office that run from the request itself."""
    return [c for c in legal.clocks if c.obliged == "office" and FILED in c.start]


def _limit(legal: Legal, clock: Clock, place: str) -> Iterator[Finding]:
    found = legal.bundle.jurisdiction
    days = most_days(clock.length)
    for limit in found.limits if found is not None and clock.obliged == "office" else ():
        stricter = limit.investment and not legal.procedure.investment
        if days > limit.days and not stricter:
            yield finding(
                "law.delay_too_long", FILE, f"{place}.length", name=clock.name, days=days,
                most=limit.days, article=limit.basis.article,
            )  # fmt: skip
            return


def _extension(legal: Legal, clock: Clock, place: str) -> Iterator[Finding]:
    asked, extension = legal.asked("law.extension_open"), clock.extension
    if asked and extension and (extension.at_most != 1 or not extension.motives):
        yield against(asked, "law.extension_open", FILE, f"{place}.extension", name=clock.name)


def _silence(legal: Legal, clock: Clock, place: str) -> Iterator[Finding]:
    if clock.silence.effect != "consent":
        return
    found, act = legal.bundle.jurisdiction, legal.procedure.act
    listed = found.consents if found is not None else {}
    if (asked := legal.asked("law.silence_not_listed")) and act not in listed:
        yield against(asked, "law.silence_not_listed", FILE, f"{place}.silence", act=act or "–")
    if asked := legal.asked("law.silence_prints_permit"):
        permits = legal.issuing("permit")
        for key in ends(legal, clock.name):
            for issue in sorted(legal.ways.reached([key]) & permits.keys()):
                yield against(
                    asked, "law.silence_prints_permit", legal.ways.scope[key].file, key,
                    certificate=legal.title(permits[issue]),
                )  # fmt: skip


def complements(legal: Legal) -> list[str]:
    """The facts that ask the applicant for more: what stops the office and obliges the applicant,
    or is called a complement."""
    begun = {fact for c in legal.clocks if c.obliged == "applicant" for fact in c.start}
    stopping = [one.on for c in legal.clocks if c.obliged == "office" for one in c.suspensions]
    return [f for f in dict.fromkeys(stopping) if f in begun or f.startswith("complement.")]


def _complements(legal: Legal) -> Iterator[Finding]:
    for fact in complements(legal):
        if asked := legal.asked("law.second_complement"):
            most = [one.at_most for c in legal.clocks for one in c.suspensions if one.on == fact]
            if any(number != 1 for number in most):
                yield against(asked, "law.second_complement", FILE, "clock", fact=fact)
            for key in sorted(legal.recorders.get(fact, ())):
                if _again(legal, key, fact):
                    file = legal.ways.scope[key].file
                    yield against(asked, "law.second_complement", file, key, fact=fact)
        asked = legal.asked("law.complement_without_end")
        if asked and not any(_has_end(legal, c) for c in legal.clocks if fact in c.start):
            yield against(asked, "law.complement_without_end", FILE, "clock", fact=fact)


def _again(legal: Legal, key: str, fact: str) -> bool:
    """Whether a way leads from the step that asks to one that asks again.

    A gateway that asks a variable which the step sets knows that it was asked: it leads no way on.
    """
    knowing = {one for one in legal.ways.nodes if _decides_on(legal, one, legal.sets(key))}
    return bool(legal.ways.reached([key], knowing) & legal.recorders[fact])


def _decides_on(legal: Legal, key: str, variables: frozenset[str]) -> bool:
    if legal.ways.kind(key) != "exclusiveGateway" or not variables:
        return False
    flows = legal.ways.scope[key].outgoing(key)
    texts = (flow.findtext(tag("conditionExpression")) for flow in flows)
    return any(legal.reads(text) & variables for text in texts if text)


def _has_end(legal: Legal, clock: Clock) -> bool:
    """Whether something comes of the end of the applicant's own delay."""
    heard = {fact for other in legal.clocks for fact in heard_by(other)}
    return clock.obliged == "applicant" and (
        clock.lapse in heard or clock.silence.effect != "none" or bool(ends(legal, clock.name))
    )
