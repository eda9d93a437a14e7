"""Timers that name a clock: each names one that is there, and no silence is unheard."""

from collections.abc import Iterator, Sequence

from decisions.errors import DecisionError
from engine.deployment.clocks import near
from engine.deployment.findings import Finding
from engine.deployment.legal import Legal
from engine.deployment.sentences import finding
from engine.deployment.trees import Scope, local, tag
from engine.deployment.ways import HUMAN
from engine.runtime import clock_timers
from engine.runtime.clock_timers import ClockTimer
from processes.procedure import FILE


def shape(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """Every timer in whose text a clock stands where it cannot be read."""
    for scope in scopes:
        for key, node in scope.nodes.items():
            for part in node.iterfind(f"{tag('timerEventDefinition')}/*"):
                text = (part.text or "").strip()
                try:
                    timer = clock_timers.read(text)
                except DecisionError:
                    yield finding("clock.longer", scope.file, key, text=text)
                    continue
                if timer is not None and local(part) != "timeDate":
                    yield finding("clock.timer_kind", scope.file, key, kind=local(part), text=text)


def check(legal: Legal) -> Iterator[Finding]:
    """Every timer that names no clock rightly, every end of which nothing or too much comes."""
    for key, timer in legal.timers.items():
        yield from _timer(legal, key, timer)
    for name in dict.fromkeys(c.name for c in legal.clocks if c.silence.effect != "none"):
        if not ends(legal, name):
            yield from _unheard(legal, name)
    yield from _granting(legal)


def _timer(legal: Legal, key: str, timer: ClockTimer) -> Iterator[Finding]:
    file = legal.ways.scope[key].file
    named = [clock for clock in legal.clocks if clock.name == timer.name]
    if not named:
        known = near(timer.name, sorted({clock.name for clock in legal.clocks}))
        yield finding("clock.unknown", file, key, name=timer.name, known=known)
        return
    each = next((clock.each for clock in named if clock.each), "")
    if each and timer.each is None:
        yield finding("clock.each", file, key, name=timer.name, each=each)
    elif timer.each is not None and not each:
        yield finding("clock.once", file, key, name=timer.name)
    known_reminders = {text for clock in named for text in clock.reminders}
    if timer.what == "reminder" and timer.reminder not in known_reminders:
        yield finding("clock.reminder", file, key, name=timer.name, reminder=timer.reminder,
                      known=", ".join(sorted(known_reminders)) or "–")  # fmt: skip


def _unheard(legal: Legal, name: str) -> Iterator[Finding]:
    effects = (clock.silence.effect for clock in legal.clocks if clock.name == name)
    effect = next(effect for effect in effects if effect != "none")
    yield finding("clock.silence_unheard", FILE, f"clock.{name}.silence", name=name, effect=effect)


def _granting(legal: Legal) -> Iterator[Finding]:
    """Where silence means nothing, no certificate is issued after it but by somebody's decision."""
    human = {key for key in legal.ways.nodes if legal.ways.kind(key) in HUMAN}
    granting = legal.issuing("permit")
    for key, timer in legal.timers.items():
        silent = [c for c in legal.clocks if c.name == timer.name and c.silence.effect == "none"]
        if timer.what != "end" or not silent:
            continue
        for issue in sorted(legal.ways.reached([key], human) & granting.keys()):
            yield finding(
                "clock.lapse_grants", legal.ways.scope[key].file, key, name=timer.name,
                certificate=legal.title(granting[issue]),
            )  # fmt: skip


def ends(legal: Legal, name: str) -> list[str]:
    """The timers that wait for the end of a clock."""
    return [k for k, timer in legal.timers.items() if (timer.name, timer.what) == (name, "end")]
