"""The cases of one rehearsal, played one against the other until nothing more can happen."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from engine.deployment.findings import WARNING, Finding
from engine.rehearsal.answers import Answers, Given
from engine.rehearsal.surroundings import Rehearsed
from engine.runtime import execution
from engine.runtime.errors import RuntimeRefusal
from engine.runtime.model import Model
from engine.runtime.world import Step, Wait

MOVES, CASES, TURNS, SECONDS = 5_000, 50, 100, 20.0


@dataclass(slots=True)
class Running:
    """One case: the process it runs, and where it stands."""

    process: str
    model: Model
    step: Step

    def waits(self, kind: str) -> list[Wait]:
        """What its tokens wait for of this kind, the oldest first."""
        view = execution.look(self.model, self.step.state)
        found = (wait for wait in view.waits if wait.kind == kind)
        return sorted(found, key=lambda wait: int(wait.token))


class Stage:
    """A rehearsal in progress. `trace` holds the elements completed, in all cases, in order."""

    def __init__(self, models: Mapping[str, Model], world: Rehearsed, answers: Answers) -> None:
        self.models, self.world, self.answers = models, world, answers
        self.cases: list[Running] = []
        self.trace: list[str] = []
        self.findings: list[Finding] = []
        self._kept: list[tuple[Given, Running | None]] = []
        self._turns: Counter[tuple[int, str]] = Counter()
        self._begun: set[tuple[int, str]] = set()

    def play(self, process: str, data: Mapping[str, Any], beside: Sequence[str] = ()) -> None:
        """Begin a case, after those beside it, and go on until everything waits in vain.

        Raises RuntimeRefusal.
        """
        until = monotonic() + SECONDS
        for other in beside:
            self._begin(other, data, None)
        self._begin(process, data, None)
        acts = (
            self._deliver, self._give, self._answer, self._complete, self._offer, self._fire,
            self._call,
        )  # fmt: skip
        for _ in range(MOVES):
            if monotonic() > until or not any(act() for act in acts):
                break
        else:
            until = 0.0
        if monotonic() > until:
            self._tell("", "limit", "the rehearsal was ended: it would go on for too long")

    def _tell(self, element: str, code: str, message: str) -> None:
        finding = Finding("", element, code, message, "Say it in the answers.", WARNING)
        if finding not in self.findings:
            self.findings.append(finding)

    # -- steps --

    def _begin(self, process: str, data: Mapping[str, Any], at: str | None) -> None:
        model = self.models[process]
        step = self._taken(lambda: execution.start(model, data, self.world, at))
        self.cases.append(Running(process, model, step))
        self._sent(self.cases[-1])

    def _move(self, case: Running, verb: str, wait: Wait, *args: Any) -> bool:
        call = getattr(execution, verb)
        case.step = self._taken(
            lambda: call(case.model, case.step.state, wait.token, *args, self.world)
        )
        self._sent(case)
        return True

    def _taken(self, call: Callable[[], Step]) -> Step:
        try:
            step = call()
        except RuntimeRefusal as error:
            self.trace.extend(error.done)
            raise
        self.trace.extend(step.done)
        return step

    def _sent(self, case: Running) -> None:
        for operation, inputs in self.world.sent:
            kind, key = operation.partition(".")[0], inputs.get("key")
            given = Given(kind, str(inputs[kind]), inputs.get("payload") or {}, key)
            self._kept.append((given, case))
        self.world.sent.clear()

    # -- what is sent and given --

    def _deliver(self) -> bool:
        """What the cases have sent: a message stays until somebody waits for it."""
        for entry in list(self._kept):
            given, sender = entry
            if given.kind == "signal":
                self._kept.remove(entry)
                if self._broadcast(given, sender) or self._started(given):
                    return True
            elif self._received(given) or self._started(given):
                self._kept.remove(entry)
                return True
        return False

    def _give(self) -> bool:
        """What the answers give, once somebody waits for it."""
        for given in self._due():
            caught = self._broadcast if given.kind == "signal" else self._received
            if caught(given):
                self.answers.given.remove(given)
                return True
        return False

    def _call(self) -> bool:
        """What the answers give and nobody waits for begins a process."""
        for given in self._due():
            if self._started(given):
                self.answers.given.remove(given)
                return True
        return False

    def _due(self) -> list[Given]:
        return [one for one in self.answers.given if not one.after or one.after in self.trace]

    def _received(self, given: Given) -> bool:
        for case in self.cases:
            for wait in case.waits("message"):
                if wait.name == given.name and given.key in (None, wait.key):
                    return self._move(case, "receive", wait, given.payload)
        return False

    def _broadcast(self, given: Given, sender: Running | None = None) -> bool:
        """To everybody who waits now; the sender's own case has heard it already."""
        heard = [
            (case, wait)
            for case in self.cases
            if case is not sender
            for wait in case.waits("signal")
            if wait.name == given.name
        ]
        for case, wait in heard:
            if wait in case.waits("signal"):
                self._move(case, "signal", wait, given.payload)
        return bool(heard)

    def _started(self, given: Given) -> bool:
        """Begin every process that this signal begins, the first that this message does."""
        found = [
            (process, start)
            for process, model in self.models.items()
            for start in getattr(model, "starts", ())
            if (start.kind, start.name) == (given.kind, given.name)
        ]
        if len(self.cases) >= CASES:
            self._tell("", "limit", f"more than {CASES} cases would be begun")
            return False
        for process, start in found if given.kind == "signal" else found[:1]:
            self._begin(process, given.payload, start.element)
        return bool(found)

    # -- what is answered --

    def _each(self, kind: str) -> Iterator[tuple[Running, Wait]]:
        for case in self.cases:
            for wait in case.waits(kind):
                yield case, wait

    def _answer(self) -> bool:
        for case, wait in self._each("operation"):
            value = self.answers.service(wait.element)
            if value is None:
                message = "no answer is given for its operation: it answered nothing"
                self._tell(wait.element, "unanswered", message)
            if isinstance(value, dict) and set(value) == {"error"}:
                return self._move(case, "fail", wait, str(value["error"]), "as the answers say")
            return self._move(case, "answer", wait, value)
        return False

    def _complete(self) -> bool:
        for case, wait in self._each("task"):
            if wait.element not in self.answers.leave and self._again(case, wait):
                return self._move(case, "complete", wait, self.answers.values(wait.element))
        return False

    def _offer(self) -> bool:
        """Begin what a person may begin: once each, or as the answers order it."""
        for case, wait in self._each("offer"):
            wanted, once = self.answers.offers, (id(case), wait.element)
            if wanted is None and once not in self._begun:
                self._begun.add(once)
                return self._move(case, "choose", wait)
            if wanted and wait.element == wanted[0]:
                self.answers.offers = wanted[1:]
                return self._move(case, "choose", wait)
        return any(self._leave(case, wait) for case, wait in self._each("offer"))

    def _leave(self, case: Running, wait: Wait) -> bool:
        """End an ad-hoc subprocess by hand; one that has a condition says itself when it ends."""
        try:
            return self._move(case, "leave", wait)
        except RuntimeRefusal as error:
            self._tell(wait.element, "offered", error.reason)
            return False

    def _fire(self) -> bool:
        """The timer that is due first: the clock stands at its moment then."""
        timers = [(case, wait) for case, wait in self._each("timer") if self._again(case, wait)]
        if timers:
            case, wait = min(timers, key=lambda one: one[1].due or self.world.now)
            self.world.now = max(self.world.now, wait.due or self.world.now)
            self._turns[self.cases.index(case), wait.element] += 1
            return self._move(case, "fire", wait)
        for case, wait in self._each("clock"):
            return self._move(case, "reach", wait)
        return False

    def _again(self, case: Running, wait: Wait) -> bool:
        """Whether an element has not had its turns yet; said where it has."""
        if self._turns[self.cases.index(case), wait.element] < TURNS:
            return True
        self._tell(wait.element, "limit", f"it came {TURNS} times: it is left waiting")
        return False
